package httpserver_test

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/httpserver"
)

func TestAServerListensAtItsAddress(t *testing.T) {
	t.Parallel()

	for address, check := range map[string]func(net.IP) bool{"": net.IP.IsUnspecified, "127.0.0.1": net.IP.IsLoopback} {
		listener, err := httpserver.Listen(t.Context(), settings(t, "LISTEN_ADDRESS="+address))
		require.NoError(t, err)

		at, is := listener.Addr().(*net.TCPAddr)
		require.True(t, is)
		assert.True(t, check(at.IP), "LISTEN_ADDRESS=%s listens at %s", address, at)
		require.NoError(t, listener.Close())
	}

	// An address of nobody's (RFC 5737).
	_, err := httpserver.Listen(t.Context(), settings(t, "LISTEN_ADDRESS=192.0.2.1"))
	require.ErrorContains(t, err, `"192.0.2.1" (LISTEN_ADDRESS)`)
}
