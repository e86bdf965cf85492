// Package redistest starts stores for tests: a server inside the test, and Redis from Debian's package.
package redistest

import (
	"net/netip"
	"strconv"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"github.com/msur/platform/apps/chassis/contracttest"
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

// Environ returns the variables of a service that uses the store.
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

// Redis is a server that a test can kill and start again. It writes each command to disk before it answers.
type Redis struct {
	Server
	*contracttest.Daemon
}

// Real starts Redis. Without Redis the test is skipped, or fails in CI.
func Real(t testing.TB, options ...string) *Redis {
	t.Helper()
	contracttest.Need(t, "redis-server", "redis-server")

	server, folder := Server{contracttest.FreeAddress(t)}, t.TempDir()
	r := &Redis{server, &contracttest.Daemon{
		Endpoint: server.Address, Folder: folder, Program: "redis-server", Arguments: append([]string{
			"--bind", server.Host(), "--port", strconv.Itoa(server.Port()), "--dir", folder, "--save", "",
			"--appendonly", "yes", "--appendfsync", "always",
		}, options...),
	}}
	r.Start(t)

	return r
}
