package mysql_test

import (
	"context"
	"database/sql/driver"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/mysql"
)

// counter counts connections, and opens none.
type counter struct {
	driver.Connector

	opened int
}

func (c *counter) Connect(context.Context) (driver.Conn, error) {
	c.opened++

	return connection{}, nil
}

type connection struct{ driver.Conn }

func (connection) Close() error { return nil }

func TestConnectionsAreReplacedAfterFiveMinutesAndClosedWhenIdle(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		busy := new(counter)

		db := mysql.Pool(busy, 2)
		defer db.Close()

		const step = 30 * time.Second

		for past := time.Duration(0); past <= 10*time.Minute; past += step {
			require.NoError(t, db.PingContext(t.Context()))
			assert.Equal(t, 1+int(past/(5*time.Minute+step)), busy.opened, past)
			time.Sleep(step)
		}

		time.Sleep(2 * time.Minute)
		assert.Zero(t, db.Stats().OpenConnections)
	})
}

func TestThePoolHasOneMoreConnectionThanRequests(t *testing.T) {
	t.Parallel()

	db := mysql.Pool(new(counter), 2)
	defer db.Close()

	for range 3 {
		_, err := db.Conn(t.Context())
		require.NoError(t, err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()

	_, err := db.Conn(ctx)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}
