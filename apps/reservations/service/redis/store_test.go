package redis_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/redis"
	"github.com/msur/platform/apps/reservations/service/redistest"
	"github.com/msur/platform/apps/reservations/service/reservations"
)

// seat is the one that everybody wants.
func seat() reservations.Seat { return reservations.Seat{Flight: "werty", Number: "12B"} }

// open opens a store, and counts the calls that Redis failed.
func open(t *testing.T, at redistest.Server) (*redis.Store, *atomic.Int64) {
	t.Helper()

	const connections = 16

	cfg := redis.Config{Host: at.Host(), Port: at.Port(), MaxConnections: connections}
	password, err := redis.PasswordOf(t.Context(), cfg)
	require.NoError(t, err)

	failed := new(atomic.Int64)
	store := redis.Open(cfg, password, func() { failed.Add(1) })

	t.Cleanup(func() { require.NoError(t, store.Close()) })

	return store, failed
}

// before has something happen before each command of a name.
func before(running *miniredis.Miniredis, name string, happens func()) {
	running.Server().SetPreHook(func(_ *server.Peer, command string, _ ...string) bool {
		if command == name {
			happens()
		}

		return false
	})
}

func TestASeatThatChangesHandsWhileItIsGivenBackIsKept(t *testing.T) {
	t.Parallel()

	running, address := redistest.Embedded(t)
	store, _ := open(t, address)
	require.NoError(t, store.Reserve(t.Context(), seat(), "mine"))

	before(running, "EXEC", func() { running.HSet("flights:werty", "12B", "other") })

	require.ErrorIs(t, store.Cancel(t.Context(), seat(), "mine"), reservations.ErrTaken)
	assert.Equal(t, "other", running.HGet("flights:werty", "12B"))
}

func TestAFlightThatNeverRestsIsToldAsSuch(t *testing.T) {
	t.Parallel()

	running, address := redistest.Embedded(t)
	store, failed := open(t, address)
	require.NoError(t, store.Reserve(t.Context(), seat(), "mine"))

	times := 0

	before(running, "EXEC", func() {
		times++
		running.HSet("flights:werty", "1A", strconv.Itoa(times))
	})

	err := store.Cancel(t.Context(), seat(), "mine")

	require.ErrorIs(t, err, reservations.ErrUnavailable)
	require.ErrorContains(t, err, "10 times")
	assert.Equal(t, 10, times)
	assert.Zero(t, failed.Load(), "Redis has done nothing wrong")
}

func TestASeatThatIsGivenBackMeanwhileIsAskedForAgain(t *testing.T) {
	t.Parallel()

	running, address := redistest.Embedded(t)
	store, _ := open(t, address)

	running.HSet("flights:werty", "12B", "other")

	before(running, "HGET", func() { running.HDel("flights:werty", "12B") })

	require.NoError(t, store.Reserve(t.Context(), seat(), "mine"))
}

func TestACallerWhoLeavesIsNoFaultOfRedis(t *testing.T) {
	t.Parallel()

	running, address := redistest.Embedded(t)
	store, failed := open(t, address)

	ctx, leave := context.WithCancel(t.Context())
	leave()

	_, err := store.Reserved(ctx, "werty")
	require.ErrorIs(t, err, context.Canceled)
	assert.Zero(t, failed.Load())

	running.Close()

	_, err = store.Reserved(t.Context(), "werty")
	require.ErrorIs(t, err, reservations.ErrUnavailable)
	assert.Positive(t, failed.Load())
}

// One customer gives a seat back several times at once, as a page does that is sent again, while another wants it: who
// was told that it is theirs must not lose it to what the first had asked for.
func TestASeatIsNotTakenFromItsNextOwner(t *testing.T) {
	t.Parallel()

	const (
		rounds = 300
		times  = 8
	)

	store, _ := open(t, redistest.Real(t).Server)

	for n := range rounds {
		wanted := reservations.Seat{Flight: fmt.Sprintf("flight-%d", n), Number: "12B"}
		require.NoError(t, store.Reserve(t.Context(), wanted, "first"))

		var all sync.WaitGroup

		for range times {
			all.Go(func() {
				// Whether it is free, another's, or contended by now is all the same here.
				_ = store.Cancel(t.Context(), wanted, "first")
			})
		}

		all.Go(func() {
			for t.Context().Err() == nil && store.Reserve(t.Context(), wanted, "second") != nil { //nolint:revive // until then
			}
		})
		all.Wait()

		require.ErrorIs(t, store.Cancel(t.Context(), wanted, "third"), reservations.ErrTaken, "it is second's")
	}
}
