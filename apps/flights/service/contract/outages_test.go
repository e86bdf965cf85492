package contract_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// leave sends a request or a part of one, and resets the connection a moment later.
func leave(t *testing.T, url, text string) {
	t.Helper()

	connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)

	_, err = connection.Write([]byte(text))
	require.NoError(t, err)
	// A pause, so that the service has begun to read.
	require.NoError(t, connection.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
	connection.Read(make([]byte, 1))

	require.NoError(t, connection.(*net.TCPConn).SetLinger(0))
	require.NoError(t, connection.Close())
}

func TestTheServiceStartsWithoutItsDatabase(t *testing.T) {
	t.Parallel()

	database := mariaDB(t)
	database.Kill()

	s := start(t, database.Environ())

	assert.Equal(t, http.StatusOK, s.get(t, "/ping").Status)
	assertUnavailable(t, s.get(t, anyFlight))

	a := s.get(t, "/health")
	assert.Equal(t, http.StatusServiceUnavailable, a.Status)
	assert.Contains(t, a.Body, `"status":"fail"`)

	database.Start(t)
	s.recovers(t)
	require.Eventually(t, func() bool { return s.get(t, "/health").Status == http.StatusOK }, waitFor, tick)
}

func TestADatabaseThatDiesDuringARequestGets503(t *testing.T) {
	t.Parallel()

	database := mariaDB(t)
	s := start(t, database.Environ("REQUEST_TIMEOUT=60s"))
	s.recovers(t)

	admin, err := database.Open(t, mysqltest.Admin).Conn(t.Context())
	require.NoError(t, err)

	_, err = admin.ExecContext(t.Context(), "LOCK TABLES flights WRITE, seat_maps WRITE")
	require.NoError(t, err)

	asked := s.getLater(t, anyFlight)

	assertConnected(t, s)
	database.Kill()
	assertUnavailable(t, <-asked)

	database.Start(t)
	s.recovers(t)
}

func TestAPasswordFileIsReadForEachConnection(t *testing.T) {
	t.Parallel()

	database := mariaDB(t)
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte("flights"), 0o600))

	s := start(t, slices.DeleteFunc(database.Environ("MYSQL_PASSWORD_FILE="+file), func(variable string) bool {
		return strings.HasPrefix(variable, "MYSQL_PASSWORD=")
	}))
	s.recovers(t)

	// The database has a new password, closes all connections, and the file is not updated yet.
	admin := database.Open(t, mysqltest.Admin)
	_, err := admin.ExecContext(t.Context(), "ALTER USER flights@'%' IDENTIFIED BY 'new'")
	require.NoError(t, err)
	_, err = admin.ExecContext(t.Context(), "KILL HARD USER flights")
	require.NoError(t, err)
	assertUnavailable(t, s.get(t, anyFlight))

	require.NoError(t, os.WriteFile(file, []byte("new"), 0o600))
	assert.Equal(t, http.StatusOK, s.get(t, anyFlight).Status)
}
