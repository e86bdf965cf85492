package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Digests of a service's images, oldest first.
var (
	first  = "sha256:" + strings.Repeat("1", 64)
	second = "sha256:" + strings.Repeat("2", 64)
	third  = "sha256:" + strings.Repeat("3", 64)
)

// checkout is a clone of a repository with our scripts and two services, and a folder of stand-ins for other programs.
type checkout struct {
	t *testing.T
	// folder is the clone, origin its remote, and bin the first folder of PATH.
	folder, origin, bin string
	// environ is the environment of the scripts.
	environ []string
}

// newCheckout returns a clone in which the sandbox deploys the second image of each service, and staging the first.
func newCheckout(t *testing.T) *checkout {
	t.Helper()

	base := t.TempDir()
	c := &checkout{t: t, folder: filepath.Join(base, "clone"), origin: filepath.Join(base, "origin")}
	c.bin = filepath.Join(base, "bin")
	c.environ = append(slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "GIT") || strings.HasPrefix(variable, "PATH=")
	}), "PATH="+c.bin+":"+os.Getenv("PATH"), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b",
		"GITHUB_OUTPUT="+filepath.Join(base, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(base, "summary"))

	require.NoError(t, os.MkdirAll(c.bin, 0o700))
	require.NoError(t, os.MkdirAll(c.folder, 0o700))
	c.git("init", "--quiet", "--initial-branch", "main")
	c.git("init", "--quiet", "--bare", "--initial-branch", "main", c.origin)
	c.git("remote", "add", "origin", c.origin)

	for _, pattern := range []string{"tools/*.sh", "tools/ci/*.sh"} {
		scripts, err := filepath.Glob(filepath.Join("../..", pattern))
		require.NoError(t, err)
		require.NotEmpty(t, scripts)

		for _, script := range scripts {
			content, err := os.ReadFile(script)
			require.NoError(t, err)

			name := filepath.Join(filepath.Dir(pattern), filepath.Base(script))
			c.write(name, string(content))
			c.makeExecutable(filepath.Join(c.folder, name))
		}
	}

	c.write(".gitignore", "/out/\n")
	c.follows("sandbox", "main")
	c.follows("staging", "release")

	for _, digest := range []string{first, second} {
		for _, service := range []string{"flights", "reservations"} {
			c.runs("sandbox", service, digest)
			c.runs("staging", service, first)
		}

		c.commit("the sandbox runs " + digest[:10])
	}

	c.git("push", "--quiet", "origin", "main")
	c.environ = append(c.environ, "GITHUB_SHA="+c.git("rev-parse", "HEAD"))

	return c
}

// write writes a file of the clone.
func (c *checkout) write(name, content string) {
	c.t.Helper()

	file := filepath.Join(c.folder, name)
	require.NoError(c.t, os.MkdirAll(filepath.Dir(file), 0o700))
	require.NoError(c.t, os.WriteFile(file, []byte(content), 0o600))
}

// runs makes an environment deploy an image.
func (c *checkout) runs(environment, service, digest string) {
	c.t.Helper()
	c.write("apps/"+service+"/environments/"+environment+".yaml", "image:\n  digest: "+digest+"\nautoscaling:\n  min: 2\n")
}

// follows creates an environment whose Argo CD follows a branch.
func (c *checkout) follows(environment, branch string) {
	c.t.Helper()
	c.write("Pulumi."+environment+".yaml", "config:\n  platform:gitops:\n    revision: "+branch+"\n")
}

func (c *checkout) commit(message string) {
	c.t.Helper()
	c.git("add", "--all")
	c.git("commit", "--quiet", "--message", message)
}

// git returns the output of a git command.
func (c *checkout) git(args ...string) string {
	c.t.Helper()

	out, err := c.execute("git", args...)
	require.NoError(c.t, err, out)

	return strings.TrimSpace(out)
}

// standIn puts a script on the path in place of a program.
func (c *checkout) standIn(program, script string) {
	c.t.Helper()

	file := filepath.Join(c.bin, program)
	require.NoError(c.t, os.WriteFile(file, []byte("#!/bin/sh\n"+script+"\n"), 0o600))
	c.makeExecutable(file)
}

func (c *checkout) makeExecutable(file string) {
	c.t.Helper()
	require.NoError(c.t, os.Chmod(file, 0o700))
}

// script runs one of tools, and returns what it prints.
func (c *checkout) script(name string, args ...string) (string, error) {
	c.t.Helper()

	return c.execute(filepath.Join(c.folder, "tools", name), args...)
}

// execute runs a program in the clone.
func (c *checkout) execute(program string, args ...string) (string, error) {
	c.t.Helper()

	command := exec.CommandContext(c.t.Context(), program, args...)
	command.Dir, command.Env = c.folder, c.environ

	out, err := command.CombinedOutput()

	return string(out), err
}

// file returns the content of GITHUB_OUTPUT ("output") or GITHUB_STEP_SUMMARY ("summary").
func (c *checkout) file(name string) string {
	c.t.Helper()

	content, err := os.ReadFile(filepath.Clean(filepath.Join(filepath.Dir(c.folder), name)))
	require.NoError(c.t, err)

	return string(content)
}
