package scenarios_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnUnrelatedProgramRuns(t *testing.T) {
	t.Parallel()

	project, err := filepath.Abs("testdata/unrelated")
	require.NoError(t, err)

	r := rehearse(t, project, "trial")
	r.must("up")
	assert.Equal(t, map[string]int{"create": 17}, r.changes(), "15 resources, the explicit provider and the stack")
	r.must("refresh")
	assert.Contains(t, r.must("up"), "Nothing changed")

	_, held := r.inspect()
	for _, resource := range held {
		assert.Contains(t, []string{"eu-west-1", ""}, resource.Region, "region of %s", resource.Type)
	}

	checkpoint := filepath.Join(r.options.Folders.Base, "state", ".pulumi", "stacks", "unrelated", "trial.json")
	text, err := os.ReadFile(checkpoint)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "a kubeconfig", "a secret in plain text")

	r.must("destroy")
	r.gone()
}
