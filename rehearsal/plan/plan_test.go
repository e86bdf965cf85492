package plan_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/plan"
)

func step(resourceType, name string, op apitype.OpType) plan.Step {
	return plan.Step{URN: resource.NewURN("sandbox", "platform", "", tokens.Type(resourceType), name), Op: op}
}

func TestLosingDataIsAnError(t *testing.T) {
	t.Parallel()

	for _, resourceType := range []string{
		"aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc", "aws:eks/cluster:Cluster", "aws:rds/instance:Instance",
		"aws:elasticache/replicationGroup:ReplicationGroup",
	} {
		for op, fate := range map[apitype.OpType]string{
			apitype.OpReplace: "replaced", apitype.OpCreateReplacement: "replaced", apitype.OpDeleteReplaced: "replaced",
			apitype.OpDelete: "deleted",
		} {
			err := plan.Check([]plan.Step{step("aws:ec2/subnet:Subnet", "new", apitype.OpCreate), step(resourceType, "old", op)})
			require.ErrorContains(t, err, "old ("+resourceType+") "+fate)
		}

		for _, op := range []apitype.OpType{apitype.OpCreate, apitype.OpUpdate, apitype.OpSame} {
			require.NoError(t, plan.Check([]plan.Step{step(resourceType, "old", op)}), "%s %s", op, resourceType)
		}
	}
}

func TestOtherResourcesMayBeReplacedAndDeleted(t *testing.T) {
	t.Parallel()

	for _, resourceType := range []string{"aws:eks/nodeGroup:NodeGroup", "aws:rds/parameterGroup:ParameterGroup"} {
		for _, op := range []apitype.OpType{apitype.OpReplace, apitype.OpDelete} {
			require.NoError(t, plan.Check([]plan.Step{step(resourceType, "old", op)}))
		}
	}
}

func TestAnErrorNamesEachResourceOnce(t *testing.T) {
	t.Parallel()

	err := plan.Check([]plan.Step{
		step("aws:rds/instance:Instance", "b", apitype.OpDeleteReplaced),
		step("aws:ec2/vpc:Vpc", "a", apitype.OpReplace),
		step("aws:rds/instance:Instance", "b", apitype.OpCreateReplacement),
	})

	require.ErrorContains(t, err, ": a (aws:ec2/vpc:Vpc) replaced, b (aws:rds/instance:Instance) replaced")
}

func TestCheckFile(t *testing.T) {
	t.Parallel()

	vpc := urn("network-vpc", "aws:ec2/vpc:Vpc")

	for name, test := range map[string]struct{ text, want string }{
		"no changes": {`{"config": {}, "changeSummary": {"same": 9}}`, ""},
		"a creation": {`{"steps": [{"op": "create", "urn": "` + vpc + `"}]}`, ""},
		"a deletion": {`{"steps": [{"op": "delete", "urn": "` + vpc + `"}]}`, "network-vpc (aws:ec2/vpc:Vpc) deleted"},
		"a warning":  {`{"diagnostics": [{"severity": "warning", "message": "old"}]}`, ""},
		"a failed preview": {
			`{"diagnostics": [{"severity": "error", "message": "no zone c\n"}]}`, "the preview failed: no zone c",
		},
		"other output": {"Previewing update", "plan.json: reading a plan"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			file := filepath.Join(t.TempDir(), "plan.json")
			require.NoError(t, os.WriteFile(file, []byte(test.text), 0o600))

			err := plan.CheckFile(file)
			if test.want == "" {
				require.NoError(t, err)

				return
			}

			require.ErrorContains(t, err, test.want)
		})
	}

	require.ErrorContains(t, plan.CheckFile(""), "FILE")
	require.ErrorContains(t, plan.CheckFile("none.json"), "none.json")
}

func TestAPlanIsReadFromPreviewsAndEvents(t *testing.T) {
	t.Parallel()

	const urn = "urn:pulumi:sandbox::platform::platform:network:Network$aws:ec2/vpc:Vpc::network-vpc"

	want := []plan.Step{{URN: urn, Op: apitype.OpReplace}}

	steps, err := plan.Read([]byte(`{"config": {}, "steps": [{"op": "replace", "urn": "` + urn + `"}]}`))
	require.NoError(t, err)
	assert.Equal(t, want, steps)

	steps = plan.Of([]apitype.EngineEvent{
		{StdoutEvent: &apitype.StdoutEngineEvent{Message: "x"}},
		{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: apitype.StepEventMetadata{Op: apitype.OpReplace, URN: urn}}},
	})
	assert.Equal(t, []plan.Step{{URN: urn, Op: apitype.OpReplace, Component: "-"}}, steps)
	require.ErrorContains(t, plan.Check(steps), "network-vpc")

	_, err = plan.Read([]byte("Previewing update"))
	require.ErrorContains(t, err, "pulumi preview --json")
}

func TestAStepBelongsToTheOutermostComponent(t *testing.T) {
	t.Parallel()

	event := func(name, parent, resourceType string, custom bool) apitype.EngineEvent {
		return apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: apitype.StepEventMetadata{
			Op: apitype.OpUpdate, URN: urn(name, resourceType), Diffs: []string{"tags"},
			New: &apitype.StepEventStateMetadata{
				URN: urn(name, resourceType), Type: resourceType, Parent: parent, Custom: custom,
			},
		}}}
	}

	const stack, component, inner = "pulumi:pulumi:Stack", "platform:cluster:Cluster", "eks:index:Cluster"

	steps := plan.Of([]apitype.EngineEvent{
		event("s", "", stack, false),
		event("cluster", urn("s", stack), component, false),
		event("eks", urn("cluster", component), inner, false),
		event("role", urn("eks", inner), "aws:iam/role:Role", true),
		event("alone", urn("s", stack), "aws:kms/key:Key", true),
	})

	components := make(map[string]string)
	for _, step := range steps {
		components[step.URN.Name()] = step.Component
		assert.Equal(t, []string{"tags"}, step.Differs)
	}

	assert.Equal(t, map[string]string{
		"s": "-", "cluster": "cluster", "eks": "cluster", "role": "cluster", "alone": "-",
	}, components)
}

func TestAStepHasTheValuesThatDiffer(t *testing.T) {
	t.Parallel()

	secret := map[string]any{resource.SigKey: resource.SecretSig, "ciphertext": "x"}
	side := func(inputs map[string]any) *apitype.StepEventStateMetadata {
		return &apitype.StepEventStateMetadata{Inputs: inputs}
	}

	steps := plan.Of([]apitype.EngineEvent{{ResourcePreEvent: &apitype.ResourcePreEvent{
		Metadata: apitype.StepEventMetadata{
			Op: apitype.OpUpdate, URN: urn("logs", "aws:cloudwatch/logGroup:LogGroup"),
			Diffs: []string{"retentionInDays", "tags.Name", "password", "key"},
			Old:   side(map[string]any{"name": "same", "tags": map[string]any{"Name": "old"}, "password": secret}),
			New: side(map[string]any{
				"name": "same", "tags": map[string]any{"Name": "new"}, "password": secret, "retentionInDays": 7.0,
				"key": plugin.UnknownStringValue,
			}),
		},
	}}})

	require.Len(t, steps, 1)
	assert.Equal(t, map[string]any{"tags.Name": "old", "password": "[secret]"}, steps[0].Before)
	assert.Equal(t, map[string]any{
		"tags.Name": "new", "password": "[secret]", "retentionInDays": 7.0, "key": "[unknown]",
	}, steps[0].After)
}

func urn(name, resourceType string) string {
	return string(resource.NewURN("sandbox", "platform", "", tokens.Type(resourceType), name))
}
