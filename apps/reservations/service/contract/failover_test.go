package contract_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/msur/platform/apps/chassis/redis/redistest"
	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A primary that becomes a replica keeps its connections, refuses writes, and answers every PING. The service must
// close the connection, and open one to the new primary.
func TestTheServiceLeavesAPrimaryThatBecameAReplica(t *testing.T) {
	t.Parallel()

	for method, ask := range map[string]func(*testing.T, *contracttest.Service) contracttest.Answer{
		http.MethodPut: func(t *testing.T, s *contracttest.Service) contracttest.Answer {
			t.Helper()

			return reserve(t, s, "1A", "werty", "dfgh")
		},
		http.MethodDelete: func(t *testing.T, s *contracttest.Service) contracttest.Answer {
			t.Helper()

			return cancel(t, s, "12B", "werty", "dfgh")
		},
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()

			first, second := redistest.Real(t), redistest.Real(t)
			proxy := contracttest.NewProxy(t, first.Address)
			s := start(t, redistest.Server{Address: proxy.Address}.Environ("REDIS_MAX_CONNECTIONS=1"))
			require.Equal(t, http.StatusOK, reserve(t, s, "12B", "werty", "dfgh").Status)

			swap(t, first, second)
			proxy.Point(second.Address)

			assert.Equal(t, http.StatusServiceUnavailable, ask(t, s).Status, "the request on the old connection")
			assert.Equal(t, http.StatusOK, ask(t, s).Status)
			assert.Equal(t, http.StatusOK, s.Ask(t, contracttest.Request(t, http.MethodGet, "/health", "")).Status)
		})
	}
}

// swap makes the second server the primary of the first, with the same data.
func swap(t *testing.T, first, second *redistest.Redis) {
	t.Helper()

	replica, primary := client(t, first), client(t, second)

	held, err := replica.Dump(t.Context(), "flights:werty").Result()
	require.NoError(t, err)
	require.NoError(t, primary.Restore(t.Context(), "flights:werty", 0, held).Err())
	require.NoError(t, primary.ConfigSet(t.Context(), "repl-diskless-sync-delay", "0").Err())
	// The process that rewrites the file would outlive a server that is killed.
	require.NoError(t, replica.ConfigSet(t.Context(), "appendonly", "no").Err())
	require.NoError(t, replica.Do(t.Context(), "REPLICAOF", second.Host(), strconv.Itoa(second.Port())).Err())
	require.Eventually(t, func() bool {
		return strings.Contains(replica.Info(t.Context(), "replication").Val(), "master_link_status:up")
	}, patience, tick, "waiting for the replica")
}

// client returns a client of a server.
func client(t testing.TB, store *redistest.Redis) *goredis.Client {
	t.Helper()

	c := goredis.NewClient(&goredis.Options{Addr: store.Address})

	t.Cleanup(func() { require.NoError(t, c.Close()) })

	return c
}
