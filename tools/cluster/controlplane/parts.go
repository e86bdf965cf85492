package controlplane

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// parts are parts of the control plane that end together.
type parts struct {
	ctx     context.Context //nolint:containedctx // it ends the parts
	cancel  context.CancelCauseFunc
	running sync.WaitGroup
}

// newParts returns parts that only stop ends, or the unexpected end of one of them. The end of ctx does not, because
// the parts must end in order.
func newParts(ctx context.Context) *parts {
	running, cancel := context.WithCancelCause(context.WithoutCancel(ctx))

	return &parts{ctx: running, cancel: cancel}
}

// run runs a part. Its unexpected end becomes the cause of the context's end.
func (p *parts) run(title string, part func(context.Context) error) {
	p.running.Go(func() { p.cancel(fmt.Errorf("%s ended unexpectedly: %w", title, part(p.ctx))) })
}

// cause returns the error of the part that ended unexpectedly first, if any did.
func (p *parts) cause() error { return context.Cause(p.ctx) }

// stop ends the parts and waits up to a time limit.
func (p *parts) stop(grace time.Duration) {
	p.cancel(nil)

	ended := make(chan struct{})

	go func() {
		p.running.Wait()
		close(ended)
	}()

	select {
	case <-ended:
	case <-time.After(grace):
	}
}
