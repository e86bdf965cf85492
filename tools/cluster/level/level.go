// Package level runs what brings a cluster to what it should be: all of it is looked at again whenever something has
// changed, so that nothing depends on which change was seen.
package level

import (
	"context"
	"fmt"
	"io"
	"time"

	"k8s.io/client-go/tools/cache"
)

// again is when what failed is tried again.
const again = time.Second

// Run calls do once the informers know what there is, and then after each change that they see, until ctx ends. What
// fails is told, and tried again.
func Run(
	ctx context.Context, told io.Writer, title string, informers []cache.SharedIndexInformer, do func() error,
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
			fmt.Fprintf(told, "%s: %v\n", title, err)
			time.AfterFunc(again, changed.give)
		}
	}

	return nil
}

// signal is that something has changed: given once or often, it is taken once.
type signal chan struct{}

// OnAdd is told of an object that is there.
func (s signal) OnAdd(any, bool) { s.give() }

// OnUpdate is told of an object that has changed.
func (s signal) OnUpdate(_, _ any) { s.give() }

// OnDelete is told of an object that is gone.
func (s signal) OnDelete(any) { s.give() }

func (s signal) give() {
	select {
	case s <- struct{}{}:
	default: // it is to be looked at anyway
	}
}

// await waits for the signal, and reports whether there is one: there is none any more when ctx has ended.
func (s signal) await(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-s:
		return true
	}
}
