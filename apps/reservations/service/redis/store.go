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
	// failed is told of each call that Redis failed.
	failed func()
}

// Open makes a store. It connects as it is used, and calls failed for each call that Redis fails.
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

// Reserve gives a seat to whoever asks first.
func (s *Store) Reserve(ctx context.Context, seat reservations.Seat, customer string) error {
	return s.settle(ctx, func() error {
		var (
			given *redis.BoolCmd
			owner *redis.StringCmd
		)

		// No transaction: a replica that refuses one says EXECABORT, and the library would keep the connection to it.
		_, err := s.pool.Pipelined(ctx, func(all redis.Pipeliner) error {
			given = all.HSetNX(ctx, key(seat.Flight), seat.Number, customer)
			owner = all.HGet(ctx, key(seat.Flight), seat.Number)

			return nil
		})

		switch {
		case given.Val():
			return nil
		case errors.Is(err, redis.Nil):
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

// Cancel takes a seat back, if nothing of the flight has changed since it was seen to be the customer's.
func (s *Store) Cancel(ctx context.Context, seat reservations.Seat, customer string) error {
	return s.settle(ctx, func() error {
		err := s.pool.Watch(ctx, func(tx *redis.Tx) error { return cancel(ctx, tx, seat, customer) }, key(seat.Flight))
		if errors.Is(err, redis.TxFailedErr) {
			return errChanged
		}

		return err
	})
}

func cancel(ctx context.Context, tx *redis.Tx, seat reservations.Seat, customer string) error {
	var owner *redis.StringCmd

	_, err := tx.Pipelined(ctx, func(all redis.Pipeliner) error {
		// No seat has this number. A replica refuses it with READONLY, upon which the library lets go of the connection;
		// it would not upon what a replica says to the transaction.
		all.HDel(ctx, key(seat.Flight), "")
		owner = all.HGet(ctx, key(seat.Flight), seat.Number)

		return nil
	})

	switch {
	case errors.Is(err, redis.Nil):
		return reservations.ErrFree
	case err != nil:
		return err
	case owner.Val() != customer:
		return reservations.ErrTaken
	}

	_, err = tx.TxPipelined(ctx, func(all redis.Pipeliner) error {
		all.HDel(ctx, key(seat.Flight), seat.Number)

		return nil
	})

	return err
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

	// A caller who left and a pool that is too small say nothing of Redis.
	if !errors.Is(ctx.Err(), context.Canceled) && !errors.Is(err, redis.ErrPoolTimeout) {
		s.failed()
	}

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
