package httpserver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/apps/chassis/logs"
)

func TestTimeoutsOfAConnection(t *testing.T) {
	t.Parallel()

	for _, timeout := range []time.Duration{time.Second, time.Minute} {
		server := NewServer(nil, timeout, logs.New(t.Output()))

		assert.Greater(t, server.WriteTimeout, server.ReadTimeout, "whose body does not come is told so")
		assert.Greater(t, server.WriteTimeout, timeout, "whose answer took too long is told so")
		assert.Greater(t, server.IdleTimeout, 90*time.Second, "Traefik closes a connection before we do")
	}
}
