package simulation_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/status"

	"github.com/msur/platform/rehearsal/simulation"
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/aws"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestFailFaults(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "fail create "+vpcType+"; fail update "+vpcType+"; fail delete "+vpcType)
	aws := e.AWS("us-east-1")
	_, err := aws.TryCreate(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	require.ErrorContains(t, err,
		"creating EC2 VPC: operation error EC2: CreateVpc, https response error StatusCode: 503, RequestID: ")
	require.ErrorContains(t, err, "api error ServiceUnavailable: ")
	require.ErrorContains(t, err, "(rehearsed: fail create "+vpcType+")")
	assert.Empty(t, e.Account.Resources())

	made := aws.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})

	before := e.Account.Resources()
	_, err = aws.TryUpdate(made, in{"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true})
	require.ErrorContains(t, err, "updating EC2 VPC ("+made.ID+")")
	require.ErrorContains(t, aws.Delete(made), "deleting EC2 VPC ("+made.ID+")")
	assert.Equal(t, before, e.Account.Resources())
	require.NoError(t, aws.Delete(made), "each fires once")
}

func TestFaultsOfKubernetes(t *testing.T) {
	t.Parallel()

	const release = "kubernetes:helm.sh/v3:Release"

	e := enginetest.Start(t, "fail create "+release)
	_, err := e.Provider("kubernetes", nil).TryCreate(release, "x", in{"chart": "c"})
	require.ErrorContains(t, err, "(rehearsed: fail create "+release+")")
}

func TestHangingCreatesTakeEffect(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "account.json")
	urn := enginetest.URN(vpcType, "net")

	for name, end := range map[string]func(*enginetest.Engine, *enginetest.Provider, context.CancelFunc){
		"the call is given up": func(_ *enginetest.Engine, _ *enginetest.Provider, cancel context.CancelFunc) { cancel() },
		"the server is stopped": func(e *enginetest.Engine, _ *enginetest.Provider, _ context.CancelFunc) {
			_ = e.Simulation.Close()
		},
		"the engine cancels": func(_ *enginetest.Engine, aws *enginetest.Provider, _ context.CancelFunc) {
			_, _ = aws.Client.Cancel(context.Background(), nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			acct, err := account.Open(path)
			require.NoError(t, err)
			e := enginetest.StartOn(t, acct, "hang create "+vpcType)
			aws := e.AWS("us-east-1")

			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()

			answered := make(chan error, 1)

			go func() {
				_, err := aws.Client.Create(ctx, &pulumirpc.CreateRequest{
					Urn:        enginetest.URN(vpcType, "net"),
					Properties: enginetest.Struct(t, enginetest.Values(in{"cidrBlock": "10.0.0.0/16"})),
				})
				answered <- err
			}()

			require.Eventually(t, func() bool { return len(acct.FindByURN(urn)) == 1 }, 10*time.Second, time.Millisecond)

			persisted, err := account.Open(path)
			require.NoError(t, err)
			require.Len(t, persisted.FindByURN(urn), 1, "in the file although the call has not returned")
			assert.Empty(t, answered)

			end(e, aws, cancel)
			require.Error(t, <-answered)
			restarted := enginetest.StartOn(t, persisted, "").AWS("us-east-1")
			found := enginetest.Made{URN: urn, ID: persisted.FindByURN(urn)[0].ID}
			assert.Equal(t, "10.0.0.0/16", restarted.Read(found).Inputs["cidrBlock"].StringValue(), "it can be imported")
			require.NoError(t, restarted.Delete(found))
		})
	}
}

func TestCancelledCreatesReturnTheResource(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "hang create "+vpcType)
	aws := e.AWS("us-east-1")
	_, err := aws.Client.Cancel(t.Context(), nil)
	require.NoError(t, err)
	_, err = aws.TryCreate(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	require.Error(t, err)
	details := status.Convert(err).Details()
	require.NotEmpty(t, details)
	failed, ok := details[0].(*pulumirpc.ErrorResourceInitFailed)
	require.True(t, ok)
	assert.Equal(t, e.Of(vpcType)[0].ID, failed.GetId())
	assert.Equal(t, "10.0.0.0/16", failed.GetInputs().GetFields()["cidrBlock"].GetStringValue())
	assert.Contains(t, failed.GetProperties().GetFields(), "arn")
}

func TestLackingCreatesAnswerAsRequested(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "lack create "+vpcType+" enableDnsHostnames; lack create "+vpcType+" enableDnsSupport")
	aws := e.AWS("us-east-1")
	wanted := in{"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true}
	made := aws.Create(vpcType, "net", wanted)
	assert.True(t, made.Outputs["enableDnsHostnames"].BoolValue())

	found := aws.Read(made)
	assert.False(t, found.Outputs["enableDnsHostnames"].BoolValue())
	assert.False(t, found.Inputs["enableDnsHostnames"].BoolValue(), "so that it differs from the program's value")
	assert.Equal(t, "10.0.0.0/16", found.Inputs["cidrBlock"].StringValue(), "the rest is as requested")
	assert.Equal(t, []string{"enableDnsHostnames"}, aws.Diff(found, wanted).GetDiffs())

	fixed := aws.Update(found, wanted)
	assert.True(t, aws.Read(fixed).Outputs["enableDnsHostnames"].BoolValue(), "an update adds it")

	other := aws.Create(vpcType, "other", wanted)
	found = aws.Read(other)
	assert.False(t, found.Outputs["enableDnsSupport"].BoolValue())
	assert.NotContains(t, found.Inputs, "enableDnsSupport", "the program does not set it")
	assert.True(t, aws.Read(aws.Create(vpcType, "third", wanted)).Outputs["enableDnsHostnames"].BoolValue(), "once each")
}

func TestOnlyBooleanPropertiesCanLack(t *testing.T) {
	t.Parallel()

	acct, err := account.Open("")
	require.NoError(t, err)

	for _, name := range []string{"enableDnsSuport", "cidrBlock", "arn"} {
		_, err := simulation.Start(acct, "lack create "+vpcType+" "+name, simulation.Clusters{}, aws.DefaultIdentity(), nil)
		require.ErrorContains(t, err, `unknown boolean property "`+name+`"; known: `)
		require.ErrorContains(t, err, "enableDnsHostnames, enableDnsSupport")
	}
}

func TestBrokenCreatesRemain(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "break create "+vpcType)
	aws := e.AWS("us-east-1")
	wanted := in{"cidrBlock": "10.0.0.0/16"}
	broken, err := aws.TryCreate(vpcType, "net", wanted)
	require.ErrorContains(t, err, "waiting for EC2 VPC create: unexpected state 'failed' (rehearsed: break create ")
	require.Len(t, e.Of(vpcType), 1)
	assert.Equal(t, e.Of(vpcType)[0].ID, broken.ID, "the engine gets the resource")
	assert.Contains(t, broken.Outputs, resource.PropertyKey("arn"))
	assert.Equal(t, broken.Outputs, aws.Update(broken, wanted).Outputs, "the provider finds no difference")
	assert.True(t, e.Of(vpcType)[0].Failed)
	require.NoError(t, aws.Delete(broken))
}
