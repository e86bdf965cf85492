package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/require"
)

// copyCheckout copies the working tree with its uncommitted changes, and pushes it to the bare repository that Argo CD
// reads.
func (e *environment) copyCheckout(root string) {
	e.t.Helper()

	listed := git(e, root, "ls-files", "--cached", "--others", "--exclude-standard", "-z")

	for name := range strings.SplitSeq(strings.TrimSuffix(listed, "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // a deletion that is not committed yet
		}

		require.NoError(e.t, err)

		info, err := os.Stat(filepath.Join(root, name))
		require.NoError(e.t, err)
		e.write(name, string(text))
		require.NoError(e.t, os.Chmod(filepath.Join(e.checkout, name), info.Mode()))
	}

	repository := filepath.Join(e.cluster, "repository.git")
	git(e, "", "init", "--quiet", "--bare", repository)

	script := filepath.Join(root, "tools", "environments.sh")
	branch, err := exec.CommandContext(e.t.Context(), script, "branch", e.stack).Output()
	require.NoError(e.t, err)
	git(e, "", "init", "--quiet", "--initial-branch", strings.TrimSpace(string(branch)), e.checkout)
	git(e, e.checkout, "remote", "add", "origin", repository)
	e.commit("the working tree")
}

// commit commits all changes of the checkout, and pushes them.
func (e *environment) commit(message string) {
	e.t.Helper()

	git(e, e.checkout, "add", "--all")
	git(e, e.checkout, "commit", "--quiet", "--allow-empty", "--message", message)
	git(e, e.checkout, "push", "--quiet", "origin", "HEAD")
}

// revert reverts the last commit, and pushes the result.
func (e *environment) revert() {
	e.t.Helper()

	git(e, e.checkout, "revert", "--no-edit", "HEAD")
	git(e, e.checkout, "push", "--quiet", "origin", "HEAD")
}

// read reads a file of the checkout, and write writes one.
func (e *environment) read(name string) string {
	e.t.Helper()

	text, err := os.ReadFile(filepath.Join(e.checkout, filepath.FromSlash(name)))
	require.NoError(e.t, err)

	return string(text)
}

func (e *environment) write(name, text string) {
	e.t.Helper()

	path := filepath.Join(e.checkout, filepath.FromSlash(name))
	require.NoError(e.t, os.MkdirAll(filepath.Dir(path), 0o750))
	require.NoError(e.t, os.WriteFile(path, []byte(text), 0o600))
}

// edit replaces a string in a file of the checkout.
func (e *environment) edit(name, old, replacement string) {
	e.t.Helper()

	before := e.read(name)
	require.Contains(e.t, before, old, name)
	e.write(name, strings.Replace(before, old, replacement, 1))
}

// git runs git without the user's settings, and returns its output.
func git(e *environment, folder string, args ...string) string {
	e.t.Helper()

	command := exec.CommandContext(e.t.Context(), "git", args...)
	command.Dir = folder

	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=e2e", "GIT_AUTHOR_EMAIL=e2e@example.com", "GIT_COMMITTER_NAME=e2e",
		"GIT_COMMITTER_EMAIL=e2e@example.com")

	output, err := command.CombinedOutput()
	require.NoError(e.t, err, "git %s\n%s", strings.Join(args, " "), output)

	return string(output)
}

// useCharts replaces the charts and the values of releases in the checkout by those of a folder.
func (e *environment) useCharts(folder string) {
	e.t.Helper()

	for _, service := range services() {
		for _, part := range []string{"chart", "environments"} {
			require.NoError(e.t, os.RemoveAll(filepath.Join(e.checkout, "apps", service, part)))
			require.NoError(e.t, os.CopyFS(filepath.Join(e.checkout, "apps", service, part),
				os.DirFS(filepath.Join(folder, "apps", service, part))))
		}
	}
}
