package contract_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/msur/platform/apps/chassis/contracttest"
	mysqlembedded "github.com/msur/platform/apps/chassis/mysql/embedded"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/cli"
	"github.com/msur/platform/apps/flights/service/migrations"
)

const (
	waitFor = 30 * time.Second
	tick    = 5 * time.Millisecond

	anyFlight = "/flights?flight_no=AA2532"
)

// service is `flights serve` inside the test, until the test ends.
type service struct{ *contracttest.Service }

func TestMain(m *testing.M) { contracttest.Main(m, cli.Program(), minimal) }

// run runs a command until it is done.
func run(t testing.TB, name string, environ []string) {
	t.Helper()
	contracttest.Run(t, cli.Program(), name, environ)
}

// start serves until the test ends.
func start(t testing.TB, environ []string) *service {
	t.Helper()

	return &service{contracttest.Start(t, cli.Program(), "../../api/openapi.yaml", environ)}
}

// emptyDatabase starts a server inside the test. Its database has no tables.
func emptyDatabase(t testing.TB, options ...func(*mysqlembedded.Config)) mysqltest.Server {
	t.Helper()

	return mysqltest.Embedded(t, "flights", migrations.Database, options...)
}

// migrate creates the tables, as the service's user.
func migrate(t testing.TB, database mysqltest.Server) {
	t.Helper()
	require.NoError(t, migrations.Migration().Apply(t.Context(), database.Open(t, "flights"),
		slog.New(slog.DiscardHandler)))
}

// embedded starts a server inside the test, with the sample.
func embedded(t testing.TB) mysqltest.Server {
	t.Helper()

	database := emptyDatabase(t)
	migrate(t, database)
	run(t, "seed", database.Environ())

	return database
}

// mariaDB starts MariaDB, with the sample.
func mariaDB(t testing.TB) *mysqltest.MariaDB {
	t.Helper()

	database := mysqltest.Real(t, "flights", migrations.Database)
	run(t, "migrate", database.Environ())
	run(t, "seed", database.Environ())

	return database
}

// request returns a request without a host.
func request(t testing.TB, method, target string) *http.Request {
	t.Helper()

	return contracttest.Request(t, method, target, "")
}

// get sends a request that the OpenAPI document allows.
func (s *service) get(t testing.TB, target string) contracttest.Answer {
	t.Helper()

	return s.Ask(t, request(t, http.MethodGet, target))
}

// getLater sends a request and does not wait for the answer.
func (s *service) getLater(t *testing.T, target string) <-chan contracttest.Answer {
	t.Helper()

	r, answers := request(t, http.MethodGet, target), make(chan contracttest.Answer, 1)

	go func() {
		a, err := s.Try(r)
		assert.NoError(t, err)

		answers <- a
	}()

	return answers
}

// recovers waits until the service answers 200.
func (s *service) recovers(t *testing.T) {
	t.Helper()

	require.Eventually(t, func() bool {
		a, err := s.Try(request(t, http.MethodGet, anyFlight))

		return err == nil && a.Status == http.StatusOK
	}, waitFor, tick)
}

// metrics returns the metrics of the service.
func (s *service) metrics(t testing.TB) string {
	t.Helper()

	return s.AskAnything(t, request(t, http.MethodGet, "/metrics")).Body
}

// assertUnavailable asserts a 503 with the time of a retry, and without internal details.
func assertUnavailable(t *testing.T, a contracttest.Answer) {
	t.Helper()

	assert.Equal(t, http.StatusServiceUnavailable, a.Status, a.Body)
	assert.Equal(t, "1", a.Header.Get("Retry-After"))
	assert.Equal(t, "application/problem+json", a.Header.Get("Content-Type"))
	assert.Contains(t, a.Body, "cannot be looked up at the moment")

	for _, internal := range []string{"127.0.0.1", "MYSQL", "mysql", "conn"} {
		assert.NotContains(t, a.Body, internal)
	}
}

// assertConnected waits until a connection to the database is in use.
func assertConnected(t *testing.T, s *service) {
	t.Helper()

	require.Eventually(t, func() bool {
		a, err := s.Try(request(t, http.MethodGet, "/metrics"))

		return err == nil && strings.Contains(a.Body, `go_sql_in_use_connections{db_name="microservices_db"} 1`)
	}, waitFor, tick)
}
