package contracttest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/logs"
)

// asService has a test's own program be the service.
const asService = "CONTRACTTEST_AS_SERVICE"

// Main is a TestMain. Where Process has started the test's own program, it is the service: there are several processes
// without another build.
func Main(m *testing.M, program command.Program) {
	if os.Getenv(asService) == "" {
		os.Exit(m.Run())
	}

	os.Exit(program.Run(context.Background(), []string{"serve"}, os.Environ(), logs.New(os.Stdout), os.Stderr))
}

// Process starts the service in a process of its own, until the test ends, and returns where it listens. Where the test
// fails it shows what the service has logged of errors.
func Process(t testing.TB, environ []string) string {
	t.Helper()

	self, err := os.Executable()
	require.NoError(t, err)

	file := filepath.Join(t.TempDir(), "log")
	log, err := os.Create(file)
	require.NoError(t, err)

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	started := exec.CommandContext(ctx, self)
	started.Env = slices.Concat(environ, []string{asService + "=yes"})
	started.Stdout, started.Stderr = log, log
	started.WaitDelay = time.Second
	require.NoError(t, started.Start())
	t.Cleanup(func() {
		stop()
		require.Error(t, started.Wait(), "it is killed at the end of the test, and does not end before")
		require.NoError(t, log.Close())

		if t.Failed() {
			t.Log(errorsIn(read(t, file)))
		}
	})

	url := ""

	require.Eventually(t, func() bool {
		url = Listening(read(t, file))

		return url != ""
	}, waitFor, tick, "awaited the address in %s", file)

	return url
}
