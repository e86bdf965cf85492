// Package level runs level-triggered reconcilers: each change triggers a reconciliation of everything, so that the
// result does not depend on which changes were observed.
package level

import (
	"context"
	"fmt"
	"io"
	"time"

	"k8s.io/client-go/tools/cache"
)

// again is the delay before a failed reconciliation is repeated.
const again = time.Second

// Run calls do when the informers are synced, and after each change that they observe, until ctx ends. It prints errors
// and tries again.
func Run(
	ctx context.Context, out io.Writer, title string, informers []cache.SharedIndexInformer, do func() error,
) error {
	changed := make(signal, 1)
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { changed.send() },
		UpdateFunc: func(_, _ any) { changed.send() },
		DeleteFunc: func(any) { changed.send() },
	}

	for _, informer := range informers {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return fmt.Errorf("watching for %s: %w", title, err)
		}

		go informer.RunWithContext(ctx)
	}

	for _, informer := range informers {
		if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
			return nil // ctx has ended
		}
	}

	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}

		if err := do(); err != nil && ctx.Err() == nil {
			fmt.Fprintf(out, "%s: %v\n", title, err)
			time.AfterFunc(again, changed.send)
		}
	}
}

// signal signals changes. Several changes before a reconciliation count as one.
type signal chan struct{}

func (s signal) send() {
	select {
	case s <- struct{}{}:
	default:
	}
}
