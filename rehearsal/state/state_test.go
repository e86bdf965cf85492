package state_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/state"
)

const deployment = `{
	"resources": [
		{"urn": "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s", "type": "pulumi:pulumi:Stack"},
		{"urn": "urn:pulumi:s::p::a:b:Outer::outer", "type": "a:b:Outer",
			"parent": "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s"},
		{"urn": "urn:pulumi:s::p::a:b:Outer$a:b:Inner::inner", "type": "a:b:Inner",
			"parent": "urn:pulumi:s::p::a:b:Outer::outer"},
		{"urn": "urn:pulumi:s::p::a:b:Outer$a:b:Inner$a:b:Leaf::leaf", "type": "a:b:Leaf", "custom": true,
			"parent": "urn:pulumi:s::p::a:b:Outer$a:b:Inner::inner"},
		{"urn": "urn:pulumi:s::p::a:b:Leaf::alone", "type": "a:b:Leaf", "custom": true,
			"parent": "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s"}
	],
	"pending_operations": [
		{"type": "creating", "resource": {"urn": "urn:pulumi:s::p::a:b:Leaf::begun", "type": "a:b:Leaf"}},
		{"type": "deleting", "resource": {"urn": "urn:pulumi:s::p::a:b:Leaf::alone", "type": "a:b:Leaf"}}
	]
}`

func TestAnExportAndACheckpointGiveTheSameState(t *testing.T) {
	t.Parallel()

	exported, err := state.Parse([]byte(`{"version": 3, "deployment": ` + deployment + `}`))
	require.NoError(t, err)

	checkpoint, err := state.ParseCheckpoint([]byte(`{"version": 3, "checkpoint": {"latest": ` + deployment + `}}`))
	require.NoError(t, err)

	assert.Equal(t, exported, checkpoint)
	assert.Len(t, exported.Resources, 5)
	assert.Equal(t, []resource.URN{"urn:pulumi:s::p::a:b:Leaf::begun"}, exported.PendingCreates)
	assert.Equal(t, 2, exported.Pending)
}

func TestComponentIsTheOutermostOne(t *testing.T) {
	t.Parallel()

	known, err := state.Parse([]byte(`{"deployment": ` + deployment + `}`))
	require.NoError(t, err)

	components := make(map[string]string)
	for _, r := range known.Resources[1:] {
		components[r.URN.Name()] = known.Component(r)
	}

	want := map[string]string{"outer": "outer", "inner": "outer", "leaf": "outer", "alone": "-"}
	assert.Equal(t, want, components)
}

func TestAStackThatWasNeverDeployedIsEmpty(t *testing.T) {
	t.Parallel()

	for _, text := range []string{`{"version": 3, "deployment": null}`, `{}`} {
		known, err := state.Parse([]byte(text))
		require.NoError(t, err)
		assert.Empty(t, known.Resources)
	}
}

func TestInvalidJSONIsAnError(t *testing.T) {
	t.Parallel()

	_, err := state.Parse([]byte("nonsense"))
	require.Error(t, err)

	_, err = state.ParseCheckpoint([]byte("nonsense"))
	require.Error(t, err)
}
