package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/msur/platform/apps/flights/service/flights"
)

const (
	// waitForPlace is how long a request waits for a connection that is free: longer than that the pool is too small
	// for what is asked, and waiting would help nobody.
	waitForPlace = time.Second
	// lifetime spreads the connections over the replicas of a database again, after one was away.
	lifetime = 5 * time.Minute
	idleTime = time.Minute
)

var errPoolFull = fmt.Errorf("%w: all connections are in use (MYSQL_MAX_CONNECTIONS)", flights.ErrUnavailable)

// Pool makes a bounded pool. It connects as it is used.
func Pool(connector driver.Connector, most int) *sql.DB {
	db := sql.OpenDB(connector)
	// One more than there are places, for the health check: a service that is busy is not ill.
	db.SetMaxOpenConns(most + 1)
	db.SetMaxIdleConns(most + 1)
	db.SetConnMaxLifetime(lifetime)
	db.SetConnMaxIdleTime(idleTime)

	return db
}

// enter waits for a place in the pool, to be left with the function that it returns. The pool itself would let a
// request wait until its deadline, and not say for what.
func (s *Store) enter(ctx context.Context) (func(), error) {
	leave := func() { <-s.places }

	select {
	case s.places <- struct{}{}:
		return leave, nil
	default:
	}

	patience, cancel := context.WithTimeout(ctx, waitForPlace)
	defer cancel()

	select {
	case s.places <- struct{}{}:
		return leave, nil
	case <-patience.Done():
		if ctx.Err() != nil {
			return nil, fmt.Errorf("waiting for a connection: %w", ctx.Err())
		}

		return nil, errPoolFull
	}
}

// passing are the answers of MySQL and MariaDB where asking again can help.
func passing() []uint16 {
	return []uint16{
		// A new connection is refused: there are too many, or too many of this user's; or the password is another by now.
		1040, 1203, 1226, 1045,
		// Nothing has been migrated yet: there is no database, the user may not see it or its tables, or there are none.
		1049, 1044, 1142, 1146,
		// The server shuts down, or the connection of the statement was killed.
		1053, 1317, 1927,
	}
}

// explain makes flights.ErrUnavailable of the errors that pass.
func explain(ctx context.Context, err error) error {
	var answer *mysql.MySQLError

	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w (%w)", ctx.Err(), err)
	case errors.Is(err, errUnreadable):
		return err
	case errors.As(err, &answer) && !slices.Contains(passing(), answer.Number):
		return err
	default: // where the database has not answered, the connection failed
		return fmt.Errorf("%w: %w", flights.ErrUnavailable, err)
	}
}
