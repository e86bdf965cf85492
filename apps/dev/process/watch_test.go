package process_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/dev/process"
)

func TestChangesOfVisibleFilesAreSeen(t *testing.T) {
	t.Parallel()

	write := func(t *testing.T, path, text string) {
		t.Helper()
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}

	for name, test := range map[string]struct {
		change func(t *testing.T, folder string)
		is     bool
	}{
		"nothing": {change: func(*testing.T, string) {}},
		"an editor's hidden file": {change: func(t *testing.T, folder string) {
			t.Helper()
			write(t, filepath.Join(folder, ".main.go.swp"), "x")
		}},
		"git's folder": {change: func(t *testing.T, folder string) {
			t.Helper()
			write(t, filepath.Join(folder, ".git", "HEAD"), "x")
		}},
		"other content": {is: true, change: func(t *testing.T, folder string) {
			t.Helper()
			write(t, filepath.Join(folder, "api", "api.go"), "package other")
		}},
		"content of the same length": {is: true, change: func(t *testing.T, folder string) {
			t.Helper()

			later := time.Now().Add(time.Hour)
			require.NoError(t, os.Chtimes(filepath.Join(folder, "api", "api.go"), later, later))
		}},
		"a new file": {is: true, change: func(t *testing.T, folder string) {
			t.Helper()
			write(t, filepath.Join(folder, "more", "more.go"), "package more")
		}},
		"a removed file": {is: true, change: func(t *testing.T, folder string) {
			t.Helper()
			require.NoError(t, os.Remove(filepath.Join(folder, "api", "api.go")))
		}},
		"a removed folder": {is: true, change: func(t *testing.T, folder string) {
			t.Helper()
			require.NoError(t, os.RemoveAll(folder))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			folder := filepath.Join(t.TempDir(), "service")
			write(t, filepath.Join(folder, "api", "api.go"), "package api")

			before, err := process.See(folder)
			require.NoError(t, err)

			test.change(t, folder)

			after, err := process.See(folder)
			require.NoError(t, err)
			assert.Equal(t, test.is, before != after)

			if test.is {
				assert.NoError(t, process.Changed(t.Context(), before, folder))
			}
		})
	}
}

// A checkout removes and creates files while See reads the folder.
func TestAFileThatDisappearsMeanwhileIsNoError(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)

	go func() {
		for ctx.Err() == nil {
			for _, name := range []string{"a/b/c.go", "d.go", "e/f.go"} {
				path := filepath.Join(folder, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
					done <- err

					return
				}

				if err := os.WriteFile(path, nil, 0o600); err != nil {
					done <- err

					return
				}
			}

			for _, name := range []string{"a", "d.go", "e"} {
				os.RemoveAll(filepath.Join(folder, name))
			}
		}

		done <- nil
	}()

	for range 5000 {
		_, err := process.See(folder)
		require.NoError(t, err)
	}

	stop()
	require.NoError(t, <-done)
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	seen, err := process.See(folder)
	require.NoError(t, err)

	ctx, stop := context.WithCancel(t.Context())
	stop()

	require.ErrorIs(t, process.Changed(ctx, seen, folder), context.Canceled)
}
