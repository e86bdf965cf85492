package traces_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/logs"
	"github.com/msur/platform/apps/chassis/traces"
	"github.com/msur/platform/apps/chassis/traces/tracestest"
)

func TestTheStandardVariablesSayWhereSpansGo(t *testing.T) {
	t.Parallel()

	const base, exact = "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318/a", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://d/b"

	for name, test := range map[string]struct {
		environ []string
		url     string
	}{
		"off by default":       {nil, ""},
		"below an endpoint":    {[]string{base}, "http://c:4318/a/v1/traces"},
		"at an exact endpoint": {[]string{base, exact}, "https://d/b"},
		"disabled":             {[]string{base, "OTEL_SDK_DISABLED=true"}, ""},
		"no exporter":          {[]string{base, "OTEL_TRACES_EXPORTER=none"}, ""},
	} {
		r := config.NewReader(test.environ)
		assert.Equal(t, test.url, traces.ReadConfig(r, "things").URL, name)
		assert.NoError(t, r.Err(), name)
	}
}

func TestInvalidVariablesAreNamed(t *testing.T) {
	t.Parallel()

	for name, value := range map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://",
		"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_TRACES_EXPORTER": "zipkin", "OTEL_SDK_DISABLED": "yes",
	} {
		r := config.NewReader([]string{name + "=" + value})
		traces.ReadConfig(r, "things")
		assert.ErrorContains(t, r.Err(), name)
	}
}

func TestACallIsASpanBelowItsRequest(t *testing.T) {
	t.Parallel()

	receiver := tracestest.Start(t)
	tracer, stop, err := traces.Config{Service: "things", URL: receiver.URL + "/v1/traces"}.
		Start(t.Context(), logs.New(new(bytes.Buffer)))
	require.NoError(t, err)

	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/things/1?customer=secret", nil)
	ctx, span := traces.Request(t.Context(), tracer, r)

	_, end := traces.Call(ctx, "mysql", "SELECT")
	end(assert.AnError)
	traces.Answered(span, "GET /things/{id}", http.StatusServiceUnavailable)
	stop()

	request, call := receiver.Await(t, "GET /things/{id}"), receiver.Await(t, "SELECT")
	assert.Equal(t, request.GetSpanId(), call.GetParentSpanId())
	assert.Equal(t, request.GetTraceId(), call.GetTraceId())
	assert.Equal(t, assert.AnError.Error(), call.GetStatus().GetMessage())
	assert.Equal(t, "mysql", tracestest.Attribute(call, "db.system.name"))
	assert.Equal(t, "Service Unavailable", request.GetStatus().GetMessage())
	assert.Equal(t, "/things/1", tracestest.Attribute(request, "url.path"))
	assert.Equal(t, "/things/{id}", tracestest.Attribute(request, "http.route"))
	assert.NotContains(t, request.String(), "secret")
	assert.True(t, receiver.Came("things"))
}

func TestTheHeadersForTheReceiverAreSent(t *testing.T) {
	t.Parallel()

	var got http.Header

	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header }))
	t.Cleanup(receiver.Close)

	r := config.NewReader([]string{
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=" + receiver.URL, "OTEL_EXPORTER_OTLP_HEADERS=api-key=a%20b, tenant=c",
	})
	cfg := traces.ReadConfig(r, "things")
	require.NoError(t, r.Err())

	tracer, stop, err := cfg.Start(t.Context(), logs.New(new(bytes.Buffer)))
	require.NoError(t, err)

	_, span := tracer.Start(t.Context(), "sent")
	span.End()
	stop()
	assert.Equal(t, "a b", got.Get("Api-Key"))
	assert.Equal(t, "c", got.Get("Tenant"))
	assert.Equal(t, "application/x-protobuf", got.Get("Content-Type"))
}

func TestAnInvalidHeaderIsNotPrinted(t *testing.T) {
	t.Parallel()

	for _, value := range []string{"secret", "=secret", "api-key=%secret", "a=b,secret"} {
		r := config.NewReader([]string{"OTEL_EXPORTER_OTLP_HEADERS=" + value})
		traces.ReadConfig(r, "things")
		require.ErrorContains(t, r.Err(), "OTEL_EXPORTER_OTLP_HEADERS")
		assert.NotContains(t, r.Err().Error(), "secret")
	}
}

// The chart sets these variables.
//
//nolint:paralleltest // OpenTelemetry reads the environment of the process
func TestAShareOfRequestsIsTraced(t *testing.T) {
	for share, sent := range map[string]int{"0": 0, "1": 1} {
		t.Setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
		t.Setenv("OTEL_TRACES_SAMPLER_ARG", share)

		receiver := tracestest.Start(t)
		tracer, stop, err := traces.Config{URL: receiver.URL + "/v1/traces"}.Start(t.Context(), logs.New(new(bytes.Buffer)))
		require.NoError(t, err)

		_, span := tracer.Start(t.Context(), "request")
		span.End()
		stop()
		assert.Len(t, receiver.Find("request"), sent, share)
	}
}

func TestSpansThatAReceiverRefusesAreLogged(t *testing.T) {
	t.Parallel()

	var log bytes.Buffer

	refusing := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(refusing.Close)

	tracer, stop, err := traces.Config{URL: refusing.URL}.Start(t.Context(), logs.New(&log))
	require.NoError(t, err)

	_, span := tracer.Start(t.Context(), "lost")
	span.End()
	stop()
	assert.Contains(t, log.String(), `"spans":1`)
	assert.Contains(t, log.String(), refusing.URL)
}

//nolint:paralleltest // AllocsPerRun counts the allocations of all goroutines
func TestWithoutASpanACallCostsNothing(t *testing.T) {
	ctx := t.Context()

	assert.Zero(t, testing.AllocsPerRun(100, func() {
		_, end := traces.Call(ctx, "mysql", "SELECT")
		end(nil)
	}))
}
