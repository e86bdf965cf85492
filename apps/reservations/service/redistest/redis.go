package redistest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Redis is a server that can be killed and started again. It has written down what it answers.
type Redis struct {
	Server

	folder  string
	options []string
	process *exec.Cmd
}

// Real starts a Redis of its own for a test, with more options. Where there is none the test is skipped, and fails in
// CI.
func Real(t testing.TB, options ...string) *Redis {
	t.Helper()

	if _, err := exec.LookPath("redis-server"); err != nil {
		const missing = "there is no redis-server; apt-get install redis-server"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}

		t.Skip(missing)
	}

	r := &Redis{Server: Server{Address: freeAddress(t)}, folder: t.TempDir(), options: options}
	r.Start(t)

	return r
}

const tick = 5 * time.Millisecond

func freeAddress(t testing.TB) string {
	t.Helper()

	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed at once
	require.NoError(t, err)
	require.NoError(t, listener.Close())

	return listener.Addr().String()
}

// Start starts the server, at the same address as before and with the same data.
func (r *Redis) Start(t testing.TB) {
	t.Helper()

	_, port, err := net.SplitHostPort(r.Address)
	require.NoError(t, err)

	log, err := os.Create(filepath.Join(r.folder, "log"))
	require.NoError(t, err)

	arguments := slices.Concat([]string{
		"--bind", "127.0.0.1", "--port", port, "--dir", r.folder, "--save", "",
		"--appendonly", "yes", "--appendfsync", "always",
	}, r.options)
	r.process = exec.Command("redis-server", arguments...) //nolint:gosec,noctx // our own arguments; Kill ends it
	r.process.Stdout, r.process.Stderr = log, log
	require.NoError(t, r.process.Start())
	t.Cleanup(r.Kill)

	require.Eventually(t, func() bool {
		connection, err := net.Dial("tcp", r.Address) //nolint:noctx // to this machine
		if err != nil {
			return false
		}

		return connection.Close() == nil
	}, time.Minute, tick, "awaited Redis at %s; see %s/log", r.Address, r.folder)
}

// Options are those with which the server starts from now on.
func (r *Redis) Options(options ...string) { r.options = options }

// Signal stops the process and lets it go on, with SIGSTOP and SIGCONT: a server that hangs.
func (r *Redis) Signal(t testing.TB, signal os.Signal) {
	t.Helper()
	require.NoError(t, r.process.Process.Signal(signal))
}

// Kill ends the server as a failing machine would.
func (r *Redis) Kill() {
	r.process.Process.Kill() //nolint:errcheck // it may be dead already
	r.process.Wait()         //nolint:errcheck // killed, it ends with an error
}
