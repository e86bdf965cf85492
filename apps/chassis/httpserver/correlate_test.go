package httpserver_test

import (
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/propagation"

	"github.com/msur/platform/apps/chassis/traces/tracestest"
)

func TestAValidRequestIDIsKeptAndAnInvalidOneReplaced(t *testing.T) {
	t.Parallel()

	handler := service(new(log), ok).Handler(settings(t))

	w := do(t, handler, http.MethodGet, "/things/1", [2]string{"X-Request-ID", "a-1.B_2"})
	assert.Equal(t, "a-1.B_2", w.Header().Get("X-Request-ID"))

	for _, insane := range []string{"", "a b", "a\"b", strings.Repeat("a", 65)} {
		w := do(t, handler, http.MethodGet, "/things/1", [2]string{"X-Request-ID", insane})
		assert.Regexp(t, `^[A-Z2-7]{26}$`, w.Header().Get("X-Request-ID"), insane)
	}
}

func TestTheTraceContextIsLoggedAndPassedOn(t *testing.T) {
	t.Parallel()

	const (
		parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
		state  = "vendor=value"
	)

	var (
		log  log
		next http.Header
	)

	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { next = r.Header }))
	defer other.Close()

	handler := service(&log, func(_ http.ResponseWriter, r *http.Request) {
		call, err := http.NewRequestWithContext(r.Context(), http.MethodGet, other.URL, nil)
		assert.NoError(t, err)

		propagation.TraceContext{}.Inject(r.Context(), propagation.HeaderCarrier(call.Header))

		answer, err := http.DefaultClient.Do(call)
		assert.NoError(t, err)
		assert.NoError(t, answer.Body.Close())
	}).Handler(settings(t))

	do(t, handler, http.MethodGet, "/things/1", [2]string{"Traceparent", parent}, [2]string{"Tracestate", state})

	assert.Equal(t, parent, next.Get("Traceparent"))
	assert.Equal(t, state, next.Get("Tracestate"))
	assert.Equal(t, "4bf92f3577b34da6a3ce929d0e0e4736", log.records(t, "request")[0]["trace_id"])
}

func TestARequestHasADeadline(t *testing.T) {
	t.Parallel()

	var left time.Duration

	handler := service(new(log), func(_ http.ResponseWriter, r *http.Request) {
		deadline, is := r.Context().Deadline()
		assert.True(t, is)

		left = time.Until(deadline)
	}).Handler(settings(t, "REQUEST_TIMEOUT=30s"))

	w := do(t, handler, http.MethodGet, "/things/1")

	require.Equal(t, http.StatusOK, w.Code)
	assert.Greater(t, left, 20*time.Second)
	assert.LessOrEqual(t, left, 30*time.Second)
}

func TestRoutesAreServedAtThePathThatCallersUse(t *testing.T) {
	t.Parallel()

	for path, target := range map[string]string{
		"/api/things": "/api/things/1?a=b", "/other": "/other/a%2Fb", "/things": "/things/1", "/th": "/th/1",
	} {
		var log log

		handler := service(&log, func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(r.PathValue("id")))
		}).Handler(settings(t, "API_PATH="+path))

		w := do(t, handler, http.MethodGet, target)
		assert.Equal(t, http.StatusOK, w.Code, target)
		assert.Equal(t, strings.NewReplacer("%2F", "/", "?a=b", "").Replace(strings.TrimPrefix(target, path+"/")),
			w.Body.String())
		assert.Equal(t, "GET /things/{id}", log.records(t, "request")[0]["route"])
		assert.Equal(t, http.StatusNotFound, do(t, handler, http.MethodGet, path+"x/1").Code, "another path")
		assert.Equal(t, http.StatusOK, do(t, handler, http.MethodGet, "/ping").Code)
	}
}

func TestARequestIsASpanOfTheCallersTrace(t *testing.T) {
	t.Parallel()

	const trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"

	var log log

	receiver := tracestest.Start(t)
	cfg := settings(t, "OTEL_EXPORTER_OTLP_ENDPOINT="+receiver.URL)
	s := service(&log, ok)

	tracer, stop, err := cfg.Traces.Start(t.Context(), s.Log)
	require.NoError(t, err)

	s.Tracer = tracer
	handler := s.Handler(cfg)
	header := [2]string{"Traceparent", "00-" + trace + "-" + parent + "-01"}

	do(t, handler, http.MethodGet, "/things/1", header)
	do(t, handler, http.MethodGet, "/ping", header)
	stop()

	span := receiver.Await(t, "GET /things/{id}")
	assert.Equal(t, trace, hex.EncodeToString(span.GetTraceId()))
	assert.Equal(t, parent, hex.EncodeToString(span.GetParentSpanId()))
	assert.Equal(t, hex.EncodeToString(span.GetSpanId()), log.records(t, "request")[0]["span_id"])
	assert.Empty(t, receiver.Find("GET /ping"), "probes are not traced")
	assert.Empty(t, receiver.Find("GET"), "each span has the name of its route")
	assert.True(t, receiver.Came("things"))
}
