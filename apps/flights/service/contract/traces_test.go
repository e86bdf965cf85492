package contract_test

import (
	"testing"

	"github.com/msur/platform/apps/chassis/traces/tracestest"
	"github.com/stretchr/testify/assert"
)

func TestARequestForFlightsIsATrace(t *testing.T) {
	t.Parallel()

	receiver := tracestest.Start(t)
	s := start(t, embedded(t).Environ("OTEL_EXPORTER_OTLP_ENDPOINT="+receiver.URL))

	s.get(t, anyFlight)

	request, query := receiver.Await(t, "GET /flights"), receiver.Await(t, "SELECT")

	assert.Equal(t, request.GetSpanId(), query.GetParentSpanId())
	assert.True(t, receiver.Came("flights"))
}
