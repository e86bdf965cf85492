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

	for _, informer := range informers {
		if _, err := informer.AddEventHandler(changed); err != nil {
			return fmt.Errorf("watching for %s: %w", title, err)
		}

		go informer.RunWithContext(ctx)
	}

	for _, informer := range informers {
		if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
			return nil // it ends before it began
		}
	}

	for changed.await(ctx) {
		if err := do(); err != nil && ctx.Err() == nil {
			fmt.Fprintf(out, "%s: %v\n", title, err)
			time.AfterFunc(again, changed.give)
		}
	}

	return nil
}

// signal signals changes. Several changes before it is received count as one.
type signal chan struct{}

// OnAdd signals an existing or created object.
func (s signal) OnAdd(any, bool) { s.give() }

// OnUpdate signals a changed object.
func (s signal) OnUpdate(_, _ any) { s.give() }

// OnDelete signals a deleted object.
func (s signal) OnDelete(any) { s.give() }

func (s signal) give() {
	select {
	case s <- struct{}{}:
	default: // it is to be looked at anyway
	}
}

// await waits for the signal, and returns false when ctx has ended.
func (s signal) await(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-s:
		return true
	}
}
