package simulation_test

import (
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/aws"
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

func TestSimulationListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	assert.Regexp(t, `^aws:\d+,kubernetes:\d+$`, e.Simulation.DebugProviders())

	for attached := range strings.SplitSeq(e.Simulation.DebugProviders(), ",") {
		_, port, _ := strings.Cut(attached, ":")
		_, err := new(net.Dialer).DialContext(t.Context(), "tcp", "127.0.0.2:"+port)
		assert.Error(t, err, "bound to 127.0.0.1, not to all addresses")
	}
}

func TestTwoSimulationsInOneProcess(t *testing.T) {
	t.Parallel()

	first, second := enginetest.Start(t, ""), enginetest.Start(t, "")
	assert.NotEqual(t, first.Simulation.DebugProviders(), second.Simulation.DebugProviders())
	first.AWS("us-east-1").Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	assert.Empty(t, second.Account.Resources(), "each has its own account")
}

// clouds are the simulated providers' tables.
func clouds() []provider.Cloud {
	return []provider.Cloud{aws.New(time.Now, nil, aws.DefaultIdentity()), kubernetes.New(time.Now, nil)}
}

// Every type has both a behaviour and a description.
func TestTablesAndCatalogueHaveTheSameTypes(t *testing.T) {
	t.Parallel()

	for _, cloud := range clouds() {
		assert.ElementsMatch(t,
			slices.Collect(maps.Keys(cloud.Catalogue().Types)), slices.Collect(maps.Keys(cloud.Table())), cloud.Name())
	}
}

func TestReferencesAreToKnownTypes(t *testing.T) {
	t.Parallel()

	for _, cloud := range clouds() {
		for token, kind := range cloud.Table() {
			for _, reference := range kind.References {
				for _, target := range reference.Types {
					assert.Contains(t, cloud.Table(), target, "%s: %s", token, reference.Property)
				}
			}
		}
	}
}

// A rule for a misspelt property would never apply.
func TestPropertiesOfTheTablesAreInTheCatalogue(t *testing.T) {
	t.Parallel()

	for _, cloud := range clouds() {
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
		}
	}
}

func TestVersionsAreThoseOfTheSDKs(t *testing.T) {
	t.Parallel()

	for _, cloud := range clouds() {
		assert.True(t, strings.HasSuffix(cloud.Catalogue().Module, "@v"+cloud.Catalogue().Version()), cloud.Name())
	}
}

// Not in parallel: another test might get the released port.
// Another process may listen at the same port a moment later, so only earlier connections are checked.
func TestCloseEndsEveryConnection(t *testing.T) {
	t.Parallel()

	running := enginetest.Start(t, "").Simulation

	var connections []net.Conn

	for one := range strings.SplitSeq(running.DebugProviders(), ",") {
		_, port, _ := strings.Cut(one, ":")
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", "127.0.0.1:"+port)
		require.NoError(t, err, one)
		require.NoError(t, connection.SetDeadline(time.Now().Add(time.Minute)))

		// The preface of HTTP/2 with empty settings, which gRPC answers.
		_, err = connection.Write([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"))
		require.NoError(t, err)
		_, err = io.ReadFull(connection, make([]byte, len("settings!")))
		require.NoError(t, err, "the server has answered")

		connections = append(connections, connection)
	}

	require.NoError(t, running.Close())
	require.NoError(t, running.Close(), "a second call has no effect")

	for _, connection := range connections {
		_, err := io.Copy(io.Discard, connection)
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server has ended it")
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
