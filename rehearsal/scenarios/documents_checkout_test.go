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

// files returns the files of the checkout that git does not ignore.
func files(t *testing.T) []string {
	t.Helper()

	text, err := exec.CommandContext(t.Context(), "git", "-C", repository(t), "ls-files", "-z", "--cached", "--others",
		"--exclude-standard", "--deduplicate").Output()
	require.NoError(t, err)

	return strings.Split(strings.TrimRight(string(text), "\x00"), "\x00")
}

// checkout is a copy of the project's files with a rehearsal, in which commands run. It is created for the first
// command.
type checkout struct {
	t *testing.T
	// folder is the copy. scratch contains scripts and the stand-ins of programs.
	folder, scratch string
}

// run runs a block, or the commands in it that need no account. The error names the line in the document.
func (c *checkout) run(b block) error {
	c.t.Helper()

	if b.mark == "" {
		return c.execute(b)
	}

	defer c.saveSettings()()

	return c.execute(b.settings())
}

// saveSettings returns a function that restores the present stack files.
func (c *checkout) saveSettings() func() {
	c.t.Helper()
	c.prepare()

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

// execute runs a block with bash, in the rehearsal's shell if the block uses pulumi.
func (c *checkout) execute(b block) error {
	c.t.Helper()
	c.prepare()

	script := filepath.Join(c.scratch, "script.sh")
	failed := filepath.Join(c.t.TempDir(), "line")
	require.NoError(c.t, os.WriteFile(script, []byte(b.script(failed)), 0o600))

	command := exec.CommandContext(c.t.Context(), "bash", script)
	if b.usesPulumi() {
		command = exec.CommandContext(c.t.Context(), filepath.Join(c.folder, ".rehearsal", "bin", "rehearsal"), "shell")
		command.Stdin = strings.NewReader("exec bash '" + script + "' </dev/null\n")
	}

	var output bytes.Buffer

	command.Dir, command.Env = c.folder, c.environment()
	command.Stdout, command.Stderr = &output, &output

	err := command.Run()
	if err == nil {
		return nil
	}

	line := b.line
	if text, err := os.ReadFile(filepath.Clean(failed)); err == nil {
		line, _ = strconv.Atoi(strings.TrimSpace(string(text)))
	}

	text := strings.Split(b.text, "\n")[min(max(line-b.line, 0), strings.Count(b.text, "\n"))]

	return fmt.Errorf("%s:%d: %s: %w\n%s", b.document, line, text, err, tail(output.String()))
}

// tail returns the last 60 lines.
func tail(output string) string {
	lines := strings.Split(output, "\n")

	return strings.Join(lines[max(len(lines)-60, 0):], "\n")
}

// environment returns the variables of commands, without settings of the user and without access to an account.
func (c *checkout) environment() []string {
	removed := regexp.MustCompile(`^(AWS_|PULUMI_|REHEARSAL_|MAKE|(MFLAGS|KUBECONFIG|STACK|FAULTS|CONFIRM|FILE|CI|PATH)=)`)

	return append(slices.DeleteFunc(os.Environ(), removed.MatchString),
		"PATH="+filepath.Join(c.scratch, "bin")+":"+os.Getenv("PATH"))
}

// prepare creates the copy of the checkout once. Its projects use the programs of the repository, which are already
// built.
func (c *checkout) prepare() {
	t := c.t
	t.Helper()

	if c.folder != "" {
		return
	}

	tools := rehearse(t, repository(t), "sandbox").options.Folders.Bin
	c.folder, c.scratch = t.TempDir(), t.TempDir()

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

// refuse replaces the programs that need an account, a cluster or the internet.
func (c *checkout) refuse(names ...string) {
	c.t.Helper()
	require.NoError(c.t, os.MkdirAll(filepath.Join(c.scratch, "bin"), 0o700))

	for _, name := range names {
		text := "#!/bin/sh\necho '" + name + " needs an account: mark the block sh account' >&2\nexit 1\n"
		require.NoError(c.t, os.WriteFile(filepath.Join(c.scratch, "bin", name), []byte(text), 0o700))
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()

	info, err := os.Stat(from)
	if os.IsNotExist(err) {
		return // deleted, and not committed yet
	}

	require.NoError(t, err)

	text, err := os.ReadFile(filepath.Clean(from))
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o700))
	require.NoError(t, os.WriteFile(to, text, info.Mode()&fs.ModePerm))
}
