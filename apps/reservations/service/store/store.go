// Package store keeps reservations in Redis: a hash for each flight, with the customer of each seat.
package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/msur/platform/apps/chassis/redis"
	"github.com/msur/platform/apps/chassis/stores"
	goredis "github.com/redis/go-redis/v9"

	"github.com/msur/platform/apps/reservations/service/reservations"
)

// Store is a reservations.Store.
type Store struct{ pool *redis.Store }

// New returns a store.
func New(pool *redis.Store) *Store { return &Store{pool: pool} }

// key is the hash of a flight, as in the book.
func key(flight string) string { return "flights:" + flight }

// Reserved returns the reserved seats of a flight.
func (s *Store) Reserved(ctx context.Context, flight string) ([]string, error) {
	seats, err := s.pool.HKeys(ctx, key(flight)).Result()

	return seats, s.pool.Classify(ctx, err)
}

// Reserve gives a seat to the first customer who asks for it.
func (s *Store) Reserve(ctx context.Context, seat reservations.Seat, customer string) error {
	return s.retry(ctx, func() error {
		var (
			set   *goredis.BoolCmd
			owner *goredis.StringCmd
		)

		// Not a transaction: a replica refuses one with EXECABORT, and the client would keep the connection to it.
		_, err := s.pool.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
			set = pipe.HSetNX(ctx, key(seat.Flight), seat.Number, customer)
			owner = pipe.HGet(ctx, key(seat.Flight), seat.Number)

			return nil
		})

		switch {
		case set.Val():
			return nil
		case errors.Is(err, goredis.Nil):
			return errChanged
		case err != nil:
			return err
		case owner.Val() != customer:
			return reservations.ErrTaken
		default:
			return nil
		}
	})
}

// Cancel cancels a customer's reservation, unless the flight has changed since the reservation was read.
func (s *Store) Cancel(ctx context.Context, seat reservations.Seat, customer string) error {
	return s.retry(ctx, func() error {
		err := s.pool.Watch(ctx, func(tx *goredis.Tx) error { return cancel(ctx, tx, seat, customer) }, key(seat.Flight))
		if errors.Is(err, goredis.TxFailedErr) {
			return errChanged
		}

		return err
	})
}

func cancel(ctx context.Context, tx *goredis.Tx, seat reservations.Seat, customer string) error {
	var owner *goredis.StringCmd

	_, err := tx.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		// No seat has this number. A replica refuses the command with READONLY, after which the client closes the
		// connection. It would not close it after a replica's answer to the transaction.
		pipe.HDel(ctx, key(seat.Flight), "")
		owner = pipe.HGet(ctx, key(seat.Flight), seat.Number)

		return nil
	})

	switch {
	case errors.Is(err, goredis.Nil):
		return reservations.ErrFree
	case err != nil:
		return err
	case owner.Val() != customer:
		return reservations.ErrTaken
	}

	_, err = tx.TxPipelined(ctx, func(pipe goredis.Pipeliner) error {
		pipe.HDel(ctx, key(seat.Flight), seat.Number)

		return nil
	})

	return err
}

const attempts = 10

var (
	errChanged   = errors.New("the flight changed between reading and writing")
	errContended = fmt.Errorf("%w: %w, %d times", stores.ErrUnavailable, errChanged, attempts)
)

// retry repeats an attempt as long as another request changes the flight meanwhile. Each waits for a random time, so
// that contending requests spread out.
func (s *Store) retry(ctx context.Context, attempt func() error) error {
	for n := range attempts {
		err := attempt()

		switch {
		case errors.Is(err, reservations.ErrTaken), errors.Is(err, reservations.ErrFree):
			return err
		case !errors.Is(err, errChanged):
			return s.pool.Classify(ctx, err)
		}

		const backoff = 5 * time.Millisecond

		select {
		case <-ctx.Done():
		case <-time.After(rand.N(time.Duration(n+1) * backoff)): //nolint:gosec // not a secret
		}
	}

	return errContended
}
