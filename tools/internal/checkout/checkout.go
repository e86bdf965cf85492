// Package checkout copies the checkout, for tests of the tools that change it.
package checkout

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Copy returns a copy of the checkout at root, with the built tools. It skips the test if they are missing.
func Copy(t *testing.T, root string) string {
	t.Helper()

	tools, err := filepath.Abs(filepath.Join(root, ".rehearsal", "bin"))
	require.NoError(t, err)

	if _, err := os.Stat(filepath.Join(tools, "rehearsal")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("found no rehearsal: run make rehearsal (with CI=true, no test is skipped)")
		}

		t.Skip("found no rehearsal: run make rehearsal")
	}

	files, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "-z", "--cached", "--others",
		"--exclude-standard", "--deduplicate").Output()
	require.NoError(t, err)

	folder := t.TempDir()

	for file := range strings.SplitSeq(strings.TrimRight(string(files), "\x00"), "\x00") {
		from := filepath.Join(root, file)

		info, err := os.Stat(from)
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}

		require.NoError(t, err)

		text, err := os.ReadFile(filepath.Clean(from))
		require.NoError(t, err)

		target := filepath.Join(folder, file)
		require.NoError(t, os.MkdirAll(filepath.Dir(target), 0o750))
		require.NoError(t, os.WriteFile(target, text, info.Mode().Perm()))
	}

	require.NoError(t, os.MkdirAll(filepath.Join(folder, ".rehearsal"), 0o750))
	require.NoError(t, os.Symlink(tools, filepath.Join(folder, ".rehearsal", "bin")))

	return folder
}

// Run runs a program that must succeed, and returns its output.
func Run(t *testing.T, folder, name string, args ...string) string {
	t.Helper()

	var text bytes.Buffer

	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir, command.Stdout, command.Stderr = folder, &text, &text
	require.NoError(t, command.Run(), "%s %s in %s:\n%s", name, strings.Join(args, " "), folder, &text)

	return text.String()
}
