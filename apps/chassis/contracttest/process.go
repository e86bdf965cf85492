package contracttest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/logs"
)

// asCommand makes the executable of the test run a command of the service.
const asCommand = "CONTRACTTEST_COMMAND"

// Main is a TestMain. In a process that Process or MinimalProcess has started, it runs the service or the minimal
// handler: the executable of the test is also theirs.
func Main(m *testing.M, program command.Program, minimal Minimal) {
	name := os.Getenv(asCommand)
	if name == "" {
		os.Exit(m.Run())
	}

	program.Commands = append(program.Commands, minimal.command())
	lines := logs.NewBatch(os.Stdout)
	code := program.Run(context.Background(), []string{name}, os.Environ(), logs.New(lines), os.Stderr)
	lines.Flush()
	os.Exit(code)
}

// Process starts the service in a process of its own, until the test ends, and returns its URL. If the test fails, it
// prints the errors in the service's log.
func Process(t testing.TB, environ []string) string {
	t.Helper()

	return process(t, "serve", environ)
}

func process(t testing.TB, name string, environ []string) string {
	t.Helper()

	self, err := os.Executable()
	require.NoError(t, err)

	file := filepath.Join(t.TempDir(), "log")
	log, err := os.Create(file)
	require.NoError(t, err)

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	started := exec.CommandContext(ctx, self)
	started.Env = slices.Concat(environ, []string{asCommand + "=" + name})
	started.Stdout, started.Stderr = log, log
	started.WaitDelay = time.Second
	require.NoError(t, started.Start())
	t.Cleanup(func() {
		stop()
		require.Error(t, started.Wait(), "the service must run until the test kills it")
		require.NoError(t, log.Close())

		if t.Failed() {
			for line := range strings.Lines(read(t, file)) {
				if strings.Contains(line, `"level":"ERROR"`) {
					t.Log(line)
				}
			}
		}
	})

	return awaitURL(t, func() string { return read(t, file) })
}

// read returns the content of a file.
func read(t testing.TB, file string) string {
	t.Helper()

	content, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)

	return string(content)
}
