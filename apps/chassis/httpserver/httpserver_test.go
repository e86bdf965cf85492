package httpserver_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/httpserver"
	"github.com/msur/platform/apps/chassis/logs"
	"github.com/msur/platform/apps/chassis/metrics"
)

// log is the log of a service.
type log struct{ contracttest.Journal }

// records returns the records with a message.
func (l *log) records(t *testing.T, message string) []map[string]any {
	t.Helper()

	var found []map[string]any

	for line := range strings.Lines(l.String()) {
		var record map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &record))

		if record["msg"] == message {
			found = append(found, record)
		}
	}

	return found
}

// service has one route, GET /things/{id}.
func service(log *log, handler http.HandlerFunc) httpserver.Service {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /things/{id}", handler)

	logger := logs.New(log)

	return httpserver.Service{
		Routes: routes, Log: logger, Health: health.New(logger, time.Now), Metrics: metrics.New(),
	}
}

func settings(t *testing.T, variables ...string) httpserver.Config {
	t.Helper()

	r := config.NewReader(append([]string{"PORT=0", "DRAIN_DELAY=0s"}, variables...))
	cfg := httpserver.ReadConfig(r, 5501, "/things")
	require.NoError(t, r.Err())

	return cfg
}

func ok(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

func do(t *testing.T, handler http.Handler, method, target string, header ...[2]string) *httptest.ResponseRecorder {
	t.Helper()

	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for _, pair := range header {
		r.Header.Set(pair[0], pair[1])
	}

	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)

	return w
}

func TestProbesAndMetricsAreServed(t *testing.T) {
	t.Parallel()

	var log log

	handler := service(&log, ok).Handler(settings(t))

	for _, path := range []string{"/ping", "/health", "/metrics"} {
		assert.Equal(t, http.StatusOK, do(t, handler, http.MethodGet, path).Code, path)
	}

	assert.Empty(t, log.records(t, "request"), "probes that pass are not worth a line")
	assert.Contains(t, do(t, handler, http.MethodGet, "/metrics").Body.String(),
		`http_requests_total{code="200",method="GET",route="/ping"} 1`)
}

func TestAnAnswerIsLoggedAndCountedByRoute(t *testing.T) {
	t.Parallel()

	var log log

	handler := service(&log, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("hello"))
	}).Handler(settings(t))

	do(t, handler, http.MethodGet, "/things/1?a=b", [2]string{"X-Request-ID", "mine"})

	records := log.records(t, "request")
	require.Len(t, records, 1)
	assert.Subset(t, records[0], map[string]any{
		"method": "GET", "path": "/things/1", "query": "a=b", "route": "GET /things/{id}", "status": 200.0, "bytes": 5.0,
		"request_id": "mine",
	})
	assert.Contains(t, do(t, handler, http.MethodGet, "/metrics").Body.String(),
		`http_requests_total{code="200",method="GET",route="/things/{id}"} 1`)
}

func TestAnEmptyAnswerIs200(t *testing.T) {
	t.Parallel()

	var log log

	handler := service(&log, func(http.ResponseWriter, *http.Request) {}).Handler(settings(t))

	require.Equal(t, http.StatusOK, do(t, handler, http.MethodGet, "/things/1").Code, "so says net/http")
	assert.InDelta(t, http.StatusOK, log.records(t, "request")[0]["status"], 0)
	assert.Contains(t, do(t, handler, http.MethodGet, "/metrics").Body.String(),
		`http_requests_total{code="200",method="GET",route="/things/{id}"} 1`)
}

func TestAnUnknownPathGetsAProblem(t *testing.T) {
	t.Parallel()

	handler := service(new(log), ok).Handler(settings(t))

	w := do(t, handler, http.MethodGet, "/none", [2]string{"X-Request-ID", "mine"})
	assert.Equal(t, http.StatusNotFound, w.Code)
	assert.JSONEq(t, `{"title": "Not Found", "status": 404, "detail": "there is nothing at this path",
		"requestId": "mine"}`, w.Body.String())

	w = do(t, handler, http.MethodPost, "/things/1")
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
	assert.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
	assert.Contains(t, w.Body.String(), "this path allows GET, HEAD")
	assert.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
}

func TestA404OfARouteIsItsOwn(t *testing.T) {
	t.Parallel()

	handler := service(new(log), func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("no such thing"))
	}).Handler(settings(t))

	w := do(t, handler, http.MethodGet, "/things/1")
	assert.Equal(t, http.StatusNotFound, w.Code)
	assert.Equal(t, "no such thing", w.Body.String())
}

func TestAnUncleanPathIsRedirected(t *testing.T) {
	t.Parallel()

	w := do(t, service(new(log), ok).Handler(settings(t)), http.MethodGet, "/none//x?a=b")

	assert.Equal(t, http.StatusTemporaryRedirect, w.Code)
	assert.Equal(t, "/none/x?a=b", w.Header().Get("Location"))
	assert.NotContains(t, w.Body.String(), "there is nothing")
}

func TestAProbeOnlyReads(t *testing.T) {
	t.Parallel()

	handler := service(new(log), ok).Handler(settings(t))

	assert.Equal(t, http.StatusOK, do(t, handler, http.MethodHead, "/ping").Code)
	assert.Equal(t, http.StatusNotFound, do(t, handler, http.MethodPost, "/ping").Code)
}

func TestAPanicGetsAProblem(t *testing.T) {
	t.Parallel()

	var log log

	handler := service(&log, func(http.ResponseWriter, *http.Request) { panic("hunter2") }).Handler(settings(t))

	w := do(t, handler, http.MethodGet, "/things/1")

	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.NotContains(t, w.Body.String(), "hunter2")
	require.Len(t, log.records(t, "a handler panicked"), 1)
	assert.Contains(t, log.records(t, "a handler panicked")[0]["stack"], "httpserver_test.go")
	assert.InDelta(t, 500, log.records(t, "request")[0]["status"], 0)
}

func TestAPanicAfterTheAnswerBeganClosesTheConnection(t *testing.T) {
	t.Parallel()

	handler := service(new(log), func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		panic("late")
	}).Handler(settings(t))

	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { do(t, handler, http.MethodGet, "/things/1") })
}
