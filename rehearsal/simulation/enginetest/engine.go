// Package enginetest is a client of the simulation for tests, in place of the Pulumi engine. It calls in the engine's
// order: Check before Create.
package enginetest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/msur/platform/rehearsal/simulation"
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/aws"
	"github.com/msur/platform/rehearsal/simulation/provider"
)

// Engine is a simulation started for one test.
type Engine struct {
	Account    *account.Account
	Simulation *simulation.Simulation

	t testing.TB
}

// Start runs a simulation with the faults on an account in memory, for one test.
func Start(t testing.TB, faults string) *Engine {
	t.Helper()

	return StartOn(t, memory(t), faults)
}

// StartOn runs a simulation with the faults on an account.
func StartOn(t testing.TB, acct *account.Account, faults string) *Engine {
	t.Helper()

	return startWith(t, acct, faults, nil, aws.DefaultIdentity(), nil)
}

// StartWithSettings runs a simulation that finds the settings of refused values.
func StartWithSettings(t testing.TB, origin provider.Origin) *Engine {
	t.Helper()

	return startWith(t, memory(t), "", nil, aws.DefaultIdentity(), origin)
}

// StartAs runs a simulation with the credentials of a principal.
func StartAs(t testing.TB, identity aws.Identity) *Engine {
	t.Helper()

	return startWith(t, memory(t), "", nil, identity, nil)
}

// StartBefore runs a simulation whose clusters have the live control plane of a folder.
func StartBefore(t testing.TB, folder string) *Engine {
	t.Helper()

	server, err := apiserver.Open(folder, filepath.Join(folder, "bin"))
	require.NoError(t, err)

	return startWith(t, memory(t), "", server, aws.DefaultIdentity(), nil)
}

func memory(t testing.TB) *account.Account {
	t.Helper()

	acct, err := account.Open("")
	require.NoError(t, err)

	return acct
}

func startWith(
	t testing.TB, acct *account.Account, faults string, server *apiserver.Server, identity aws.Identity,
	origin provider.Origin,
) *Engine {
	t.Helper()

	running, err := simulation.Start(acct, faults, simulation.Clusters{Server: server}, identity, origin)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, running.Close()) })

	return &Engine{Account: acct, Simulation: running, t: t}
}

// Connect opens a connection to a provider, as the engine does for each instance of it.
func (e *Engine) Connect(name string) pulumirpc.ResourceProviderClient {
	e.t.Helper()

	for attached := range strings.SplitSeq(e.Simulation.DebugProviders(), ",") {
		provider, port, _ := strings.Cut(attached, ":")
		if provider != name {
			continue
		}

		connection, err := grpc.NewClient("127.0.0.1:"+port, grpc.WithTransportCredentials(insecure.NewCredentials()))
		require.NoError(e.t, err)
		e.t.Cleanup(func() { _ = connection.Close() })

		return pulumirpc.NewResourceProviderClient(connection)
	}

	require.FailNow(e.t, "no such provider", name)

	return nil
}

// Provider connects to a provider and configures it.
func (e *Engine) Provider(name string, settings map[string]any) *Provider {
	e.t.Helper()
	client := e.Connect(name)
	_, err := client.Configure(e.t.Context(), &pulumirpc.ConfigureRequest{Args: Struct(e.t, Values(settings))})
	require.NoError(e.t, err)

	return &Provider{Client: client, t: e.t}
}

// AWS is an aws provider in a region, without default tags.
func (e *Engine) AWS(region string) *Provider {
	e.t.Helper()

	return e.Provider("aws", map[string]any{"region": region})
}

// Of returns the account's resources of a type.
func (e *Engine) Of(token string) []account.Resource {
	var found []account.Resource

	for _, candidate := range e.Account.Resources() {
		if candidate.Type == token {
			found = append(found, candidate)
		}
	}

	return found
}

// Values converts plain values to property values.
func Values(plain map[string]any) resource.PropertyMap {
	return resource.NewPropertyMapFromMap(plain)
}

// Unknown is an unknown value.
func Unknown() resource.PropertyValue {
	return resource.MakeComputed(resource.NewStringProperty(""))
}

// Struct marshals values.
func Struct(t testing.TB, values resource.PropertyMap) *structpb.Struct {
	t.Helper()

	marshalled, err := plugin.MarshalProperties(values, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	require.NoError(t, err)

	return marshalled
}

// Properties unmarshals values.
func Properties(t testing.TB, values *structpb.Struct) resource.PropertyMap {
	t.Helper()

	unmarshalled, err := plugin.UnmarshalProperties(values, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	require.NoError(t, err)

	return unmarshalled
}

// Secret is a secret string.
func Secret(text string) resource.PropertyValue {
	return resource.MakeSecret(resource.NewStringProperty(text))
}
