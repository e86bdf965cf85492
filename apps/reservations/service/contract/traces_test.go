package contract_test

import (
	"testing"

	"github.com/msur/platform/apps/chassis/redis/redistest"
	"github.com/msur/platform/apps/chassis/traces/tracestest"
	"github.com/stretchr/testify/assert"
)

func TestAReservationIsATrace(t *testing.T) {
	t.Parallel()

	receiver := tracestest.Start(t)
	_, store := redistest.Embedded(t)
	s := start(t, store.Environ("OTEL_EXPORTER_OTLP_ENDPOINT="+receiver.URL))

	reserve(t, s, "12B", "werty", "secret")
	seats(t, s, "werty")

	put, pipeline := receiver.Await(t, "PUT /reservations"), receiver.Await(t, "pipeline")
	list, keys := receiver.Await(t, "GET /reservations"), receiver.Await(t, "hkeys")

	assert.Equal(t, put.GetSpanId(), pipeline.GetParentSpanId())
	assert.Equal(t, list.GetSpanId(), keys.GetParentSpanId())
	assert.NotContains(t, put.String()+pipeline.String(), "secret")
	assert.True(t, receiver.Came("reservations"))
}
