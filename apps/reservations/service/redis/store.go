package redis

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/redis/go-redis/v9"

	"github.com/msur/platform/apps/reservations/service/reservations"
)

// Store is a reservations.Store.
type Store struct {
	pool *redis.Client
	// probe has one connection, for the health check: a service that is busy is not ill.
	probe *redis.Client
	// failed is told of each call that failed.
	failed func()
}

// Open makes a store. It connects as it is used, and calls failed for each call that fails.
func Open(cfg Config, password Password, failed func()) *Store {
	return &Store{pool: client(cfg, password, cfg.MaxConnections), probe: client(cfg, password, 1), failed: failed}
}

// Close closes all connections.
func (s *Store) Close() error {
	return errors.Join(s.pool.Close(), s.probe.Close())
}

// key is where the seats of a flight are, as in the book.
func key(flight string) string { return "flights:" + flight }

// Reserved finds the seats of a flight that are taken.
func (s *Store) Reserved(ctx context.Context, flight string) ([]string, error) {
	seats, err := s.pool.HKeys(ctx, key(flight)).Result()

	return seats, s.explain(ctx, err)
}

// Reserve gives a seat to whoever asks first. Within a transaction, whose it is stands once it was asked for.
func (s *Store) Reserve(ctx context.Context, seat reservations.Seat, customer string) error {
	var owner *redis.StringCmd

	_, err := s.pool.TxPipelined(ctx, func(all redis.Pipeliner) error {
		all.HSetNX(ctx, key(seat.Flight), seat.Number, customer)
		owner = all.HGet(ctx, key(seat.Flight), seat.Number)

		return nil
	})
	if err != nil {
		return s.explain(ctx, err)
	}

	if owner.Val() != customer {
		return reservations.ErrTaken
	}

	return nil
}

// attempts are how often a seat is looked at again because the flight has changed between look and deed.
const attempts = 10

var errContended = fmt.Errorf("%w: the flight changed %d times while a seat was given back",
	reservations.ErrUnavailable, attempts)

// Cancel takes a seat back, if nothing of the flight has changed since it was seen to be the customer's.
func (s *Store) Cancel(ctx context.Context, seat reservations.Seat, customer string) error {
	for range attempts {
		err := s.pool.Watch(ctx, func(tx *redis.Tx) error { return cancel(ctx, tx, seat, customer) }, key(seat.Flight))

		switch {
		case errors.Is(err, redis.TxFailedErr):
		case errors.Is(err, reservations.ErrTaken), errors.Is(err, reservations.ErrFree):
			return err //nolint:wrapcheck // it is cancel's
		default:
			return s.explain(ctx, err)
		}
	}

	s.failed()

	return errContended
}

func cancel(ctx context.Context, tx *redis.Tx, seat reservations.Seat, customer string) error {
	switch owner, err := tx.HGet(ctx, key(seat.Flight), seat.Number).Result(); {
	case errors.Is(err, redis.Nil):
		return reservations.ErrFree
	case err != nil:
		return err //nolint:wrapcheck // explain does
	case owner != customer:
		return reservations.ErrTaken
	}

	_, err := tx.TxPipelined(ctx, func(all redis.Pipeliner) error {
		all.HDel(ctx, key(seat.Flight), seat.Number)

		return nil
	})

	return err //nolint:wrapcheck // explain does
}

// Check asks whether the store answers whom the service logs in as.
func (s *Store) Check(ctx context.Context) error {
	return s.explain(ctx, s.probe.Ping(ctx).Err())
}

// explain makes reservations.ErrUnavailable of the errors that pass: all but those that Redis would answer for ever.
func (s *Store) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}

	s.failed()

	late, isNet := errors.AsType[net.Error](err)
	_, isAnswer := errors.AsType[redis.Error](err)

	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("asking Redis: %w (%w)", ctx.Err(), err)
	case isNet && late.Timeout():
		return fmt.Errorf("asking Redis: %w (%w)", context.DeadlineExceeded, err)
	case isAnswer && !passes(err):
		return fmt.Errorf("asking Redis: %w", err)
	default:
		return fmt.Errorf("asking Redis: %w: %w", reservations.ErrUnavailable, err)
	}
}

// passes tells the answers of a Redis that starts, fails over, is full or has another password by now.
func passes(err error) bool {
	return redis.IsLoadingError(err) || redis.IsReadOnlyError(err) || redis.IsMasterDownError(err) ||
		redis.IsClusterDownError(err) || redis.IsTryAgainError(err) || redis.IsMaxClientsError(err) ||
		redis.IsOOMError(err) || redis.IsNoReplicasError(err) || redis.IsAuthError(err) ||
		redis.IsExecAbortError(err) // a transaction that met one of them
}
