package simulation_test

import (
	"context"
	"net"
	"sync"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// engine records what providers log.
type engine struct {
	pulumirpc.UnimplementedEngineServer

	mu     sync.Mutex
	logged []*pulumirpc.LogRequest
}

// Log records a message.
func (e *engine) Log(_ context.Context, request *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	e.mu.Lock()
	defer e.mu.Unlock()

	e.logged = append(e.logged, request)

	return &emptypb.Empty{}, nil
}

// listen serves the engine, and returns its address.
func (e *engine) listen(t *testing.T) string {
	t.Helper()

	var sockets net.ListenConfig

	listener, err := sockets.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)

	server := grpc.NewServer()
	pulumirpc.RegisterEngineServer(server, e)

	go func() { _ = server.Serve(listener) }()

	t.Cleanup(server.Stop)

	return listener.Addr().String()
}

func TestValuesThatADatedFileDoesNotKnowAreWarnings(t *testing.T) {
	t.Parallel()

	const group = "aws:eks/nodeGroup:NodeGroup"

	var e engine

	aws := enginetest.Start(t, "").AWS("us-east-1")
	nodes := func(version string) in {
		return in{
			"clusterName": "c", "nodeRoleArn": "arn:aws:iam::123456789012:role/n", "subnetIds": []any{"subnet-1"},
			"scalingConfig": in{"minSize": 1, "maxSize": 1, "desiredSize": 1}, "version": version,
		}
	}

	_, refused := aws.Check(group, "nodes", nil, enginetest.Values(nodes("1.99")))
	assert.Empty(t, refused, "without an engine to tell")

	_, err := aws.Client.Attach(t.Context(), &pulumirpc.PluginAttach{Address: e.listen(t)})
	require.NoError(t, err)

	for _, version := range []string{"1.35", "1.99"} {
		_, refused := aws.Check(group, "nodes", nil, enginetest.Values(nodes(version)))
		assert.Empty(t, refused)
	}

	require.Len(t, e.logged, 1)
	assert.Equal(t, pulumirpc.LogSeverity_WARNING, e.logged[0].GetSeverity())
	assert.Equal(t, enginetest.URN(group, "nodes"), e.logged[0].GetUrn())
	assert.Contains(t, e.logged[0].GetMessage(), "version: rehearsal/simulation/aws/versions.yaml does not know 1.99")
}
