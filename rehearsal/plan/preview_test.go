package plan_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/state"
)

func TestTheResultOfAPreviewInJSON(t *testing.T) {
	t.Parallel()

	const (
		before = `"oldState": {"urn": "u", "id": "1", "outputs": {"arn": "a"}, "inputs": {"size": 1}}`
		after  = `"newState": {"urn": "u", "inputs": {"size": 2}}`
		// The engine shows a change that a refresh finds as an update before the step of the plan.
		drift = `{"op": "update", "urn": "u", ` + before + `, "newState": {"urn": "u", "id": "1", "inputs": {"size": 9}}}`
	)

	kept := []state.Resource{
		{URN: "u", ID: "1", Inputs: map[string]any{"size": 2.0}, Outputs: map[string]any{"arn": "a"}},
	}
	fresh := []state.Resource{{URN: "u", Inputs: map[string]any{"size": 2.0}}}

	for name, test := range map[string]struct {
		steps string
		want  []state.Resource
	}{
		"an unchanged one keeps its id and outputs": {`{"op": "same", "urn": "u", ` + before + `, ` + after + `}`, kept},
		"an updated one does too":                   {`{"op": "update", "urn": "u", ` + before + `, ` + after + `}`, kept},
		"a new one has neither":                     {`{"op": "create", "urn": "u", ` + after + `}`, fresh},
		"nor has a replaced one, which is listed once": {
			`{"op": "create-replacement", "urn": "u", ` + before + `, ` + after + `},
			{"op": "replace", "urn": "u", ` + before + `, ` + after + `},
			{"op": "delete-replaced", "urn": "u", ` + before + `}`, fresh,
		},
		"a deleted one is missing":          {`{"op": "delete", "urn": "u", ` + before + `}`, nil},
		"the plan follows what has drifted": {drift + `, {"op": "update", "urn": "u", ` + before + `, ` + after + `}`, kept},
	} {
		result, steps, err := plan.ReadResult([]byte(`{"steps": [` + test.steps + `]}`))
		require.NoError(t, err, name)
		assert.Equal(t, test.want, result.Resources, name)
		assert.NotEmpty(t, steps, name)
	}
}

func TestAPreviewWithoutUnchangedResourcesHasNoResult(t *testing.T) {
	t.Parallel()

	const stack = `{"op": "same", "urn": "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s"}` // always shown

	_, _, err := plan.ReadResult([]byte(`{"steps": [` + stack + `], "changeSummary": {"same": 2}}`))
	require.ErrorContains(t, err, "--show-sames")

	_, _, err = plan.ReadResult([]byte(`{"steps": [` + stack + `], "changeSummary": {"same": 1, "create": 1}}`))
	require.NoError(t, err)

	_, _, err = plan.ReadResult([]byte(`{"diagnostics": [{"severity": "error", "message": "no zone c"}]}`))
	require.ErrorContains(t, err, "no zone c")

	_, _, err = plan.ReadResult([]byte("["))
	require.Error(t, err)
}

func TestARefreshChangesNothing(t *testing.T) {
	t.Parallel()

	changed := plan.Changed([]plan.Step{
		step("t", "same", apitype.OpSame), step("t", "read", apitype.OpRefresh),
		step("t", "both", apitype.OpUpdate), step("t", "both", apitype.OpSame),
	})

	require.Len(t, changed, 1)
	assert.True(t, changed[step("t", "both", apitype.OpSame).URN])
}
