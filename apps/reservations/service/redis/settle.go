package redis

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/msur/platform/apps/reservations/service/reservations"
)

const (
	// attempts are how often a seat is looked at again because it or its flight has changed between look and deed.
	attempts = 10
	// backoff is how much longer than before the next attempt may wait.
	backoff = 5 * time.Millisecond
)

var (
	errChanged   = errors.New("the flight changed between look and deed")
	errContended = fmt.Errorf("%w: %w, %d times", reservations.ErrUnavailable, errChanged, attempts)
)

// settle tries until nothing changes meanwhile. Those who are in each other's way wait for different times.
func (s *Store) settle(ctx context.Context, try func() error) error {
	for n := range attempts {
		err := try()

		switch {
		case errors.Is(err, reservations.ErrTaken), errors.Is(err, reservations.ErrFree):
			return err
		case !errors.Is(err, errChanged):
			return s.explain(ctx, err)
		}

		select {
		case <-ctx.Done():
		case <-time.After(rand.N(time.Duration(n+1) * backoff)): //nolint:gosec // no secret
		}
	}

	return errContended
}
