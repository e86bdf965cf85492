package contract_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/redistest"
)

// A primary that becomes a replica keeps its connections, refuses to write, and answers every PING. The service lets go
// of it, and asks whom the address leads to by now.
func TestAPrimaryThatIsOneNoLongerIsLetGo(t *testing.T) {
	t.Parallel()

	for method, ask := range map[string]func(*testing.T, *contracttest.Service) contracttest.Answer{
		http.MethodPut: func(t *testing.T, s *contracttest.Service) contracttest.Answer {
			t.Helper()

			return reserve(t, s, "1A", "werty", "dfgh")
		},
		http.MethodDelete: func(t *testing.T, s *contracttest.Service) contracttest.Answer {
			t.Helper()

			return giveBack(t, s, "12B", "werty", "dfgh")
		},
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()

			first, second := redistest.Real(t), redistest.Real(t)
			front := redistest.Before(t, first.Server)
			s := start(t, front.Environ("REDIS_MAX_CONNECTIONS=1"))
			require.Equal(t, http.StatusOK, reserve(t, s, "12B", "werty", "dfgh").Status)

			swap(t, first, second)
			front.Point(second.Server)

			assert.Equal(t, http.StatusServiceUnavailable, ask(t, s).Status, "what had a connection is told to come again")
			assert.Equal(t, http.StatusOK, ask(t, s).Status)
			assert.Equal(t, http.StatusOK, s.Ask(t, contracttest.Request(t, http.MethodGet, "/health", "")).Status)
		})
	}
}

// swap makes the second server the primary of the first, with what that held.
func swap(t *testing.T, first, second *redistest.Redis) {
	t.Helper()

	was, is := client(t, first), client(t, second)

	held, err := was.Dump(t.Context(), "flights:werty").Result()
	require.NoError(t, err)
	require.NoError(t, is.Restore(t.Context(), "flights:werty", 0, held).Err())
	require.NoError(t, is.ConfigSet(t.Context(), "repl-diskless-sync-delay", "0").Err())
	// A process of its own would write it anew, and outlive a server that is killed.
	require.NoError(t, was.ConfigSet(t.Context(), "appendonly", "no").Err())
	require.NoError(t, was.Do(t.Context(), "REPLICAOF", second.Host(), strconv.Itoa(second.Port())).Err())
	require.Eventually(t, func() bool {
		return strings.Contains(was.Info(t.Context(), "replication").Val(), "master_link_status:up")
	}, patience, tick, "awaited that the replica has what its primary has")
}

// client asks a server what the service does not.
func client(t testing.TB, store *redistest.Redis) *goredis.Client {
	t.Helper()

	c := goredis.NewClient(&goredis.Options{Addr: store.Address})

	t.Cleanup(func() { require.NoError(t, c.Close()) })

	return c
}
