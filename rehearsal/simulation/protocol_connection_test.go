package simulation_test

import (
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

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
	}
}

func TestEachConnectionHasItsOwnConfiguration(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	_, err := e.Connect("aws").Check(t.Context(), &pulumirpc.CheckRequest{Urn: enginetest.URN(vpcType, "x")})
	assert.Equal(t, codes.FailedPrecondition, status.Code(err), "this connection is not configured")

	east, west := e.AWS("us-east-1"), e.AWS("us-west-2")
	made := east.Create(vpcType, "east", in{"cidrBlock": "10.0.0.0/16"})
	other := west.Create(vpcType, "west", in{"cidrBlock": "10.0.0.0/16"})
	again := east.Create(vpcType, "again", in{"cidrBlock": "10.0.0.0/16"})

	assert.Contains(t, made.Text("arn"), ":us-east-1:")
	assert.Contains(t, other.Text("arn"), ":us-west-2:")
	assert.Contains(t, again.Text("arn"), ":us-east-1:")
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

func TestSecondConfigureReplacesTheFirst(t *testing.T) {
	t.Parallel()

	client := enginetest.Start(t, "").Connect("aws")
	for _, region := range []string{"eu-west-1", "eu-west-2"} {
		response, err := client.Configure(t.Context(), &pulumirpc.ConfigureRequest{
			Args: enginetest.Struct(t, enginetest.Values(in{"region": region})),
		})
		require.NoError(t, err)
		assert.True(t, response.GetAcceptSecrets())
		assert.True(t, response.GetSupportsPreview())
		assert.False(t, response.GetAcceptOutputs(), "plain values only")
		assert.False(t, response.GetAcceptResources(), "ids only")

		answer, err := client.Invoke(t.Context(), &pulumirpc.InvokeRequest{Tok: "aws:index/getRegion:getRegion"})
		require.NoError(t, err)
		assert.Equal(t, region, answer.GetReturn().GetFields()["name"].GetStringValue())
	}
}

func TestRefusedConfigurationsAreNotUsed(t *testing.T) {
	t.Parallel()

	client := enginetest.Start(t, "").Connect("aws")
	_, err := client.Configure(t.Context(), &pulumirpc.ConfigureRequest{
		Args: enginetest.Struct(t, enginetest.Values(in{"region": "mars-1"})),
	})
	require.ErrorContains(t, err, "aws: configuring the provider: ")

	_, err = client.Check(t.Context(), &pulumirpc.CheckRequest{Urn: enginetest.URN(vpcType, "x")})
	assert.Equal(t, codes.FailedPrecondition, status.Code(err))
}

// Calls that depend on the configuration fail before Configure.
func TestCallsRequireConfigure(t *testing.T) {
	t.Parallel()

	client := enginetest.Start(t, "").Connect("aws")
	urn := enginetest.URN(vpcType, "x")

	for name, call := range map[string]func() error{
		"Check": func() error {
			_, err := client.Check(t.Context(), &pulumirpc.CheckRequest{Urn: urn})

			return err
		},
		"Diff": func() error {
			_, err := client.Diff(t.Context(), &pulumirpc.DiffRequest{Urn: urn})

			return err
		},
		"Create": func() error {
			_, err := client.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urn})

			return err
		},
		"Read": func() error {
			_, err := client.Read(t.Context(), &pulumirpc.ReadRequest{Urn: urn})

			return err
		},
		"Update": func() error {
			_, err := client.Update(t.Context(), &pulumirpc.UpdateRequest{Urn: urn})

			return err
		},
		"Delete": func() error {
			_, err := client.Delete(t.Context(), &pulumirpc.DeleteRequest{Urn: urn})

			return err
		},
		"Invoke": func() error {
			_, err := client.Invoke(t.Context(), &pulumirpc.InvokeRequest{Tok: "aws:index/getRegion:getRegion"})

			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, codes.FailedPrecondition, status.Code(call()))
		})
	}
}

func TestUnimplementedMethods(t *testing.T) {
	t.Parallel()

	client := enginetest.Start(t, "").Connect("kubernetes")

	for name, call := range map[string]func() error{
		"GetSchema": func() error {
			_, err := client.GetSchema(t.Context(), &pulumirpc.GetSchemaRequest{})

			return err
		},
		"Construct": func() error {
			_, err := client.Construct(t.Context(), &pulumirpc.ConstructRequest{})

			return err
		},
		"Call": func() error {
			_, err := client.Call(t.Context(), &pulumirpc.CallRequest{})

			return err
		},
		"Parameterize": func() error {
			_, err := client.Parameterize(t.Context(), &pulumirpc.ParameterizeRequest{})

			return err
		},
		"GetMapping": func() error {
			_, err := client.GetMapping(t.Context(), &pulumirpc.GetMappingRequest{})

			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, codes.Unimplemented, status.Code(call()))
		})
	}
}

// The engine cancels one instance after the other; each has its own calls.
func TestCancelIsForOneConnection(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "hang create "+keyType)
	cancelled, other := e.AWS("us-east-1"), e.AWS("us-east-1")
	answers := make(chan error, 1)

	go func() {
		_, err := other.TryCreate(keyType, "k", in{})
		answers <- err
	}()

	require.Eventually(t, func() bool { return len(e.Of(keyType)) == 1 }, 10*time.Second, time.Millisecond)

	for range 2 {
		_, err := cancelled.Client.Cancel(t.Context(), &emptypb.Empty{})
		require.NoError(t, err, "the second time too")
	}

	assert.Never(t, func() bool { return len(answers) > 0 }, 20*time.Millisecond, 5*time.Millisecond)

	_, err := other.Client.Cancel(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	require.ErrorContains(t, <-answers, "context canceled (rehearsed: hang create "+keyType+")")
}
