package simulation_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/msur/platform/rehearsal/simulation"
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	vpcType    = "aws:ec2/vpc:Vpc"
	subnetType = "aws:ec2/subnet:Subnet"
)

type in = map[string]any

func TestItListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	assert.Regexp(t, `^aws:\d+,kubernetes:\d+$`, e.Simulation.DebugProviders())

	for attached := range strings.SplitSeq(e.Simulation.DebugProviders(), ",") {
		_, port, _ := strings.Cut(attached, ":")
		_, err := net.Dial("tcp", "127.0.0.2:"+port)
		assert.Error(t, err, "bound to 127.0.0.1, not to all addresses")
	}
}

func TestTwoSimulationsRunBesideEachOther(t *testing.T) {
	t.Parallel()

	assert.NotEqual(t, enginetest.Start(t, "").Simulation.DebugProviders(), enginetest.Start(t, "").Simulation.DebugProviders())
}

// Every type has both a behaviour and a description, and none has only one.
func TestTheTablesAndTheCatalogueKnowTheSameTypes(t *testing.T) {
	t.Parallel()

	types, err := simulation.Types()
	require.NoError(t, err)
	amazon, err := catalogue.AWS()
	require.NoError(t, err)
	cluster, err := catalogue.Kubernetes()
	require.NoError(t, err)

	var described []string

	for _, c := range []*catalogue.Catalogue{amazon, cluster} {
		for token := range c.Types {
			described = append(described, token)
		}
	}

	assert.ElementsMatch(t, described, types)
}

func TestHandshakeAndVersions(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	for name, version := range map[string]string{"aws": "6.83.0", "kubernetes": "4.23.0"} {
		client := e.Connect(name)
		handshake, err := client.Handshake(t.Context(), &pulumirpc.ProviderHandshakeRequest{})
		require.NoError(t, err)
		assert.True(t, handshake.GetAcceptSecrets())
		info, err := client.GetPluginInfo(t.Context(), nil)
		require.NoError(t, err)
		assert.Equal(t, version, info.GetVersion())
		_, err = client.Attach(t.Context(), &pulumirpc.PluginAttach{Address: "x"})
		require.NoError(t, err)
		_, err = client.GetSchema(t.Context(), &pulumirpc.GetSchemaRequest{})
		assert.Equal(t, codes.Unimplemented, status.Code(err))
	}
}

func TestEachConnectionHasItsOwnConfiguration(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	_, err := e.Connect("aws").Check(t.Context(), &pulumirpc.CheckRequest{Urn: enginetest.URN(vpcType, "x")})
	assert.Equal(t, codes.FailedPrecondition, status.Code(err), "nobody configured this one")

	east, west := e.AWS("us-east-1"), e.AWS("us-west-2")
	made := east.Create(vpcType, "east", in{"cidrBlock": "10.0.0.0/16"})
	other := west.Create(vpcType, "west", in{"cidrBlock": "10.0.0.0/16"})
	again := east.Create(vpcType, "again", in{"cidrBlock": "10.0.0.0/16"})

	assert.Contains(t, made.Text("arn"), ":us-east-1:")
	assert.Contains(t, other.Text("arn"), ":us-west-2:")
	assert.Contains(t, again.Text("arn"), ":us-east-1:")
}

func TestTheOlderFormOfConfigurationWorks(t *testing.T) {
	t.Parallel()

	client := enginetest.Start(t, "").Connect("aws")
	_, err := client.Configure(t.Context(), &pulumirpc.ConfigureRequest{Variables: map[string]string{"aws:config:region": "eu-west-1"}})
	require.NoError(t, err)
	answer, err := client.Invoke(t.Context(), &pulumirpc.InvokeRequest{Tok: "aws:index/getRegion:getRegion"})
	require.NoError(t, err)
	assert.Equal(t, "eu-west-1", answer.GetReturn().GetFields()["name"].GetStringValue())
}

