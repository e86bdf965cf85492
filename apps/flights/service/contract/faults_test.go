package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// behindProxy starts a service with a proxy in front of its database.
func behindProxy(t *testing.T, settings ...string) (*service, *contracttest.Proxy) {
	t.Helper()

	database := embedded(t)
	p := contracttest.NewProxy(t, database.Address)
	database.Address = p.Address

	s := start(t, database.Environ(settings...))
	s.recovers(t)

	return s, p
}

func TestASlowDatabaseIsNotAwaitedBeyondTheDeadline(t *testing.T) {
	t.Parallel()

	s, p := behindProxy(t, "REQUEST_TIMEOUT=300ms")
	p.Hold.Lock()

	a := s.get(t, anyFlight)

	p.Hold.Unlock()
	assert.Equal(t, http.StatusGatewayTimeout, a.Status, a.Body)
	assert.Contains(t, a.Body, "the answer took too long")
	s.recovers(t)
}

func TestAConnectionThatIsResetDuringARequestGets503(t *testing.T) {
	t.Parallel()

	s, p := behindProxy(t)
	p.Hold.Lock()

	asked := s.getLater(t, anyFlight)

	assertConnected(t, s)
	p.Reset()
	p.Hold.Unlock()
	assertUnavailable(t, <-asked)
	assert.Contains(t, s.metrics(t), `dependency_errors_total{dependency="mysql"} 1`)
	s.recovers(t)
}

// assertNoFailure asserts that the database was not counted as failing.
func assertNoFailure(t *testing.T, s *service) {
	t.Helper()
	assert.NotContains(t, s.metrics(t), "dependency_errors_total")
}

func TestAFullPoolGets503(t *testing.T) {
	t.Parallel()

	s, p := behindProxy(t, "MYSQL_MAX_CONNECTIONS=1", "REQUEST_TIMEOUT=20s")
	p.Hold.Lock()

	first := s.getLater(t, anyFlight)

	assertConnected(t, s)

	a := s.get(t, anyFlight)

	p.Hold.Unlock()
	assertUnavailable(t, a)
	assert.Equal(t, http.StatusOK, (<-first).Status)
	assert.Equal(t, http.StatusOK, s.get(t, "/health").Status, "the health check has a connection of its own")
	assertNoFailure(t, s)
}

func TestIdleConnectionsThatWereResetAreReplaced(t *testing.T) {
	t.Parallel()

	s, p := behindProxy(t)
	p.Reset()

	assert.Equal(t, http.StatusOK, s.get(t, anyFlight).Status)
}

func TestALongBodyGets413(t *testing.T) {
	t.Parallel()

	s, _ := behindProxy(t)
	long := strings.NewReader(strings.Repeat("a", 10<<20))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, anyFlight, long)
	require.NoError(t, err)

	assert.Equal(t, http.StatusRequestEntityTooLarge, s.AskAnything(t, r).Status)
	assert.Equal(t, http.StatusOK, s.get(t, anyFlight).Status)
}

func TestACallerWhoLeavesAffectsNoOtherRequest(t *testing.T) {
	t.Parallel()

	s, p := behindProxy(t)
	p.Hold.Lock()
	leave(t, s.URL, "GET "+anyFlight+" HTTP/1.1\r\nHost: flightsvc.com\r\n\r\n")
	require.Eventually(t, func() bool { return strings.Contains(s.Log.String(), `"status":499`) }, waitFor, tick)
	p.Hold.Unlock()

	leave(t, s.URL, "GET /fli")
	s.recovers(t)
	assertNoFailure(t, s)
}
