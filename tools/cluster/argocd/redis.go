package argocd

import (
	"context"
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// startRedis starts a Redis in memory that ends with ctx. miniredis has no clock of its own, so startRedis advances it:
// otherwise, Argo CD's cached entries, such as the commit of a branch, would never expire.
func startRedis(ctx context.Context) (*miniredis.Miniredis, error) {
	store := miniredis.NewMiniRedis()
	if err := store.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("starting Argo CD's Redis: %w", err)
	}

	const tick = 200 * time.Millisecond

	go func() {
		defer store.Close()

		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(tick):
				store.FastForward(tick)
			}
		}
	}()

	return store, nil
}
