package redistest

import (
	"slices"
	"strconv"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
)

// Redis is a server that can be killed and started again. It has written down what it answers.
type Redis struct {
	Server
	contracttest.Daemon

	folder  string
	options []string
}

// Real starts a Redis of its own for a test, with more options. Where there is none the test is skipped, and fails in
// CI.
func Real(t testing.TB, options ...string) *Redis {
	t.Helper()
	contracttest.Need(t, "redis-server", "redis-server")

	r := &Redis{Server: Server{Address: contracttest.FreeAddress(t)}, folder: t.TempDir(), options: options}
	r.Start(t)

	return r
}

// Start starts the server, at the same address as before and with the same data.
func (r *Redis) Start(t testing.TB) {
	t.Helper()

	r.Daemon.Start(t, r.Address, r.folder, "redis-server", slices.Concat([]string{
		"--bind", r.Host(), "--port", strconv.Itoa(r.Port()), "--dir", r.folder, "--save", "",
		"--appendonly", "yes", "--appendfsync", "always",
	}, r.options)...)
}

// Options are those with which the server starts from now on.
func (r *Redis) Options(options ...string) { r.options = options }
