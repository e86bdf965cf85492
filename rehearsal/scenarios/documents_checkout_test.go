package scenarios_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// files are those of the checkout that git does not ignore.
func files(t *testing.T) []string {
	t.Helper()

	text, err := exec.CommandContext(t.Context(), "git", "-C", repository(t), "ls-files", "-z", "--cached", "--others",
		"--exclude-standard", "--deduplicate").Output()
	require.NoError(t, err)

	return strings.Split(strings.TrimRight(string(text), "\x00"), "\x00")
}

// checkout is a copy of the project's files, in which commands are typed, with a rehearsal of its own. It is made when
// the first of them is.
type checkout struct {
	t              *testing.T
	folder, beside string
}

// run types a block, or what of it needs no account. The error names the document's line.
func (c *checkout) run(b block) error {
	c.t.Helper()

	if b.mark == "" {
		return c.typeIn(b)
	}

	defer c.keepSettings()()

	return c.typeIn(b.settings())
}

// keepSettings returns what brings the stack files back to what they are now.
func (c *checkout) keepSettings() func() {
	c.t.Helper()
	c.make()

	names, err := filepath.Glob(filepath.Join(c.folder, "Pulumi.*.yaml"))
	require.NoError(c.t, err)

	texts := make(map[string][]byte)

	for _, name := range names {
		texts[name], err = os.ReadFile(filepath.Clean(name))
		require.NoError(c.t, err)
	}

	return func() {
		for name, text := range texts {
			require.NoError(c.t, os.WriteFile(name, text, 0o600))
		}
	}
}

// typeIn types a block, into the rehearsal's shell where pulumi is among its commands.
func (c *checkout) typeIn(b block) error {
	c.t.Helper()
	c.make()

	script := filepath.Join(c.beside, "script.sh")
	failed := filepath.Join(c.t.TempDir(), "line")
	require.NoError(c.t, os.WriteFile(script, []byte(b.script(failed)), 0o600))

	command := exec.CommandContext(c.t.Context(), "bash", script)
	if b.ofPulumi() {
		command = exec.CommandContext(c.t.Context(), filepath.Join(c.folder, ".rehearsal", "bin", "rehearsal"), "shell")
		command.Stdin = strings.NewReader("exec bash '" + script + "' </dev/null\n")
	}

	var said bytes.Buffer

	command.Dir, command.Env = c.folder, c.environment()
	command.Stdout, command.Stderr = &said, &said

	err := command.Run()
	if err == nil {
		return nil
	}

	line := b.line
	if text, unread := os.ReadFile(filepath.Clean(failed)); unread == nil {
		line, _ = strconv.Atoi(strings.TrimSpace(string(text)))
	}

	at := strings.Split(b.text, "\n")[min(max(line-b.line, 0), strings.Count(b.text, "\n"))]

	return fmt.Errorf("%s:%d: %s: %w\n%s", b.document, line, at, err, end(said.String()))
}

// end is the end of what was said: before it are the outputs of all that worked.
func end(said string) string {
	const lines = 60

	all := strings.Split(said, "\n")

	return strings.Join(all[max(len(all)-lines, 0):], "\n")
}

// environment is what commands are told: nothing of the one who tests, and nothing that leads to an account.
func (c *checkout) environment() []string {
	ours := regexp.MustCompile(`^(AWS_|PULUMI_|REHEARSAL_|MAKE|(MFLAGS|KUBECONFIG|STACK|FAULTS|CONFIRM|FILE|CI|PATH)=)`)

	return append(slices.DeleteFunc(os.Environ(), ours.MatchString),
		"PATH="+filepath.Join(c.beside, "bin")+":"+os.Getenv("PATH"))
}

// make copies the checkout, once. The program is the one that is built already.
func (c *checkout) make() {
	t := c.t
	t.Helper()

	if c.folder != "" {
		return
	}

	tools := rehearse(t, repository(t), "sandbox").options.Folders.Bin
	c.folder, c.beside = t.TempDir(), t.TempDir()

	for _, name := range files(t) {
		copyFile(t, filepath.Join(repository(t), name), filepath.Join(c.folder, name))
	}

	for _, project := range []string{"", "infra/bootstrap"} {
		folder := filepath.Join(c.folder, project)
		program, err := filepath.Rel(folder, filepath.Join(repository(t), "infra", filepath.Base("/"+project)))
		require.NoError(t, err)

		file := filepath.Join(folder, "Pulumi.yaml")
		text, err := os.ReadFile(filepath.Clean(file))
		require.NoError(t, err)

		text = regexp.MustCompile(`(?m)^main: .*\n`).ReplaceAll(text, nil)
		require.NoError(t, os.WriteFile(file, append(text, "main: "+program+"\n"...), 0o600))
	}

	require.NoError(t, os.MkdirAll(filepath.Join(c.folder, ".rehearsal"), 0o700))
	require.NoError(t, os.Symlink(tools, filepath.Join(c.folder, ".rehearsal", "bin")))

	c.refuse("aws", "curl", "docker", "gh", "helm", "kubectl")
}

// refuse puts programs in front of those that would reach an account, a cluster or the internet.
func (c *checkout) refuse(names ...string) {
	c.t.Helper()
	require.NoError(c.t, os.MkdirAll(filepath.Join(c.beside, "bin"), 0o700))

	for _, name := range names {
		text := "#!/bin/sh\necho '" + name + " needs what no test has: mark the block sh account' >&2\nexit 1\n"
		require.NoError(c.t, os.WriteFile(filepath.Join(c.beside, "bin", name), []byte(text), 0o700))
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()

	about, err := os.Stat(from)
	if os.IsNotExist(err) {
		return // deleted, and not committed yet
	}

	require.NoError(t, err)

	text, err := os.ReadFile(filepath.Clean(from))
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o700))
	require.NoError(t, os.WriteFile(to, text, about.Mode()&fs.ModePerm))
}
