package contract_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/mysqltest"
)

// leave sends a part of a request, or a whole one, and cuts the connection a moment later.
func leave(t *testing.T, url, text string) {
	t.Helper()

	connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)

	_, err = connection.Write([]byte(text))
	require.NoError(t, err)
	// A pause, so that the request is under way and not refused at the door.
	require.NoError(t, connection.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
	connection.Read(make([]byte, 1))

	require.NoError(t, connection.(*net.TCPConn).SetLinger(0))
	require.NoError(t, connection.Close())
}

// sample is a MariaDB with the sample.
func sample(t testing.TB) *mysqltest.MariaDB {
	t.Helper()

	database := mysqltest.Real(t)
	run(t, "migrate", database.Environ())
	run(t, "seed", database.Environ())

	return database
}

func TestTheServiceStartsWithoutItsDatabaseAndFindsItLater(t *testing.T) {
	t.Parallel()

	database := sample(t)
	database.Kill()

	s := start(t, database.Environ())

	assert.Equal(t, http.StatusOK, s.get(t, "/ping").Status)
	unavailable(t, s.get(t, anyFlight))

	a := s.get(t, "/health")
	assert.Equal(t, http.StatusServiceUnavailable, a.Status)
	assert.Contains(t, a.Body, `"status":"fail"`)

	database.Start(t)
	s.recovers(t)
	require.Eventually(t, func() bool { return s.get(t, "/health").Status == http.StatusOK }, waitFor, tick)
}

func TestADatabaseThatDiesInMidRequestIsAClearError(t *testing.T) {
	t.Parallel()

	database := sample(t)
	s := start(t, database.Environ("REQUEST_TIMEOUT=60s"))
	s.recovers(t)

	admin, err := database.Open(t, mysqltest.Admin).Conn(t.Context())
	require.NoError(t, err)

	_, err = admin.ExecContext(t.Context(), "LOCK TABLES flights WRITE, seat_maps WRITE")
	require.NoError(t, err)

	asked := s.later(t, anyFlight)

	busy(t, s)
	database.Kill()
	unavailable(t, <-asked)

	database.Start(t)
	s.recovers(t)
}

func TestAPasswordThatChangesIsReadAgain(t *testing.T) {
	t.Parallel()

	database := sample(t)
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte("flights"), 0o600))

	environ := func() []string {
		var all []string

		for _, variable := range database.Environ("MYSQL_PASSWORD_FILE=" + file) {
			if !strings.HasPrefix(variable, "MYSQL_PASSWORD=") {
				all = append(all, variable)
			}
		}

		return all
	}()

	s := start(t, environ)
	s.recovers(t)

	// The database has the new password, no connection outlives it, and the file is late.
	admin := database.Open(t, mysqltest.Admin)
	_, err := admin.ExecContext(t.Context(), "ALTER USER flights@'%' IDENTIFIED BY 'new'")
	require.NoError(t, err)
	_, err = admin.ExecContext(t.Context(), "KILL HARD USER flights")
	require.NoError(t, err)
	unavailable(t, s.get(t, anyFlight))

	require.NoError(t, os.WriteFile(file, []byte("new"), 0o600))
	assert.Equal(t, http.StatusOK, s.get(t, anyFlight).Status)
}
