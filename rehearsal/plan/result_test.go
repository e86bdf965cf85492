package plan_test

import (
	"os"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/state"
)

func TestTheResultOfAPreview(t *testing.T) {
	t.Parallel()

	file := t.TempDir() + "/plan.json"
	require.NoError(t, os.WriteFile(file, []byte(`{"manifest": {}, "resourcePlans": {"b": {"goal":
		{"type": "t", "name": "b", "dependencies": ["a"], "propertyDependencies": {"p": ["a"]}}}, "gone": {}}}`), 0o600))

	goals, err := plan.ReadGoals(file)
	require.NoError(t, err)

	step := func(urn string, op apitype.OpType) apitype.EngineEvent {
		return apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: apitype.StepEventMetadata{
			URN: urn, Op: op, New: &apitype.StepEventStateMetadata{URN: urn, Inputs: map[string]any{"new": true}},
		}}}
	}
	before := &state.State{Resources: []state.Resource{{URN: "a", ID: "id-a"}, {URN: "b", ID: "id-b"}, {URN: "gone"}}}
	result := plan.Result(before, []apitype.EngineEvent{
		step("a", apitype.OpSame), step("b", apitype.OpCreateReplacement), step("b", apitype.OpReplace),
		{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: apitype.StepEventMetadata{URN: "gone", Op: apitype.OpDelete}}},
	}, goals)

	require.Len(t, result.Resources, 2)
	assert.Equal(t, resource.ID("id-a"), result.Resources[0].ID)
	assert.Empty(t, result.Resources[1].ID, "a replacement has another id")
	assert.Equal(t, []resource.URN{"a"}, result.Resources[1].Dependencies)
	assert.Equal(t, map[string]any{"new": true}, result.Resources[1].Inputs)

	_, err = plan.ReadGoals(file + ".none")
	require.ErrorIs(t, err, os.ErrNotExist)
}
