package contract_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/migrate"
	"github.com/msur/platform/apps/flights/service/mysqltest"
)

const anyFlight = "/flights?flight_no=AA2532"

// behind is a service with a proxy before its database.
func behind(t *testing.T, settings ...string) (*service, *proxy) {
	t.Helper()

	database := mysqltest.Embedded(t)
	require.NoError(t, migrate.Apply(t.Context(), database.Open(t, "flights"), slog.New(slog.DiscardHandler)))
	run(t, "seed", database.Environ())

	p := between(t, database)

	return start(t, p.Environ(settings...)), p
}

// later asks without waiting for the answer.
func (s *service) later(t *testing.T, target string) <-chan contracttest.Answer {
	t.Helper()

	r, answers := request(t, http.MethodGet, target), make(chan contracttest.Answer, 1)

	go func() {
		a, err := s.Try(r)
		assert.NoError(t, err)

		answers <- a
	}()

	return answers
}

// recovers waits until the service answers again.
func (s *service) recovers(t *testing.T) {
	t.Helper()

	require.Eventually(t, func() bool {
		a, err := s.Try(request(t, http.MethodGet, anyFlight))

		return err == nil && a.Status == http.StatusOK
	}, waitFor, tick)
}

// unavailable asserts an answer that says to come again.
func unavailable(t *testing.T, a contracttest.Answer) {
	t.Helper()

	assert.Equal(t, http.StatusServiceUnavailable, a.Status, a.Body)
	assert.Equal(t, "1", a.Header.Get("Retry-After"))
	assert.Equal(t, "application/problem+json", a.Header.Get("Content-Type"))
	assert.Contains(t, a.Body, "cannot be looked up at the moment")

	for _, internal := range []string{"127.0.0.1", "MYSQL", "mysql", "conn"} {
		assert.NotContains(t, a.Body, internal)
	}
}

func TestADatabaseThatIsSlowIsNotWaitedForBeyondTheDeadline(t *testing.T) {
	t.Parallel()

	s, p := behind(t, "REQUEST_TIMEOUT=300ms")
	s.recovers(t)
	p.gate.Lock()

	a := s.get(t, anyFlight)

	p.gate.Unlock()
	assert.Equal(t, http.StatusGatewayTimeout, a.Status, a.Body)
	assert.Contains(t, a.Body, "the answer took too long")
	s.recovers(t)
}

func TestAConnectionThatIsResetInMidRequestIsAClearError(t *testing.T) {
	t.Parallel()

	s, p := behind(t)
	s.recovers(t)
	p.gate.Lock()

	asked := s.later(t, anyFlight)

	busy(t, s)
	p.reset()
	p.gate.Unlock()
	unavailable(t, <-asked)
	assert.Contains(t, s.AskAnything(t, request(t, http.MethodGet, "/metrics")).Body,
		`dependency_errors_total{dependency="mysql"} 1`)
	s.recovers(t)
}

// blameless asserts that the database was not counted as failing.
func blameless(t *testing.T, s *service) {
	t.Helper()
	assert.NotContains(t, s.AskAnything(t, request(t, http.MethodGet, "/metrics")).Body, "dependency_errors_total")
}

// busy waits until a connection to the database is in use.
func busy(t *testing.T, s *service) {
	t.Helper()

	require.Eventually(t, func() bool {
		a, err := s.Try(request(t, http.MethodGet, "/metrics"))

		return err == nil && strings.Contains(a.Body, `go_sql_in_use_connections{db_name="microservices_db"} 1`)
	}, waitFor, tick)
}

func TestAFullPoolSendsTheCallerAway(t *testing.T) {
	t.Parallel()

	s, p := behind(t, "MYSQL_MAX_CONNECTIONS=1", "REQUEST_TIMEOUT=20s")
	s.recovers(t)
	p.gate.Lock()

	first := s.later(t, anyFlight)

	busy(t, s)

	a := s.get(t, anyFlight)

	p.gate.Unlock()
	unavailable(t, a)
	assert.Equal(t, http.StatusOK, (<-first).Status)
	assert.Equal(t, http.StatusOK, s.get(t, "/health").Status, "the health check has a connection of its own")
	blameless(t, s)
}

func TestConnectionsThatWereResetWhileIdleAreReplacedUnseen(t *testing.T) {
	t.Parallel()

	s, p := behind(t)
	s.recovers(t)
	p.reset()

	assert.Equal(t, http.StatusOK, s.get(t, anyFlight).Status)
}

func TestALongBodyIsRefused(t *testing.T) {
	t.Parallel()

	s, _ := behind(t)
	long := strings.NewReader(strings.Repeat("a", 10<<20))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, anyFlight, long)
	require.NoError(t, err)

	assert.Equal(t, http.StatusRequestEntityTooLarge, s.AskAnything(t, r).Status)
	assert.Equal(t, http.StatusOK, s.get(t, anyFlight).Status)
}

func TestACallerWhoLeavesHarmsNobody(t *testing.T) {
	t.Parallel()

	s, p := behind(t)
	s.recovers(t)
	p.gate.Lock()
	leave(t, s.URL, "GET "+anyFlight+" HTTP/1.1\r\nHost: flightsvc.com\r\n\r\n")
	require.Eventually(t, func() bool { return strings.Contains(s.Log.String(), `"status":499`) }, waitFor, tick)
	p.gate.Unlock()

	leave(t, s.URL, "GET /fli")
	s.recovers(t)
	blameless(t, s)
}
