package httpserver_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/httpserver"
)

// running is a service that serves until stop is called; ended then has what Serve returned.
type running struct {
	url   string
	stop  context.CancelFunc
	ended chan error
}

func run(t *testing.T, s httpserver.Service, cfg httpserver.Config) running {
	t.Helper()

	listener, err := httpserver.Listen(t.Context(), cfg)
	require.NoError(t, err)

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)

	server := running{url: "http://127.0.0.1:" + port, stop: stop, ended: make(chan error, 1)}

	go func() { server.ended <- s.Serve(ctx, listener, cfg) }()

	t.Cleanup(stop)

	return server
}

func (r running) get(t *testing.T, path string) (int, error) {
	t.Helper()

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+path, nil)
	if err != nil {
		return 0, err
	}

	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}

	return answer.StatusCode, answer.Body.Close()
}

// slow is a handler that says when it has begun, and ends when it is told to or its caller is gone.
func slow(begun, end chan struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		begun <- struct{}{}

		select {
		case <-end:
			w.WriteHeader(http.StatusOK)
		case <-r.Context().Done():
		}
	}
}

func TestAServerThatStopsFinishesRunningRequests(t *testing.T) {
	t.Parallel()

	begun, end := make(chan struct{}), make(chan struct{})
	server := run(t, service(new(log), slow(begun, end)), settings(t))

	code := make(chan int)

	go func() {
		got, err := server.get(t, "/things/1")
		assert.NoError(t, err)

		code <- got
	}()

	<-begun
	server.stop()

	require.Eventually(t, func() bool {
		_, err := server.get(t, "/ping")

		return err != nil
	}, waitFor, tick, "the port is closed")

	close(end)
	assert.Equal(t, http.StatusOK, <-code)
	assert.NoError(t, <-server.ended)
}

func TestReadinessFailsBeforeThePortCloses(t *testing.T) {
	t.Parallel()

	server := run(t, service(new(log), ok), settings(t, "DRAIN_DELAY=300ms"))

	code, err := server.get(t, "/health")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, code)

	server.stop()
	require.Eventually(t, func() bool {
		code, err = server.get(t, "/health")

		return err == nil && code == http.StatusServiceUnavailable
	}, waitFor, tick)

	code, err = server.get(t, "/things/1")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, code, "callers who have not heard of it are still answered")
	assert.NoError(t, <-server.ended)
}

func TestRequestsThatDoNotEndAreAborted(t *testing.T) {
	t.Parallel()

	begun := make(chan struct{})
	server := run(t, service(new(log), slow(begun, nil)), settings(t, "DRAIN_TIMEOUT=20ms"))
	cut := make(chan error)

	go func() {
		_, err := server.get(t, "/things/1")
		cut <- err
	}()

	<-begun
	server.stop()

	require.ErrorContains(t, <-server.ended, "DRAIN_TIMEOUT")
	assert.Error(t, <-cut)
}

func TestTheErrorOfAPortInUseNamesIt(t *testing.T) {
	t.Parallel()

	taken, err := httpserver.Listen(t.Context(), settings(t))
	require.NoError(t, err)

	defer taken.Close()

	cfg := settings(t)
	cfg.Port = taken.Addr().(*net.TCPAddr).Port

	_, err = httpserver.Listen(t.Context(), cfg)
	assert.ErrorContains(t, err, "(PORT)")
}

const (
	waitFor = 10 * time.Second
	tick    = 2 * time.Millisecond
)
