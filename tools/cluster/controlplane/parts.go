package controlplane

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// parts are running parts of the control plane that end together.
type parts struct {
	ctx     context.Context //nolint:containedctx // what ends them
	cancel  context.CancelFunc
	running sync.WaitGroup
	// ended has what became of the first part that has ended without being told to.
	ended chan error
}

// newParts makes parts that the end of ctx does not end: only stop does, in its order.
func newParts(ctx context.Context) *parts {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))

	return &parts{ctx: running, cancel: cancel, ended: make(chan error, 1)}
}

// part runs until its context ends.
type part = func(context.Context) error

// make makes one more of flags, and runs it. What it makes for itself lives as long as it runs.
func (p *parts) make(title string, from func(context.Context, []string) (part, error), flags []string) error {
	made, err := from(p.ctx, flags)
	if err != nil {
		return err
	}

	p.run(title, made)

	return nil
}

// run runs one more.
func (p *parts) run(title string, runs part) {
	p.running.Go(func() {
		err := runs(p.ctx)
		if p.ctx.Err() != nil {
			return
		}

		select {
		case p.ended <- fmt.Errorf("%s has ended: %w", title, err):
		default: // the first is the one to tell
		}
	})
}

// stop ends them, and waits for that as long as it may take.
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
