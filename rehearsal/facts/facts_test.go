package facts_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/facts"
)

func TestTheCopiesAreThoseOfTheProgram(t *testing.T) {
	t.Parallel()

	copies, err := filepath.Glob("*.[jy]*")
	require.NoError(t, err)
	require.Contains(t, copies, "partitions.json")

	for _, file := range copies {
		sources, err := filepath.Glob(filepath.Join("..", "..", "components", "*", "*", file))
		require.NoError(t, err)

		if filepath.Ext(file) == ".json" {
			sources = []string{filepath.Join("..", "..", "internal", "scope", file)}
		}

		require.Len(t, sources, 1, file)

		source, err := os.ReadFile(sources[0])
		require.NoError(t, err)

		copied, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, string(source), string(copied), "%s: run go generate ./facts", file)
	}
}

func TestEachFileIsRead(t *testing.T) {
	t.Parallel()

	offered, known := facts.AllocatableOf("t4g.medium")
	assert.True(t, known)
	assert.Equal(t, facts.Allocatable{CPU: 1930, Memory: 3246, Pods: 17}, offered)

	assert.Equal(t, 2048, facts.DatabaseMemoryMiB("db.t4g.small"))
	assert.True(t, facts.RunsCaches("cache.t4g.micro"))
	assert.Equal(t, facts.Parameter{Values: "1-64", Static: true}, facts.DatabaseParameters()["innodb_read_io_threads"])
	assert.Contains(t, facts.SupportEnds(), "1.35")

	china, known := facts.PartitionOf("cn-north-1")
	assert.True(t, known)
	assert.Equal(t, facts.Partition{
		ID: "aws-cn", Domain: "amazonaws.com.cn", DualStackDomain: "api.amazonwebservices.com.cn",
	}, china)

	_, known = facts.PartitionOf("mars-1")
	assert.False(t, known)
}

func TestUnknownTypes(t *testing.T) {
	t.Parallel()

	for _, name := range []string{"", "t4g", "t4g.huge", "z9.medium", "db.t4g", "db.t4g.huge", "cache.t4g.large"} {
		_, known := facts.AllocatableOf(name)
		assert.False(t, known, name)
		assert.Zero(t, facts.DatabaseMemoryMiB(name), name)
		assert.False(t, facts.RunsCaches(name), name)
	}
}
