package argocd

import (
	"context"
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// startRedis starts a Redis in memory that ends with ctx. Its time would stand still: nothing that Argo CD has cached
// would ever expire, the commit of a branch least of all.
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
