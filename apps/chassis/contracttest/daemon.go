package contracttest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Need skips a test without a program, and names the Debian package with it. In CI, the test fails.
func Need(t testing.TB, program, debian string) {
	t.Helper()

	if _, err := exec.LookPath(program); err == nil {
		return
	}

	const missing = "found no %s: apt-get install %s"
	if os.Getenv("CI") == "true" {
		t.Fatalf(missing, program, debian)
	}

	t.Skipf(missing, program, debian)
}

// FreeAddress returns a free host:port of this machine.
func FreeAddress(t testing.TB) string {
	t.Helper()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())

	return listener.Addr().String()
}

// Daemon is the server of a store, in a process of its own. A test can kill it and start it again.
type Daemon struct {
	// Endpoint is host:port.
	Endpoint string
	// Folder gets the log.
	Folder    string
	Program   string
	Arguments []string

	process *exec.Cmd
}

// Start starts the server, until the test ends, and waits until it listens.
func (d *Daemon) Start(t testing.TB) {
	t.Helper()

	log, err := os.Create(filepath.Join(d.Folder, "log"))
	require.NoError(t, err)

	d.process = exec.Command(d.Program, d.Arguments...)
	d.process.Stdout, d.process.Stderr = log, log
	require.NoError(t, d.process.Start())
	t.Cleanup(d.Kill)

	require.Eventually(t, func() bool {
		connection, err := net.Dial("tcp", d.Endpoint)

		return err == nil && connection.Close() == nil
	}, time.Minute, tick, "waiting for %s at %s: see %s", d.Program, d.Endpoint, log.Name())
}

// Signal sends a signal. SIGSTOP makes the server hang until SIGCONT.
func (d *Daemon) Signal(t testing.TB, signal os.Signal) {
	t.Helper()
	require.NoError(t, d.process.Process.Signal(signal))
}

// Kill kills the server, as a failing machine would.
func (d *Daemon) Kill() {
	d.process.Process.Kill()
	d.process.Wait()
}
