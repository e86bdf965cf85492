package main_test

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAStoreThatTheEnvironmentNamesIsUsed(t *testing.T) {
	t.Parallel()

	store := miniredis.RunT(t)
	store.RequireAuth("hunter2")

	l := start(t, "..", "REDIS_HOST="+store.Host(), "REDIS_PORT="+store.Port(), "REDIS_PWD=hunter2", "REDIS_TLS=off")

	require.NoError(t, exec.CommandContext(t.Context(), "sh", "-c",
		regexp.MustCompile(`(?m)^curl -X PUT.*$`).FindString(l.printed())).Run())
	assert.Equal(t, "dfgh", store.HGet("flights:werty", "12B"))
	assert.NotContains(t, l.printed(), "hunter2")
}

// environ returns the variables of a real database.
func environ(m *mysqltest.MariaDB, more ...string) []string {
	host, port, _ := net.SplitHostPort(m.Address)

	return append([]string{"MYSQL_HOST=" + host, "MYSQL_PORT=" + port, "MYSQL_TLS=off", "MYSQL_PASSWORD=hunter2"}, more...)
}

// tables returns how many tables and how many flights a database has.
func tables(t *testing.T, m *mysqltest.MariaDB) (int, int) {
	t.Helper()

	var tables, flights int

	admin := m.Open(t, mysqltest.Admin)
	require.NoError(t, admin.QueryRowContext(t.Context(),
		"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ?", m.Database).Scan(&tables))

	if tables > 0 {
		require.NoError(t, admin.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM flights").Scan(&flights))
	}

	return tables, flights
}

func TestARealDatabaseIsMigratedOnlyAsItsAdminAndNeverGetsTheSample(t *testing.T) {
	t.Parallel()

	store := mysqltest.Real(t, "flights", "microservices_db")

	l := start(t, "..", environ(store)...)
	assert.Contains(t, l.printed(), "the database is not migrated")

	count, _ := tables(t, store)
	assert.Zero(t, count)
	require.NoError(t, l.Process.Signal(os.Interrupt))
	require.NoError(t, <-l.ended)

	l = start(t, "..", environ(store, "MYSQL_ADMIN_USER=admin", "MYSQL_ADMIN_PASSWORD=admin")...)
	count, flights := tables(t, store)
	assert.Equal(t, 3, count, "the service's tables, and that of its migrations")
	assert.Zero(t, flights)

	status, body := l.ask(t, "/flights?flight_no=AA2532&departure_date_time=2020-05-17T13:20")
	assert.Equal(t, http.StatusOK, status, "%s", body)
	assert.NotContains(t, l.printed(), "hunter2")
}
