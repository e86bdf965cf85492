package store_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
	"github.com/msur/platform/apps/chassis/redis"
	"github.com/msur/platform/apps/chassis/redis/redistest"
	"github.com/msur/platform/apps/chassis/stores"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/reservations"
	"github.com/msur/platform/apps/reservations/service/store"
)

// seat is the seat that all customers want.
func seat() reservations.Seat { return reservations.Seat{Flight: "werty", Number: "12B"} }

// open returns a store, and how many calls Redis has failed.
func open(t *testing.T, server redistest.Server) (*store.Store, *atomic.Int64) {
	t.Helper()

	password := func(context.Context) (string, error) { return "", nil }
	failed := new(atomic.Int64)
	pool := redis.NewStore(redis.Config{
		Config: stores.Config{Host: server.Host(), Port: server.Port(), MaxConnections: 16},
	}, password,
		func() { failed.Add(1) })

	t.Cleanup(func() { require.NoError(t, pool.Close()) })

	return store.New(pool), failed
}

// before calls do before each command of a name.
func before(running *miniredis.Miniredis, name string, do func()) {
	running.Server().SetPreHook(func(_ *server.Peer, command string, _ ...string) bool {
		if command == name {
			do()
		}

		return false
	})
}

func TestASeatThatChangesHandsDuringItsCancellationIsKept(t *testing.T) {
	t.Parallel()

	running, address := redistest.Embedded(t)
	s, _ := open(t, address)
	require.NoError(t, s.Reserve(t.Context(), seat(), "mine"))

	before(running, "EXEC", func() { running.HSet("flights:werty", "12B", "other") })

	require.ErrorIs(t, s.Cancel(t.Context(), seat(), "mine"), reservations.ErrTaken)
	assert.Equal(t, "other", running.HGet("flights:werty", "12B"))
}

func TestAFlightThatKeepsChangingIsUnavailable(t *testing.T) {
	t.Parallel()

	running, address := redistest.Embedded(t)
	s, failed := open(t, address)
	require.NoError(t, s.Reserve(t.Context(), seat(), "mine"))

	times := 0

	before(running, "EXEC", func() {
		times++
		running.HSet("flights:werty", "1A", strconv.Itoa(times))
	})

	err := s.Cancel(t.Context(), seat(), "mine")

	require.ErrorIs(t, err, stores.ErrUnavailable)
	require.ErrorContains(t, err, "10 times")
	assert.Equal(t, 10, times)
	assert.Zero(t, failed.Load(), "not a failure of Redis")
}

func TestASeatThatIsCancelledMeanwhileIsReserved(t *testing.T) {
	t.Parallel()

	running, address := redistest.Embedded(t)
	s, _ := open(t, address)

	running.HSet("flights:werty", "12B", "other")

	before(running, "HGET", func() { running.HDel("flights:werty", "12B") })

	require.NoError(t, s.Reserve(t.Context(), seat(), "mine"))
}

// One customer cancels a seat several times at once, as a page does that is sent again, while another customer wants
// it. The second customer must not lose the seat to a late cancellation.
func TestASeatIsNotTakenFromItsNextOwner(t *testing.T) {
	t.Parallel()

	const (
		rounds = 300
		times  = 8
	)

	s, _ := open(t, redistest.Real(t).Server)

	for n := range rounds {
		wanted := reservations.Seat{Flight: fmt.Sprintf("flight-%d", n), Number: "12B"}
		require.NoError(t, s.Reserve(t.Context(), wanted, "first"))

		var all sync.WaitGroup

		for range times {
			all.Go(func() {
				// Any result will do.
				_ = s.Cancel(t.Context(), wanted, "first")
			})
		}

		all.Go(func() {
			for t.Context().Err() == nil && s.Reserve(t.Context(), wanted, "second") != nil { //nolint:revive // until then
			}
		})
		all.Wait()

		require.ErrorIs(t, s.Cancel(t.Context(), wanted, "third"), reservations.ErrTaken, "the second customer has it")
	}
}
