package scenarios_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Physical names do not contain the component's name, so that a renamed component needs only an alias.
func TestARenamedAndMovedComponentKeepsItsResources(t *testing.T) {
	t.Parallel()

	r := rehearse(t, filepath.Join(repository(t), "stacks", "testdata", "moved"), "trial")
	r.must("up")

	_, before := r.inspect()

	r.configure(func(c config) { c["moved:moved"] = "true" })
	r.must("up")
	assert.Equal(t, map[string]int{"create": 1}, r.changes(), "the new parent")

	known, after := r.inspect()
	for _, moved := range known.Resources {
		assert.NotContains(t, []string{"encryption", "network", "database", "cache", "cluster"}, moved.URN.Name())
	}

	assert.Len(t, after, len(before))

	for i := range after {
		assert.Equal(t, before[i].Key, after[i].Key)
	}

	r.must("destroy")
	r.gone()
}
