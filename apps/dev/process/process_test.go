package process_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/dev/process"
)

// TestMain runs programs for the tests, as the command dev does.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == process.Leash {
		os.Exit(process.Hold(os.Stdin, os.Args[2:]))
	}

	os.Exit(m.Run())
}

// run runs a shell script, and returns its log.
func run(ctx context.Context, script string, watch func([]byte)) (string, error) {
	var printed bytes.Buffer

	shell := process.Program{
		Name: "shop", Path: "/bin/sh", Args: []string{"-c", script}, Environ: []string{"NAME=value"},
	}
	err := shell.Run(ctx, process.NewLog(&printed, 6), watch)

	return printed.String(), err
}

func TestEachLineIsLoggedWithItsName(t *testing.T) {
	t.Parallel()

	var watched []string

	printed, err := run(t.Context(), `echo "$NAME"; echo wrong >&2; printf last`, func(line []byte) {
		watched = append(watched, string(line))
	})
	require.NoError(t, err)
	assert.Equal(t, "shop   | value\nshop   | wrong\nshop   | last\n", printed)
	assert.Equal(t, []string{"value\n", "wrong\n", "last"}, watched)
}

func TestRunReturnsTheExitCode(t *testing.T) {
	t.Parallel()

	for script, code := range map[string]int{"exit 2": 2, "kill -KILL $$": 1} {
		_, err := run(t.Context(), script, func([]byte) {})

		var ended *exec.ExitError

		require.ErrorAs(t, err, &ended, script)
		assert.Equal(t, code, ended.ExitCode(), script)
	}

	none := process.Program{Name: "shop", Path: filepath.Join(t.TempDir(), "none")}

	var printed bytes.Buffer

	require.Error(t, none.Run(t.Context(), process.NewLog(&printed, 0), func([]byte) {}))
	assert.Contains(t, printed.String(), "no such file")
}

func TestAProgramCanStopGracefullyWhenItsContextEnds(t *testing.T) {
	t.Parallel()

	ctx, stop := context.WithCancel(t.Context())
	defer stop()

	script := `trap 'kill $!; echo stopping; exit 0' TERM; sleep 60 >/dev/null 2>&1 & echo up; wait`
	printed, err := run(ctx, script, func(line []byte) {
		if string(line) == "up\n" {
			stop()
		}
	})
	require.NoError(t, err)
	assert.Contains(t, printed, "stopping")
}

func TestTheErrorOfAnUnreadableOutputNamesTheProgram(t *testing.T) {
	t.Parallel()

	log := process.NewLog(&bytes.Buffer{}, 0)
	err := log.Copy("shop", iotest.ErrReader(os.ErrClosed), func([]byte) {})
	require.ErrorIs(t, err, os.ErrClosed)
	require.ErrorContains(t, err, "shop")

	long := strings.Repeat("x", 1<<17)

	var got int

	require.NoError(t, log.Copy("shop", strings.NewReader(long), func(line []byte) { got += len(line) }))
	assert.Len(t, long, got, "a long line")
}
