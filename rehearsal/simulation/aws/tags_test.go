package aws_test

import (
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// tagged is a provider with one default tag.
func tagged(e *enginetest.Engine, value string) *enginetest.Provider {
	return e.Provider("aws", in{"region": "us-east-1", "defaultTags": in{"tags": in{"Environment": value}}})
}

// Every taggable type is tested, also types that are added later.
func TestAChangedDefaultTagIsAnUpdateOfEveryTaggableType(t *testing.T) {
	t.Parallel()

	described := catalogue.AWS()

	e := enginetest.Start(t, "")
	before, after, without := tagged(e, "old"), tagged(e, "new"), e.AWS("us-east-1")
	taggable := 0

	for token, properties := range described.Types {
		if properties.Inputs["tags"] == "" {
			continue
		}

		taggable++

		t.Run(token, func(t *testing.T) {
			// The type's other requirements are not the subject of this test.
			inputs, _ := before.Check(token, "x", nil, enginetest.Values(in{"tags": in{"Name": "own"}}))
			made := enginetest.Made{ID: "x", URN: enginetest.URN(token, "x"), Inputs: inputs}
			assert.Equal(t, in{"Environment": "old", "Name": "own"}, inputs["tags"].Mappable())

			for want, provider := range map[string]*enginetest.Provider{"new": after, "": without} {
				now, _ := provider.Check(token, "x", inputs, enginetest.Values(in{"tags": in{"Name": "own"}}))
				response, err := provider.Client.Diff(t.Context(), &pulumirpc.DiffRequest{
					Id: made.ID, Urn: made.URN, OldInputs: enginetest.Struct(t, inputs), News: enginetest.Struct(t, now),
				})
				require.NoError(t, err)
				assert.Equal(t, pulumirpc.DiffResponse_DIFF_SOME, response.GetChanges(), want)
				assert.Equal(t, []string{"tags"}, response.GetDiffs(), want)
				assert.Empty(t, response.GetReplaces(), want)
			}

			unchanged, _ := before.Check(token, "x", inputs, enginetest.Values(in{"tags": in{"Name": "own"}}))
			assert.Equal(t, inputs, unchanged)
		})
	}

	assert.Greater(t, taggable, 15)
}

func TestChangedDefaultTagsAreSaved(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	before, after := tagged(e, "old"), tagged(e, "new")
	network := before.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})

	for token, inputs := range map[string]in{
		vpcType:     {"cidrBlock": "10.1.0.0/16"},
		gatewayType: {"vpcId": network.ID},
		tableType:   {"vpcId": network.ID},
		groupType:   {"vpcId": network.ID, "name": "web"},
		defaultType: {"vpcId": network.ID},
		subnetType:  {"vpcId": network.ID, "cidrBlock": "10.0.1.0/24"},
		eipType:     {"domain": "vpc"},
		logType:     {"name": "/logs"},
		roleType:    {"name": "role", "assumeRolePolicy": document},
		policyType:  {"name": "policy", "policy": document},
		keyType:     {},
		zoneType:    {"name": "example.com"},
		bucketType:  {"bucket": "state"},
	} {
		t.Run(token, func(t *testing.T) {
			made := before.Create(token, "x", inputs)
			assert.Equal(t, in{"Environment": "old"}, made.Outputs["tagsAll"].Mappable())

			updated := after.Update(made, inputs)
			for _, values := range []enginetest.Made{updated, after.Read(made)} {
				assert.Equal(t, in{"Environment": "new"}, values.Outputs["tagsAll"].Mappable())
				assert.Equal(t, in{"Environment": "new"}, values.Outputs["tags"].Mappable())
				assert.Equal(t, in{"Environment": "new"}, values.Inputs["tags"].Mappable())
			}
		})
	}
}

func TestTypesWithoutTags(t *testing.T) {
	t.Parallel()

	described := catalogue.AWS()

	provider := tagged(enginetest.Start(t, ""), "x")

	for token, properties := range described.Types {
		if properties.Inputs["tags"] == "" {
			inputs, _ := provider.Check(token, "x", nil, nil)
			assert.NotContains(t, inputs.Mappable(), "tags", token)
		}
	}
}
