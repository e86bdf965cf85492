package scenarios_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The files that make environment writes are all that an environment needs, and nothing of it remains without them.
func TestAnEnvironmentIsCreatedDeployedAndRemoved(t *testing.T) {
	t.Parallel()

	c := &checkout{t: t}
	c.prepare()

	before := c.contents()

	tool := filepath.Join(c.scratch, "environment")
	c.command(repository(t), "go", "build", "-o", tool, "./tools/environment")
	c.command(c.folder, tool, "-name", "production", "-like", "staging")

	created := c.contents()
	for file := range before {
		assert.Equal(t, before[file], created[file], "%s needs no edit", file)
	}

	r := rehearse(t, repository(t), "production")
	r.options.Folders.Project = c.folder

	r.must("up")

	copied := filepath.Join(r.options.Folders.Base, "stacks", "Pulumi.production.yaml")
	require.NoError(t, os.Remove(copied))
	assert.Contains(t, r.shell("pulumi preview --expect-no-changes"), "unchanged", "a new copy is enough")

	r.options.Confirm = "production"
	r.must("destroy")

	known, held := r.inspect()
	assert.Empty(t, known.Resources)
	assert.Equal(t, map[string]int{
		"aws:elasticache/snapshot:Snapshot": 1, "aws:kms/key:Key": 1, "aws:rds/snapshot:Snapshot": 1,
	}, typesOf(held), "the class is durable")

	for file := range created {
		if _, existed := before[file]; !existed {
			require.NoError(t, os.Remove(filepath.Join(c.folder, file)))
		}
	}

	assert.Equal(t, before, c.contents(), "the commands changed no other file")

	t.Log("its range is free again")

	r.options.Stack, r.options.Confirm = "sandbox", ""
	r.configure(network("cidr", "10.30.0.0/16"))
	r.must("preview")
	assert.NoFileExists(t, copied)
}

// command runs a program that must succeed.
func (c *checkout) command(folder, name string, args ...string) {
	c.t.Helper()

	command := exec.CommandContext(c.t.Context(), name, args...)
	command.Dir = folder

	text, err := command.CombinedOutput()
	require.NoError(c.t, err, "%s", text)
}

// contents returns the contents of the files of the copy, by path, without the rehearsal's own.
func (c *checkout) contents() map[string]string {
	c.t.Helper()

	found := make(map[string]string)

	require.NoError(c.t, filepath.WalkDir(c.folder, func(path string, entry os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == ".rehearsal":
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		}

		text, err := os.ReadFile(filepath.Clean(path))
		found[path[len(c.folder)+1:]] = string(text)

		return err
	}))

	return found
}
