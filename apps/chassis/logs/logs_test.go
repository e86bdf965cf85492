package logs_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace"

	"github.com/msur/platform/apps/chassis/logs"
)

func TestALogLineHasItsRequestAndTrace(t *testing.T) {
	t.Parallel()

	span := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}})
	ctx := trace.ContextWithRemoteSpanContext(logs.WithRequestID(t.Context(), "abc"), span)

	var text bytes.Buffer
	logs.New(&text).With("a", 1).InfoContext(ctx, "hello")

	var record map[string]any
	require.NoError(t, json.Unmarshal(text.Bytes(), &record))

	assert.Equal(t, "hello", record["msg"])
	assert.Equal(t, "abc", record["request_id"])
	assert.Equal(t, "01000000000000000000000000000000", record["trace_id"])
	assert.Equal(t, "0200000000000000", record["span_id"])
}

func TestALogLineOutsideARequestHasNeither(t *testing.T) {
	t.Parallel()

	var text bytes.Buffer
	logs.New(&text).WithGroup("g").Info("hello")

	assert.NotContains(t, text.String(), "request_id")
	assert.NotContains(t, text.String(), "trace_id")
	assert.Empty(t, logs.RequestID(t.Context()))
}
