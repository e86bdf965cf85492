package contract_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/msur/platform/apps/chassis/httpserver"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/redistest"
)

const (
	patience = time.Minute
	tick     = 20 * time.Millisecond
	crowd    = 8
)

// status asks for the seats of a flight, and returns what came back.
func status(t testing.TB, s *contracttest.Service) int {
	t.Helper()

	return s.Ask(t, contracttest.Request(t, http.MethodGet, "/reservations?flight_id=werty", "")).Status
}

// refusedKindly asserts that a request is told to come again, in clear words and without what is inside.
func refusedKindly(t testing.TB, s *contracttest.Service) {
	t.Helper()

	a := reserve(t, s, "12B", "werty", "dfgh")
	assert.Equal(t, http.StatusServiceUnavailable, a.Status, a.Body)
	assert.Equal(t, "1", a.Header.Get("Retry-After"))
	assert.NotContains(t, a.Body, "127.0.0.1", "nothing of the inside is told")
	assert.NotContains(t, strings.ToLower(a.Body), "redis")
}

// recovers asserts that the service answers again, without a restart.
func recovers(t testing.TB, s *contracttest.Service) {
	t.Helper()

	require.Eventually(t, func() bool { return status(t, s) == http.StatusOK }, patience, tick,
		"awaited an answer: %s", s.Log)
}

func TestAStoreThatIsAwayIsWaitedFor(t *testing.T) {
	t.Parallel()

	store := redistest.Real(t)
	store.Kill()

	s := start(t, store.Environ())
	refusedKindly(t, s)

	a := s.Ask(t, contracttest.Request(t, http.MethodGet, "/health", ""))
	assert.Equal(t, http.StatusServiceUnavailable, a.Status)
	assert.Equal(t, http.StatusOK, s.Ask(t, contracttest.Request(t, http.MethodGet, "/ping", "")).Status,
		"nobody restarts a service for its store")

	store.Start(t)
	recovers(t, s)

	t.Log("and again, in between requests")
	store.Kill()
	refusedKindly(t, s)
	store.Start(t)
	recovers(t, s)
}

func TestAStoreThatDiesMidRequestIsToldOf(t *testing.T) {
	t.Parallel()

	store := redistest.Real(t)
	s := start(t, store.Environ())
	require.Equal(t, http.StatusOK, status(t, s))

	// It does not read what it is asked, and so its system resets the connection as it dies.
	store.Signal(t, syscall.SIGSTOP)

	refused := make(chan struct{})

	go func() {
		defer close(refused)

		refusedKindly(t, s)
	}()

	require.Eventually(t, func() bool {
		return metric(t, s, "redis_pool_idle_connections") == "redis_pool_idle_connections 0\n"
	}, patience, tick, "awaited that Redis is asked")

	store.Kill()
	<-refused
	assert.Contains(t, s.Log.String(), "connection reset")

	store.Start(t)
	recovers(t, s)
}

func TestAStoreThatHangsHoldsNobodyForLong(t *testing.T) {
	t.Parallel()

	store := redistest.Real(t)
	s := start(t, store.Environ("REQUEST_TIMEOUT=300ms", "REDIS_MAX_CONNECTIONS=1"))
	recovers(t, s) // a connection is there, however long that took

	store.Signal(t, syscall.SIGSTOP)

	started := time.Now()

	assert.Equal(t, http.StatusGatewayTimeout, status(t, s))
	assert.Less(t, time.Since(started), 2*time.Second, "sooner than Redis alone would be given up")

	store.Signal(t, syscall.SIGCONT)
	recovers(t, s)
}

func TestWhoFindsNoPlaceInThePoolIsToldSo(t *testing.T) {
	t.Parallel()

	store := redistest.Real(t)
	s := start(t, store.Environ("REDIS_MAX_CONNECTIONS=1"))
	require.Equal(t, http.StatusOK, status(t, s))

	store.Signal(t, syscall.SIGSTOP)

	// One request holds the connection for as long as Redis may take, and the others wait for it less long.
	var all sync.WaitGroup

	answers := make(chan contracttest.Answer, crowd)

	for range crowd {
		all.Go(func() {
			if a, err := s.Try(contracttest.Request(t, http.MethodGet, "/reservations?flight_id=werty", "")); err == nil {
				answers <- a
			}
		})
	}

	all.Wait()
	close(answers)

	turnedAway := 0

	for a := range answers {
		if a.Status == http.StatusServiceUnavailable {
			turnedAway++

			assert.Equal(t, "1", a.Header.Get("Retry-After"))
		} else {
			assert.Equal(t, http.StatusGatewayTimeout, a.Status, a.Body)
		}
	}

	assert.Equal(t, crowd-1, turnedAway)
	assert.NotContains(t, metric(t, s, "redis_pool_timeouts_total"), " 0")
	assert.Equal(t, "dependency_errors_total{dependency=\"redis\"} 1\n",
		metric(t, s, `dependency_errors_total{dependency="redis"}`), "a pool that is too small is no fault of Redis")

	store.Signal(t, syscall.SIGCONT)
	recovers(t, s)
}

// metric returns the line of a metric.
func metric(t testing.TB, s *contracttest.Service, name string) string {
	t.Helper()

	a := s.AskAnything(t, contracttest.Request(t, http.MethodGet, "/metrics", ""))
	for line := range strings.Lines(a.Body) {
		if strings.HasPrefix(line, name+" ") {
			return line
		}
	}

	return ""
}

func TestAPasswordThatChangesIsReadAgain(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte("first\n"), 0o600))

	store := redistest.Real(t, "--requirepass", "first")
	s := start(t, store.Environ("REDIS_PWD_FILE="+file))
	require.Equal(t, http.StatusOK, status(t, s))

	store.Kill()
	store.Options("--requirepass", "hunter3")
	store.Start(t)
	refusedKindly(t, s)

	require.NoError(t, os.WriteFile(file, []byte("hunter3\n"), 0o600))
	recovers(t, s)
	assert.NotContains(t, s.Log.String(), "hunter3")
}

func TestCallersWhoMisbehaveHarmNobody(t *testing.T) {
	t.Parallel()

	_, store := redistest.Embedded(t)
	s := start(t, store.Environ())

	t.Log("a body that is too long, announced and not")

	tooLong := strings.Repeat(" ", httpserver.MaxBody+1)

	announced := contracttest.Request(t, http.MethodPut, "/reservations", tooLong)
	announced.Header.Set("Expect", "100-continue") // otherwise the answer may come while it is being sent
	assert.Equal(t, http.StatusRequestEntityTooLarge, s.AskAnything(t, announced).Status)

	unsaid := contracttest.Request(t, http.MethodPut, "/reservations", tooLong)
	unsaid.ContentLength = -1
	assert.Equal(t, http.StatusRequestEntityTooLarge, s.AskAnything(t, unsaid).Status)

	t.Log("a caller who goes in the middle of a request")

	connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.URL, "http://"))
	require.NoError(t, err)

	tcp, is := connection.(*net.TCPConn)
	require.True(t, is)
	require.NoError(t, tcp.SetLinger(0), "closing is a reset")

	writer := bufio.NewWriter(connection)
	_, err = fmt.Fprint(writer, "PUT /reservations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"+
		"Content-Length: 100\r\n\r\n{\"seat_num\":")
	require.NoError(t, err)
	require.NoError(t, writer.Flush())
	require.NoError(t, connection.Close())

	assert.Equal(t, http.StatusOK, status(t, s))
	assert.JSONEq(t, "[]", seats(t, s, "werty"))
}
