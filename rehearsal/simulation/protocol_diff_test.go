package simulation_test

import (
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestDiff(t *testing.T) {
	t.Parallel()

	const replace, update = pulumirpc.PropertyDiff_UPDATE_REPLACE, pulumirpc.PropertyDiff_UPDATE

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	made := aws.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16", "tags": in{"a": "b", "c": "d"}})

	for _, test := range []struct {
		name     string
		inputs   in
		want     map[string]pulumirpc.PropertyDiff_Kind
		diffs    []string
		replaces []string
	}{
		{
			name: "nothing", inputs: in{"cidrBlock": "10.0.0.0/16", "tags": in{"a": "b", "c": "d"}},
			want: map[string]pulumirpc.PropertyDiff_Kind{},
		},
		{
			name: "at depth, once for the property", inputs: in{"cidrBlock": "10.0.0.0/16", "tags": in{"a": "x", "e": "f"}},
			want: map[string]pulumirpc.PropertyDiff_Kind{
				"tags.a": update, "tags.c": pulumirpc.PropertyDiff_DELETE, "tags.e": pulumirpc.PropertyDiff_ADD,
			},
			diffs: []string{"tags"},
		},
		{
			name: "some of it replaces", inputs: in{"cidrBlock": "10.1.0.0/16", "instanceTenancy": "dedicated"},
			want: map[string]pulumirpc.PropertyDiff_Kind{
				"cidrBlock": replace, "instanceTenancy": replace,
				"tags": pulumirpc.PropertyDiff_DELETE,
			},
			diffs: []string{"cidrBlock", "instanceTenancy", "tags"}, replaces: []string{"cidrBlock", "instanceTenancy"},
		},
		{
			name:   "an unknown replaces",
			inputs: in{"cidrBlock": enginetest.Unknown(), "tags": in{"a": "b", "c": "d"}},
			want:   map[string]pulumirpc.PropertyDiff_Kind{"cidrBlock": replace},
			diffs:  []string{"cidrBlock"}, replaces: []string{"cidrBlock"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			response := aws.Diff(made, test.inputs)
			assert.Equal(t, test.diffs, response.GetDiffs())
			assert.Equal(t, test.replaces, response.GetReplaces())
			assert.True(t, response.GetHasDetailedDiff())
			assert.Equal(t, len(test.diffs) > 0, response.GetChanges() == pulumirpc.DiffResponse_DIFF_SOME)

			kinds := map[string]pulumirpc.PropertyDiff_Kind{}
			for path, property := range response.GetDetailedDiff() {
				kinds[path] = property.GetKind()
			}

			assert.Equal(t, test.want, kinds)
		})
	}
}

func TestDiffDeletesBeforeReplacement(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	network := aws.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	made := aws.Create(groupType, "group", in{"vpcId": network.ID, "name": "fixed"})
	assert.True(t, aws.Diff(made, in{"vpcId": "vpc-1", "name": "fixed"}).GetDeleteBeforeReplace())
	assert.False(t, aws.Diff(made, in{"vpcId": "vpc-1", "name": "other"}).GetDeleteBeforeReplace())
}