func TestCheckConfig(t *testing.T) {
	t.Parallel()

	response, err := enginetest.Start(t, "").Connect("aws").CheckConfig(t.Context(), &pulumirpc.CheckRequest{
		News: enginetest.Struct(t, enginetest.Values(in{"region": "us-east-1", "regionn": "x"})),
	})
	require.NoError(t, err)
	require.Len(t, response.GetFailures(), 1)
	assert.Equal(t, "regionn", response.GetFailures()[0].GetProperty())
	assert.Equal(t, "us-east-1", response.GetInputs().GetFields()["region"].GetStringValue())
}

func TestUnknownTypesAreRefusedByName(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	urn := enginetest.URN("aws:foo/bar:Bar", "x")
	_, err := aws.Client.Check(t.Context(), &pulumirpc.CheckRequest{Urn: urn})
	require.ErrorContains(t, err, "aws: type aws:foo/bar:Bar is not simulated")
	_, err = aws.Client.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urn})
	require.ErrorContains(t, err, "aws: type aws:foo/bar:Bar is not simulated")
	_, err = aws.Client.Read(t.Context(), &pulumirpc.ReadRequest{Urn: urn, Id: "x"})
	require.ErrorContains(t, err, "aws: type aws:foo/bar:Bar is not simulated")
	_, err = aws.Client.Delete(t.Context(), &pulumirpc.DeleteRequest{Urn: urn, Id: "x"})
	require.ErrorContains(t, err, "aws: type aws:foo/bar:Bar is not simulated")
	_, _, err = e.Provider("kubernetes", nil).Invoke("kubernetes:yaml:decode", nil)
	require.ErrorContains(t, err, "kubernetes: function kubernetes:yaml:decode is not simulated")
}

func TestCheckReportsEverythingAtOnce(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	_, refused := aws.Check(subnetType, "x", nil, enginetest.Values(in{"cidrBlok": "x", "mapPublicIpOnLaunch": "yes"}))
	require.Len(t, refused, 3)
	assert.Contains(t, refused[0], "cidrBlok: "+subnetType+`: unknown property "cidrBlok"; known: cidrBlock`)
	assert.Contains(t, refused[1], "mapPublicIpOnLaunch: ")
	assert.Contains(t, refused[2], "vpcId: ")
}

func TestAPreviewMakesNothing(t *testing.T) {
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
	assert.Equal(t, made.Text("arn"), updated.Text("arn"), "what the account made is known")
	assert.Equal(t, made.Outputs, aws.Read(made).Outputs)
}

func TestSecretsStaySecret(t *testing.T) {
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

	_, err = aws.TryCreate(vpcType, "net", in{"cidrBlock": secret, "ipv4NetmaskLength": 8, "instanceTenancy": "default"})
	require.NoError(t, err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"secrets"`)

	_, refused := aws.Check(vpcType, "x", nil, enginetest.Values(in{"cidrBlock": enginetest.SecretNumber(4711)}))
	require.Len(t, refused, 1)
	assert.NotContains(t, refused[0], "4711", "refusals do not quote values")
}

func TestReadReturnsWhatTheAccountHolds(t *testing.T) {
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
		Id: made.ID, Urn: made.URN, Inputs: enginetest.Struct(t, made.Inputs), Properties: enginetest.Struct(t, made.Outputs),
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

func TestTheAccountOutlivesTheSimulation(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "account.json")
	acct, err := account.Open(path)
	require.NoError(t, err)
	made := enginetest.StartOn(t, acct, "").AWS("us-east-1").Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})

	again, err := account.Open(path)
	require.NoError(t, err)
	assert.Equal(t, acct.Resources(), again.Resources())
	aws := enginetest.StartOn(t, again, "").AWS("us-east-1")
	assert.Equal(t, made.Outputs, aws.Read(made).Outputs)
	assert.Equal(t, made.ID, again.FindByURN(made.URN)[0].ID)
	assert.NotEqual(t, made.ID, aws.Create(vpcType, "other", in{"cidrBlock": "10.0.0.0/16"}).ID)
}
