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
func Run(ctx context.Context, told io.Writer, title string, informers []cache.SharedIndexInformer, do func() error) error {
	changed := make(chan struct{}, 1)
	touch := func() {
		select {
		case changed <- struct{}{}:
		default: // it is to be looked at anyway
		}
	}

	for _, informer := range informers {
		_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc:    func(any) { touch() },
			UpdateFunc: func(any, any) { touch() },
			DeleteFunc: func(any) { touch() },
		})
		if err != nil {
			return fmt.Errorf("watching for %s: %w", title, err)
		}

		go informer.RunWithContext(ctx)
	}

	for _, informer := range informers {
		if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
			return nil // it ends before it began
		}
	}

	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}

		if err := do(); err != nil && ctx.Err() == nil {
			fmt.Fprintf(told, "%s: %v\n", title, err)
			time.AfterFunc(again, touch)
		}
	}
}
