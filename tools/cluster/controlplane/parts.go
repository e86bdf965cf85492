package controlplane

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// parts are parts of the control plane that end together.
type parts struct {
	ctx     context.Context //nolint:containedctx // what ends them
	cancel  context.CancelFunc
	running sync.WaitGroup
	// ended receives the error of the first part that ends unexpectedly.
	ended chan error
}

// newParts returns parts that only stop ends: the end of ctx does not, because the parts must end in order.
func newParts(ctx context.Context) *parts {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))

	return &parts{ctx: running, cancel: cancel, ended: make(chan error, 1)}
}

// part runs until its context ends.
type part = func(context.Context) error

// make creates a part from flags and runs it. The context that it gets at creation ends with the part.
func (p *parts) make(title string, from func(context.Context, []string) (part, error), flags []string) error {
	made, err := from(p.ctx, flags)
	if err != nil {
		return err
	}

	p.run(title, made)

	return nil
}

// run runs a part.
func (p *parts) run(title string, runs part) {
	p.running.Go(func() {
		err := runs(p.ctx)
		if p.ctx.Err() != nil {
			return
		}

		select {
		case p.ended <- fmt.Errorf("%s ended unexpectedly: %w", title, err):
		default: // the first is the one to tell
		}
	})
}

// stop ends the parts and waits up to a time limit.
func (p *parts) stop(grace time.Duration) {
	p.cancel()

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
