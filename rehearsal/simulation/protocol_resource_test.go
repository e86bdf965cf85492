package simulation_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestCheckReportsEverythingAtOnce(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	_, refused := aws.Check(subnetType, "x", nil, enginetest.Values(in{"cidrBlok": "x", "mapPublicIpOnLaunch": "yes"}))
	require.Len(t, refused, 3)
	assert.Contains(t, refused[0], "cidrBlok: "+subnetType+`: unknown property "cidrBlok"; known: cidrBlock`)
	assert.Contains(t, refused[1], "mapPublicIpOnLaunch: ")
	assert.Contains(t, refused[2], "vpcId: ")
}

func TestPreviewsCreateNothing(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "fail create "+vpcType+"; fail update "+vpcType)
	aws := e.AWS("us-east-1")
	preview := aws.Preview(vpcType, "net", in{"cidrBlock": enginetest.Unknown(), "tags": in{"a": "b"}})
	assert.Empty(t, preview.ID)
	assert.Empty(t, e.Account.Resources())

	for _, name := range []string{"arn", "cidrBlock", "defaultSecurityGroupId", "enableDnsHostnames"} {
		assert.True(t, preview.Outputs[resource.PropertyKey(name)].IsComputed(), name)
	}

	assert.Equal(t, "default", preview.Text("instanceTenancy"), "defaults are known")
	assert.Equal(t, preview.Outputs["tags"], preview.Outputs["tagsAll"])

	_, err := aws.TryCreate(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	require.Error(t, err, "the preview has not used up the fault")

	made := aws.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	updated := aws.PreviewUpdate(made, in{"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true})
	assert.Equal(t, made.Text("arn"), updated.Text("arn"), "outputs of the account are known")
	assert.Equal(t, made.Outputs, aws.Read(made).Outputs)
}

func TestSecretInputsAreSecretOutputs(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "account.json")
	acct, err := account.Open(path)
	require.NoError(t, err)
	aws := enginetest.StartOn(t, acct, "").AWS("us-east-1")
	secret := enginetest.Secret("10.0.0.0/16")
	made := aws.Create(vpcType, "net", in{"cidrBlock": secret, "tags": in{"a": enginetest.Secret("b")}})

	changed := in{"cidrBlock": secret, "tags": in{"a": enginetest.Secret("c")}}
	for _, outputs := range []enginetest.Made{made, aws.Read(made), aws.Update(made, changed)} {
		assert.True(t, outputs.Outputs["cidrBlock"].IsSecret())
		assert.True(t, outputs.Outputs["tags"].ObjectValue()["a"].IsSecret())
		assert.True(t, outputs.Inputs["cidrBlock"].IsSecret())
		assert.False(t, outputs.Outputs["arn"].IsSecret())
	}

	_, err = aws.TryCreate(vpcType, "net", in{"cidrBlock": secret, "instanceTenancy": "default"})
	require.NoError(t, err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"secrets"`)

	_, refused := aws.Check(vpcType, "x", nil, enginetest.Values(in{
		"cidrBlock": resource.MakeSecret(resource.NewNumberProperty(4711)),
	}))
	require.Len(t, refused, 1)
	assert.NotContains(t, refused[0], "4711", "refusals do not quote values")
}

func TestReadReturnsTheAccountsState(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	made := aws.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16", "tags": in{"a": "b"}})
	byHand := e.Of(vpcType)[0]
	byHand.Inputs["tags"], byHand.Outputs["tags"] = in{"a": "changed"}, in{"a": "changed"}

	require.NoError(t, e.Account.Change(func(tx *account.Transaction) error {
		tx.Put(byHand)

		return nil
	}))
	response, err := aws.Client.Read(t.Context(), &pulumirpc.ReadRequest{
		Id: made.ID, Urn: made.URN, Inputs: enginetest.Struct(t, made.Inputs), Properties: enginetest.Struct(
			t, made.Outputs,
		),
	})
	require.NoError(t, err)

	refreshed := enginetest.Made{
		Inputs: enginetest.Properties(t, response.GetInputs()), Outputs: enginetest.Properties(t, response.GetProperties()),
	}
	for _, values := range []enginetest.Made{aws.Read(made), refreshed} {
		assert.Equal(t, "changed", values.Inputs["tags"].ObjectValue()["a"].StringValue())
		assert.Equal(t, "changed", values.Outputs["tags"].ObjectValue()["a"].StringValue())
	}

	drifted := aws.Read(made)
	assert.Equal(t, []string{"tags"}, aws.Diff(drifted, in{"cidrBlock": "10.0.0.0/16", "tags": in{"a": "b"}}).GetDiffs())
	require.NoError(t, aws.Delete(made))
	assert.Empty(t, aws.Read(made).ID)
}

func TestImportByID(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	inputs := in{"cidrBlock": "10.0.0.0/16", "tags": in{"a": "b"}}
	made := aws.Create(vpcType, "net", inputs)

	imported := aws.Read(enginetest.Made{ID: made.ID, URN: enginetest.URN(vpcType, "another-name")})
	assert.Equal(t, made.ID, imported.ID)
	assert.Equal(t, made.Inputs, imported.Inputs)
	assert.Equal(t, made.Outputs, imported.Outputs)
	assert.Empty(t, aws.Diff(imported, inputs).GetDiffs(), "the program that created it changes nothing")

	nothing := aws.Read(enginetest.Made{ID: "vpc-0", URN: made.URN})
	assert.Equal(t, enginetest.Made{
		URN: made.URN, Inputs: resource.PropertyMap{}, Outputs: resource.PropertyMap{},
	}, nothing, "what is not there has no id")
}

// Values may be unknown in previews only, and assets are not supported at all.
func TestUnsupportedValuesAreRefusedByPath(t *testing.T) {
	t.Parallel()

	file, err := asset.FromText("x")
	require.NoError(t, err)

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	made := aws.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	stored := e.Account.Resources()

	for name, value := range map[string]resource.PropertyValue{
		"unknown": enginetest.Unknown(), "an asset": resource.NewAssetProperty(file),
	} {
		t.Run(name, func(t *testing.T) {
			properties := enginetest.Struct(t, resource.PropertyMap{
				"tags": resource.NewObjectProperty(resource.PropertyMap{"a": value}),
			})
			_, err := aws.Client.Create(t.Context(), &pulumirpc.CreateRequest{Urn: made.URN, Properties: properties})
			require.ErrorContains(t, err, "aws: reading the inputs of "+made.URN+": converting property tags.a")
			_, err = aws.Client.Update(t.Context(), &pulumirpc.UpdateRequest{
				Id: made.ID, Urn: made.URN, News: properties,
			})
			require.ErrorContains(t, err, "converting property tags.a")
			assert.Equal(t, stored, e.Account.Resources())
		})
	}
}

func TestUnknownTypesAndFunctionsAreRefusedByName(t *testing.T) {
	t.Parallel()

	const want = "aws: type aws:foo/bar:Bar is not simulated"

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	urn := enginetest.URN("aws:foo/bar:Bar", "x")
	_, err := aws.Client.Check(t.Context(), &pulumirpc.CheckRequest{Urn: urn})
	require.ErrorContains(t, err, want)
	_, err = aws.Client.Diff(t.Context(), &pulumirpc.DiffRequest{Urn: urn})
	require.ErrorContains(t, err, want)
	_, err = aws.Client.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urn, Preview: true})
	require.ErrorContains(t, err, want)
	_, err = aws.Client.Read(t.Context(), &pulumirpc.ReadRequest{Urn: urn, Id: "x"})
	require.ErrorContains(t, err, want)
	_, err = aws.Client.Update(t.Context(), &pulumirpc.UpdateRequest{Urn: urn, Id: "x"})
	require.ErrorContains(t, err, want)
	_, err = aws.Client.Delete(t.Context(), &pulumirpc.DeleteRequest{Urn: urn, Id: "x"})
	require.ErrorContains(t, err, want)
	_, _, err = e.Provider("kubernetes", nil).Invoke("kubernetes:yaml:decode", nil)
	require.ErrorContains(t, err, "kubernetes: function kubernetes:yaml:decode is not simulated")
}

func TestSecretsInPreviews(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	inputs := in{"cidrBlock": enginetest.Secret("10.0.0.0/16"), "tags": in{"a": enginetest.Secret("b")}}
	preview := aws.Preview(vpcType, "net", inputs)
	assert.True(t, preview.Outputs["cidrBlock"].IsSecret())
	assert.True(t, preview.Outputs["tags"].ObjectValue()["a"].IsSecret())

	made := aws.Create(vpcType, "net", inputs)
	assert.True(t, aws.PreviewUpdate(made, inputs).Outputs["cidrBlock"].IsSecret())
	assert.Empty(t, aws.Diff(made, inputs).GetDiffs())
	assert.Equal(t, []string{"tags"}, aws.Diff(made, in{
		"cidrBlock": "10.0.0.0/16", "tags": in{"a": enginetest.Secret("c")},
	}).GetDiffs(), "that it is no secret any more changes nothing")
}

func TestSecretsInLists(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	network := aws.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	made := aws.Create(groupType, "group", in{"vpcId": network.ID, "ingress": []any{in{
		"protocol": "tcp", "fromPort": 1, "toPort": 1, "cidrBlocks": []any{"10.0.0.0/8", enginetest.Secret("10.1.0.0/16")},
	}}})

	for _, values := range []resource.PropertyMap{made.Outputs, aws.Read(made).Outputs, aws.Read(made).Inputs} {
		blocks := values["ingress"].ArrayValue()[0].ObjectValue()["cidrBlocks"].ArrayValue()
		assert.False(t, blocks[0].IsSecret())
		assert.True(t, blocks[1].IsSecret())
	}
}

func TestAnErrorNamesTheOperationAndTheResource(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	gone := enginetest.Made{ID: "vpc-0", URN: enginetest.URN(vpcType, "net"), Inputs: resource.PropertyMap{}}
	_, err := aws.TryUpdate(gone, in{"cidrBlock": "10.0.0.0/16"})
	require.ErrorContains(t, err, "desc = updating EC2 VPC (vpc-0): operation error EC2: ModifyVpcAttribute")
	_, err = aws.TryCreate(subnetType, "net", in{"vpcId": "vpc-0", "cidrBlock": "10.0.0.0/24"})
	require.ErrorContains(t, err, "desc = creating EC2 Subnet: operation error EC2: CreateSubnet")
	require.NoError(t, aws.Delete(gone), "deleting a missing resource succeeds")
}
