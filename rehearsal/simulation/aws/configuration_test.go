package aws_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestConfigureRefuses(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	for want, settings := range map[string]in{
		"no region is set: `pulumi config set aws:region us-east-1`": {},
		`region "mars-1" is not simulated`:                           {"region": "mars-1"},
		"decoding defaultTags":                                       {"region": "us-east-1", "defaultTags": "{"},
		`defaultTags: unknown property "tag"; known: tags`:           {"region": "us-east-1", "defaultTags": in{"tag": in{}}},
		"defaultTags is a number, expected {tags: {…}}":              {"region": "us-east-1", "defaultTags": 1},
	} {
		_, err := e.Connect("aws").Configure(t.Context(), &pulumirpc.ConfigureRequest{
			Args: enginetest.Struct(t, enginetest.Values(settings)),
		})
		assert.ErrorContains(t, err, want)
	}
}

func TestAllowedAccounts(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")

	for _, others := range []any{[]any{"210987654321"}, `["210987654321", "012345678901"]`} {
		_, err := e.Connect("aws").Configure(t.Context(), &pulumirpc.ConfigureRequest{
			Args: enginetest.Struct(t, enginetest.Values(in{"region": "us-east-1", "allowedAccountIds": others})),
		})
		require.ErrorContains(t, err, "AWS account ID not allowed: 123456789012")
	}

	_, err := e.Connect("aws").Configure(t.Context(), &pulumirpc.ConfigureRequest{
		Args: enginetest.Struct(t, enginetest.Values(in{"region": "us-east-1", "allowedAccountIds": "["})),
	})
	require.ErrorContains(t, err, "decoding allowedAccountIds")

	for _, allowed := range []any{
		[]any{"210987654321", "123456789012"}, `["123456789012"]`, []any{}, `[]`, enginetest.Unknown(),
	} {
		_, err := e.Connect("aws").Configure(t.Context(), &pulumirpc.ConfigureRequest{
			Args: enginetest.Struct(t, enginetest.Values(in{"region": "us-east-1", "allowedAccountIds": allowed})),
		})
		require.NoError(t, err, allowed)
	}
}

func TestDefaultTags(t *testing.T) {
	t.Parallel()

	for name, setting := range map[string]any{
		"an object": in{"tags": in{"Environment": "sandbox", "Name": "default"}},
		"JSON text": `{"tags":{"Environment":"sandbox","Name":"default"}}`,
		"a secret":  resource.MakeSecret(resource.NewStringProperty(`{"tags":{"Environment":"sandbox","Name":"default"}}`)),
	} {
		t.Run(name, func(t *testing.T) {
			aws := enginetest.Start(t, "").Provider("aws", in{"region": "us-east-1", "defaultTags": setting})
			network := aws.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16", "tags": in{"Name": "own"}})
			want := enginetest.Values(in{"Environment": "sandbox", "Name": "own"})
			assert.Equal(t, want, network.Outputs["tags"].ObjectValue())
			assert.Equal(t, want, network.Outputs["tagsAll"].ObjectValue())
			table := aws.Create(tableType, "t", in{"vpcId": network.ID})
			assert.Equal(t, "sandbox", table.Outputs["tagsAll"].ObjectValue()["Environment"].StringValue())
			assert.NotContains(
				t, aws.Create(aliasType, "a", in{"targetKeyId": aws.Create(keyType, "k", in{}).ID}).Outputs,
				resource.PropertyKey("tags"),
			)
		})
	}
}

func TestAChangedDefaultTagUpdatesEverythingAndReplacesNothing(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)

	tagged := n.Provider("aws", in{"region": "us-east-1", "defaultTags": in{"tags": in{"Environment": "other"}}})
	for _, test := range []struct {
		made   enginetest.Made
		inputs in
	}{
		{n.vpc, in{"cidrBlock": "10.0.0.0/16"}},
		{n.gateway, in{"vpcId": n.vpc.ID}},
		{n.address, in{"domain": "vpc"}},
		{n.nat, in{"subnetId": n.subnet.ID, "allocationId": n.address.ID}},
		{n.group, in{"vpcId": n.vpc.ID, "name": "web"}},
	} {
		difference := tagged.Diff(test.made, test.inputs)
		assert.Equal(t, []string{"tags"}, difference.GetDiffs(), test.made.URN)
		assert.Empty(t, difference.GetReplaces())

		updated := tagged.Update(test.made, test.inputs)
		assert.Equal(t, "other", updated.Outputs["tagsAll"].ObjectValue()["Environment"].StringValue())
	}
}

func TestTagsInPreviews(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	tagged := e.Provider("aws", in{"region": "us-east-1", "defaultTags": in{"tags": in{"a": "b"}}})
	one := tagged.Preview(vpcType, "net", in{"cidrBlock": "10.0.0.0/16", "tags": in{"c": enginetest.Unknown()}})
	assert.Equal(t, "b", one.Outputs["tagsAll"].ObjectValue()["a"].StringValue())
	assert.True(t, one.Outputs["tagsAll"].ObjectValue()["c"].IsComputed())

	whole := tagged.Preview(vpcType, "net", in{"cidrBlock": "10.0.0.0/16", "tags": enginetest.Unknown()})
	assert.True(t, whole.Outputs["tagsAll"].IsComputed())

	secret := tagged.Create(vpcType, "net", in{
		"cidrBlock": "10.0.0.0/16", "tags": resource.MakeSecret(resource.NewObjectProperty(resource.PropertyMap{})),
	})
	assert.True(t, secret.Outputs["tags"].IsSecret())
}

func TestDiffConfig(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	for _, test := range []struct {
		name     string
		old, new in
		diffs    []string
		replaces []string
	}{
		{name: "nothing", old: in{"region": "a"}, new: in{"region": "a"}},
		{name: "tags", old: in{"region": "a"}, new: in{"region": "a", "defaultTags": "{}"}, diffs: []string{"defaultTags"}},
		{
			name: "region", old: in{"region": "a"}, new: in{"region": "b"}, diffs: []string{"region"},
			replaces: []string{"region"},
		},
		{
			name: "an unknown region", old: in{"region": "a"}, new: in{"region": enginetest.Unknown()},
			diffs: []string{"region"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, err := e.Connect("aws").DiffConfig(t.Context(), &pulumirpc.DiffRequest{
				OldInputs: enginetest.Struct(t, enginetest.Values(test.old)),
				News:      enginetest.Struct(t, enginetest.Values(test.new)),
			})
			require.NoError(t, err)
			assert.Equal(t, test.diffs, response.GetDiffs())
			assert.Equal(t, test.replaces, response.GetReplaces())
		})
	}
}
