package main_test

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestARealStoreIsTakenWhereTheEnvironmentNamesOne(t *testing.T) {
	t.Parallel()

	store := miniredis.RunT(t)
	store.RequireAuth("hunter2")

	l := start(t, "..", "REDIS_HOST="+store.Host(), "REDIS_PORT="+store.Port(), "REDIS_PWD=hunter2", "REDIS_TLS=off")

	require.NoError(t, exec.CommandContext(t.Context(), "sh", "-c",
		regexp.MustCompile(`(?m)^curl -X PUT.*$`).FindString(l.printed())).Run())
	assert.Equal(t, "dfgh", store.HGet("flights:werty", "12B"))
	assert.NotContains(t, l.printed(), "hunter2")
}

// mariaDB is a server of its own, with a database that holds nothing, and an admin whose password is admin.
type mariaDB struct {
	contracttest.Daemon

	address string
}

func startMariaDB(t *testing.T) *mariaDB {
	t.Helper()

	for _, program := range []string{"mariadbd", "mariadb-install-db", "mariadb"} {
		contracttest.Need(t, program, "mariadb-server")
	}

	me, err := user.Current()
	require.NoError(t, err)

	m := &mariaDB{address: contracttest.FreeAddress(t)}
	folder, temporary := t.TempDir(), t.TempDir()
	same := []string{
		"--no-defaults", "--datadir=" + folder, "--user=" + me.Username, "--tmpdir=" + temporary,
		"--innodb-use-native-aio=0", "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=16M",
	}

	text, err := exec.CommandContext(t.Context(), "mariadb-install-db", append(same, "--skip-test-db")...).CombinedOutput()
	require.NoError(t, err, string(text))

	first := filepath.Join(temporary, "first.sql")
	require.NoError(t, os.WriteFile(first, []byte(`CREATE DATABASE microservices_db;
CREATE USER admin@'%' IDENTIFIED BY 'admin';
GRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION;
`), 0o600))

	_, port, err := net.SplitHostPort(m.address)
	require.NoError(t, err)
	m.Start(t, m.address, folder, "mariadbd", append(same, "--bind-address=127.0.0.1", "--port="+port,
		"--socket="+filepath.Join(temporary, "socket"), "--init-file="+first)...)

	return m
}

// environ says where it is.
func (m *mariaDB) environ(more ...string) []string {
	host, port, _ := net.SplitHostPort(m.address)

	return append([]string{"MYSQL_HOST=" + host, "MYSQL_PORT=" + port, "MYSQL_TLS=off", "MYSQL_PASSWORD=hunter2"}, more...)
}

// query returns what the admin is answered.
func (m *mariaDB) query(t *testing.T, statement string) string {
	t.Helper()

	host, port, _ := net.SplitHostPort(m.address)

	text, err := exec.CommandContext(t.Context(), "mariadb", "--no-defaults", "--host="+host, "--port="+port,
		"--user=admin", "--password=admin", "--batch", "--skip-column-names", "--execute="+statement, "microservices_db").
		CombinedOutput()
	require.NoError(t, err, string(text))

	return strings.TrimSpace(string(text))
}

// What is in a real database is somebody's.
func TestARealDatabaseIsMigratedOnlyAsAnAdminWhoIsNamedAndNeverGetsTheSample(t *testing.T) {
	t.Parallel()

	store := startMariaDB(t)

	l := start(t, "..", store.environ()...)
	assert.Contains(t, l.printed(), "the database is taken as it is")
	assert.Empty(t, store.query(t, "SHOW TABLES"))
	require.NoError(t, l.Process.Signal(os.Interrupt))
	require.NoError(t, <-l.ended)

	l = start(t, "..", store.environ("MYSQL_ADMIN_USER=admin", "MYSQL_ADMIN_PASSWORD=admin")...)
	assert.Contains(t, store.query(t, "SHOW TABLES"), "seat_maps")
	assert.Equal(t, "0", store.query(t, "SELECT COUNT(*) FROM flights"))

	status, body := l.ask(t, "/flights?flight_no=AA2532&departure_date_time=2020-05-17T13:20")
	assert.Equal(t, http.StatusOK, status, "the service logs in: %s", body)
	assert.NotContains(t, l.printed(), "hunter2")
}
