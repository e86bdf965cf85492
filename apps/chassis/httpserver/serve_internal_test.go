package httpserver

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/logs"
	"github.com/msur/platform/apps/chassis/metrics"
)

func TestTimeoutsOfAConnection(t *testing.T) {
	t.Parallel()

	log := logs.New(t.Output())
	s := Service{Routes: new(http.ServeMux), Log: log, Health: health.New(log, time.Now), Metrics: metrics.New()}

	for _, timeout := range []time.Duration{time.Second, time.Minute} {
		server := s.server(Config{MaxInFlight: 1, RequestTimeout: timeout})

		assert.Greater(t, server.WriteTimeout, server.ReadTimeout, "whose body does not come is told so")
		assert.Greater(t, server.WriteTimeout, timeout, "whose answer took too long is told so")
		assert.Greater(t, server.IdleTimeout, 90*time.Second, "Traefik closes a connection before we do")
	}
}
