package process_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

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

// run runs a program with its arguments, and returns its log.
func run(ctx context.Context, watch func([]byte), program string, args ...string) (string, error) {
	var printed bytes.Buffer

	output := &process.Output{Log: process.NewLog(&printed, 6), Name: "shop", Watch: watch}
	err := process.Run(ctx, output, []string{"NAME=value"}, program, args...)

	return printed.String(), err
}

func ignore([]byte) {}

func TestEachLineIsLoggedWithItsName(t *testing.T) {
	t.Parallel()

	var watched []string

	watch := func(line []byte) { watched = append(watched, string(line)) }
	printed, err := run(t.Context(), watch, "/bin/sh", "-c", `echo "$NAME"; echo wrong >&2; printf last`)
	require.NoError(t, err)
	assert.Equal(t, "shop   | value\nshop   | wrong\nshop   | last\n", printed)
	assert.Equal(t, []string{"value", "wrong", "last"}, watched)
}

func TestRunReturnsTheExitCode(t *testing.T) {
	t.Parallel()

	for script, code := range map[string]int{"exit 2": 2, "kill -KILL $$": 1} {
		_, err := run(t.Context(), ignore, "/bin/sh", "-c", script)

		var ended *exec.ExitError

		require.ErrorAs(t, err, &ended, script)
		assert.Equal(t, code, ended.ExitCode(), script)
	}

	printed, err := run(t.Context(), ignore, filepath.Join(t.TempDir(), "none"))
	require.Error(t, err)
	assert.Contains(t, printed, "no such file")
}

func TestAProgramCanStopGracefullyWhenItsContextEnds(t *testing.T) {
	t.Parallel()

	ctx, stop := context.WithCancel(t.Context())
	defer stop()

	script := `trap 'kill $!; echo stopping; exit 0' TERM; sleep 60 >/dev/null 2>&1 & echo up; wait`
	printed, err := run(ctx, func(line []byte) {
		if string(line) == "up" {
			stop()
		}
	}, "/bin/sh", "-c", script)
	require.NoError(t, err)
	assert.Contains(t, printed, "stopping")
}

func TestALongLineIsOneLine(t *testing.T) {
	t.Parallel()

	var got int

	_, err := run(t.Context(), func(line []byte) { got = len(line) }, "/bin/sh", "-c", "printf '%0131072d' 0")
	require.NoError(t, err)
	assert.Equal(t, 1<<17, got)
}
