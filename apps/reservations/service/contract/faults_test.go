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
	"github.com/msur/platform/apps/chassis/redis/redistest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	patience = time.Minute
	tick     = 20 * time.Millisecond
	crowd    = 8
)

// status lists the seats of a flight, and returns the status.
func status(t testing.TB, s *contracttest.Service) int {
	t.Helper()

	return s.Ask(t, contracttest.Request(t, http.MethodGet, "/reservations?flight_id=werty", "")).Status
}

// assertUnavailable asserts a 503 with the time of a retry, and without internal details.
func assertUnavailable(t testing.TB, s *contracttest.Service) {
	t.Helper()

	a := reserve(t, s, "12B", "werty", "dfgh")
	assert.Equal(t, http.StatusServiceUnavailable, a.Status, a.Body)
	assert.Equal(t, "1", a.Header.Get("Retry-After"))
	assert.NotContains(t, a.Body, "127.0.0.1", "internal")
	assert.NotContains(t, strings.ToLower(a.Body), "redis")
}

// recovers waits until the service answers 200, without a restart.
func recovers(t testing.TB, s *contracttest.Service) {
	t.Helper()

	require.Eventually(t, func() bool { return status(t, s) == http.StatusOK }, patience, tick,
		"waiting for 200: %s", s.Log)
}

func TestTheServiceOutlivesItsStore(t *testing.T) {
	t.Parallel()

	store := redistest.Real(t)
	store.Kill()

	s := start(t, store.Environ())
	assertUnavailable(t, s)

	a := s.Ask(t, contracttest.Request(t, http.MethodGet, "/health", ""))
	assert.Equal(t, http.StatusServiceUnavailable, a.Status)
	assert.Equal(t, http.StatusOK, s.Ask(t, contracttest.Request(t, http.MethodGet, "/ping", "")).Status,
		"the service must not be restarted")

	store.Start(t)
	recovers(t, s)

	t.Log("and again, between requests")
	store.Kill()
	assertUnavailable(t, s)
	store.Start(t)
	recovers(t, s)
}

func TestAStoreThatDiesDuringARequestGets503(t *testing.T) {
	t.Parallel()

	store := redistest.Real(t)
	s := start(t, store.Environ())
	require.Equal(t, http.StatusOK, status(t, s))

	// The server has not read the request when it dies, so the kernel resets the connection.
	store.Signal(t, syscall.SIGSTOP)

	refused := make(chan struct{})

	go func() {
		defer close(refused)

		assertUnavailable(t, s)
	}()

	require.Eventually(t, func() bool {
		return metric(t, s, "redis_pool_idle_connections") == "redis_pool_idle_connections 0\n"
	}, patience, tick, "waiting for the request to reach Redis")

	store.Kill()
	<-refused
	assert.Contains(t, s.Log.String(), "connection reset")

	store.Start(t)
	recovers(t, s)
}

func TestAStoreThatHangsIsNotAwaitedBeyondTheDeadline(t *testing.T) {
	t.Parallel()

	store := redistest.Real(t)
	s := start(t, store.Environ("REQUEST_TIMEOUT=300ms", "REDIS_MAX_CONNECTIONS=1"))
	recovers(t, s) // now there is a connection

	store.Signal(t, syscall.SIGSTOP)

	started := time.Now()

	assert.Equal(t, http.StatusGatewayTimeout, status(t, s))
	assert.Less(t, time.Since(started), 2*time.Second, "before the timeout of Redis")

	store.Signal(t, syscall.SIGCONT)
	recovers(t, s)
}

func TestAFullPoolGets503(t *testing.T) {
	t.Parallel()

	store := redistest.Real(t)
	s := start(t, store.Environ("REDIS_MAX_CONNECTIONS=1"))
	require.Equal(t, http.StatusOK, status(t, s))

	store.Signal(t, syscall.SIGSTOP)

	// One request holds the connection until the timeout of Redis. The others give up earlier.
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

	refused := 0

	for a := range answers {
		if a.Status == http.StatusServiceUnavailable {
			refused++

			assert.Equal(t, "1", a.Header.Get("Retry-After"))
		} else {
			assert.Equal(t, http.StatusGatewayTimeout, a.Status, a.Body)
		}
	}

	assert.Equal(t, crowd-1, refused)
	assert.NotContains(t, metric(t, s, "redis_pool_timeouts_total"), " 0")
	assert.Equal(t, "dependency_errors_total{dependency=\"redis\"} 1\n",
		metric(t, s, `dependency_errors_total{dependency="redis"}`), "a full pool is not a failure of Redis")

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

func TestAPasswordFileIsReadForEachConnection(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte("first\n"), 0o600))

	store := redistest.Real(t, "--requirepass", "first")
	s := start(t, store.Environ("REDIS_PWD_FILE="+file))
	require.Equal(t, http.StatusOK, status(t, s))

	store.Kill()
	store.Arguments = append(store.Arguments, "--requirepass", "hunter3")
	store.Start(t)
	assertUnavailable(t, s)

	require.NoError(t, os.WriteFile(file, []byte("hunter3\n"), 0o600))
	recovers(t, s)
	assert.NotContains(t, s.Log.String(), "hunter3")
}

func TestBadCallersAffectNoOtherRequest(t *testing.T) {
	t.Parallel()

	_, store := redistest.Embedded(t)
	s := start(t, store.Environ())

	t.Log("a body that is too long, with and without a Content-Length")

	tooLong := strings.Repeat(" ", httpserver.MaxBody+1)

	announced := contracttest.Request(t, http.MethodPut, "/reservations", tooLong)
	announced.Header.Set("Expect", "100-continue") // or the answer may come before the body is sent
	assert.Equal(t, http.StatusRequestEntityTooLarge, s.AskAnything(t, announced).Status)

	chunked := contracttest.Request(t, http.MethodPut, "/reservations", tooLong)
	chunked.ContentLength = -1
	assert.Equal(t, http.StatusRequestEntityTooLarge, s.AskAnything(t, chunked).Status)

	t.Log("a caller who leaves during a request")

	connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.URL, "http://"))
	require.NoError(t, err)

	tcp, is := connection.(*net.TCPConn)
	require.True(t, is)
	require.NoError(t, tcp.SetLinger(0), "close with RST")

	writer := bufio.NewWriter(connection)
	_, err = fmt.Fprint(writer, "PUT /reservations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"+
		"Content-Length: 100\r\n\r\n{\"seat_num\":")
	require.NoError(t, err)
	require.NoError(t, writer.Flush())
	require.NoError(t, connection.Close())

	assert.Equal(t, http.StatusOK, status(t, s))
	assert.JSONEq(t, "[]", seats(t, s, "werty"))
}
