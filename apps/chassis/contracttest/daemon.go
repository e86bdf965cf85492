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

// Daemon is the server of a store. A test can kill it and start it again.
type Daemon struct{ process *exec.Cmd }

// Start starts the server, until the test ends, and waits until it listens. Its log is in the folder.
func (d *Daemon) Start(t testing.TB, address, folder, program string, arguments ...string) {
	t.Helper()

	log, err := os.Create(filepath.Join(folder, "log"))
	require.NoError(t, err)

	d.process = exec.Command(program, arguments...)
	d.process.Stdout, d.process.Stderr = log, log
	require.NoError(t, d.process.Start())
	t.Cleanup(d.Kill)

	require.Eventually(t, func() bool {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			return false
		}

		return connection.Close() == nil
	}, time.Minute, tick, "waiting for %s at %s: see %s", program, address, log.Name())
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
