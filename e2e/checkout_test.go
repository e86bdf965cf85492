package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/require"
)

// copyCheckout copies the working tree, changes that are not committed included, and pushes it to the bare repository
// that Argo CD finds.
func (e *environment) copyCheckout(root string) {
	e.t.Helper()

	listed := git(e, root, "ls-files", "--cached", "--others", "--exclude-standard", "-z")

	for name := range strings.SplitSeq(strings.TrimSuffix(listed, "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // it is deleted, and still to be committed
		}

		require.NoError(e.t, err)

		about, err := os.Stat(filepath.Join(root, name))
		require.NoError(e.t, err)
		e.write(name, string(text))
		require.NoError(e.t, os.Chmod(filepath.Join(e.checkout, name), about.Mode()))
	}

	repository := filepath.Join(e.cluster, "repository.git")
	git(e, "", "init", "--quiet", "--bare", repository)
	git(e, "", "init", "--quiet", "--initial-branch", branches()[e.stack], e.checkout)
	git(e, e.checkout, "remote", "add", "origin", repository)
	e.commit("the working tree")
}

// commit commits all changes of the checkout, and pushes them.
func (e *environment) commit(why string) {
	e.t.Helper()

	git(e, e.checkout, "add", "--all")
	git(e, e.checkout, "commit", "--quiet", "--allow-empty", "--message", why)
	git(e, e.checkout, "push", "--quiet", "origin", "HEAD")
}

// revert takes the last commit back, and pushes that.
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

// edit replaces a text of a file, which must be there.
func (e *environment) edit(name, old, text string) {
	e.t.Helper()

	before := e.read(name)
	require.Contains(e.t, before, old, name)
	e.write(name, strings.Replace(before, old, text, 1))
}

// git runs git, with nothing of the user's own settings, and returns what it prints.
func git(e *environment, folder string, args ...string) string {
	e.t.Helper()

	command := exec.CommandContext(e.t.Context(), "git", args...)
	command.Dir = folder

	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=e2e", "GIT_AUTHOR_EMAIL=e2e@example.com", "GIT_COMMITTER_NAME=e2e",
		"GIT_COMMITTER_EMAIL=e2e@example.com")

	printed, err := command.CombinedOutput()
	require.NoError(e.t, err, "git %s\n%s", strings.Join(args, " "), printed)

	return string(printed)
}

// chartsOf puts the charts of a folder in the place of the checkout's, and what releases decide about them.
func (e *environment) chartsOf(folder string) {
	e.t.Helper()

	for _, service := range services() {
		for _, part := range []string{"chart", "environments"} {
			require.NoError(e.t, os.RemoveAll(filepath.Join(e.checkout, "apps", service, part)))
			require.NoError(e.t, os.CopyFS(filepath.Join(e.checkout, "apps", service, part),
				os.DirFS(filepath.Join(folder, "apps", service, part))))
		}
	}
}
