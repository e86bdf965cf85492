package simulation_test

import (
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation"
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/aws"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
	"github.com/msur/platform/rehearsal/simulation/kubernetes"
	"github.com/msur/platform/rehearsal/simulation/provider"
)

const (
	vpcType    = "aws:ec2/vpc:Vpc"
	subnetType = "aws:ec2/subnet:Subnet"
	groupType  = "aws:ec2/securityGroup:SecurityGroup"
	keyType    = "aws:kms/key:Key"
)

type in = map[string]any

func TestItListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	assert.Regexp(t, `^aws:\d+,kubernetes:\d+$`, e.Simulation.DebugProviders())

	for attached := range strings.SplitSeq(e.Simulation.DebugProviders(), ",") {
		_, port, _ := strings.Cut(attached, ":")
		_, err := new(net.Dialer).DialContext(t.Context(), "tcp", "127.0.0.2:"+port)
		assert.Error(t, err, "bound to 127.0.0.1, not to all addresses")
	}
}

func TestTwoSimulationsRunBesideEachOther(t *testing.T) {
	t.Parallel()

	first, second := enginetest.Start(t, ""), enginetest.Start(t, "")
	assert.NotEqual(t, first.Simulation.DebugProviders(), second.Simulation.DebugProviders())
	first.AWS("us-east-1").Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	assert.Empty(t, second.Account.Resources(), "each has its own account")
}

// clouds are the simulated providers' tables.
func clouds(t *testing.T) []provider.Cloud {
	t.Helper()

	amazon, err := aws.New(time.Now)
	require.NoError(t, err)
	cluster, err := kubernetes.New(time.Now)
	require.NoError(t, err)

	return []provider.Cloud{amazon, cluster}
}

// Every type has both a behaviour and a description, and none has only one.
func TestTheTablesAndTheCatalogueKnowTheSameTypes(t *testing.T) {
	t.Parallel()

	types, err := simulation.Types()
	require.NoError(t, err)

	var described []string
	for _, cloud := range clouds(t) {
		described = append(described, slices.Collect(maps.Keys(cloud.Catalogue().Types))...)
	}

	assert.ElementsMatch(t, described, types)
}

// A misspelt name in a table would be a rule that never applies.
func TestTheTablesNameOnlyWhatTheCatalogueHas(t *testing.T) {
	t.Parallel()

	for _, cloud := range clouds(t) {
		for token, described := range cloud.Catalogue().Types {
			kind, err := cloud.Table().Kind(token)
			require.NoError(t, err)

			top := func(path string) string {
				name, _, _ := strings.Cut(path, ".")

				return name
			}
			for _, output := range kind.Computed {
				assert.Contains(t, described.Outputs, top(output.Name), token)
			}

			for name := range kind.Defaults {
				assert.Contains(t, described.Outputs, name, token)
			}

			given := slices.Concat(kind.ForceNew, kind.Sets)
			for _, reference := range kind.References {
				given = append(given, reference.Property)
			}

			for _, path := range given {
				assert.Contains(t, described.Inputs, top(path), token)
			}

			for _, name := range []string{kind.Force, kind.Spare} {
				assert.True(t, name == "" || described.Inputs[name] == catalogue.Boolean, "%s of %s", name, token)
			}
		}
	}
}

func TestTheVersionsAreThoseOfTheSDKs(t *testing.T) {
	t.Parallel()

	for _, cloud := range clouds(t) {
		assert.True(t, strings.HasSuffix(cloud.Catalogue().Module, "@v"+cloud.Version()), cloud.Name())
	}
}

// Not in parallel: one of the other tests might get the port that was let go.
func TestCloseStopsListening(t *testing.T) {
	running := enginetest.Start(t, "").Simulation
	attached := running.DebugProviders()
	require.NoError(t, running.Close())
	require.NoError(t, running.Close(), "twice is once")

	for one := range strings.SplitSeq(attached, ",") {
		_, port, _ := strings.Cut(one, ":")
		_, err := new(net.Dialer).DialContext(t.Context(), "tcp", "127.0.0.1:"+port)
		require.Error(t, err, "nobody listens any more")
	}
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
	restarted := enginetest.StartOn(t, again, "").AWS("us-east-1")
	assert.Equal(t, made.Outputs, restarted.Read(made).Outputs)
	assert.Equal(t, made.ID, again.FindByURN(made.URN)[0].ID)
	assert.NotEqual(t, made.ID, restarted.Create(vpcType, "other", in{"cidrBlock": "10.0.0.0/16"}).ID)
}
