// Package redistest starts stores for tests: one inside the test, and Redis as Debian packages it.
package redistest

import (
	"net/netip"
	"strconv"
	"testing"

	"github.com/alicebob/miniredis/v2"
)

// Server is a store that runs until its test ends.
type Server struct {
	// Address is host:port.
	Address string
}

// Host is the host of the address.
func (s Server) Host() string { return netip.MustParseAddrPort(s.Address).Addr().String() }

// Port is the port of the address.
func (s Server) Port() int { return int(netip.MustParseAddrPort(s.Address).Port()) }

// Environ are the variables with which the service finds the store.
func (s Server) Environ(more ...string) []string {
	return append([]string{
		"REDIS_HOST=" + s.Host(), "REDIS_PORT=" + strconv.Itoa(s.Port()), "REDIS_TLS=off", "PORT=0", "DRAIN_DELAY=0s",
	}, more...)
}

// Embedded starts a store inside the test.
func Embedded(t testing.TB) (*miniredis.Miniredis, Server) {
	t.Helper()

	running := miniredis.RunT(t)

	return running, Server{Address: running.Addr()}
}
