package quotas

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/internal/nodes"
	"github.com/msur/platform/stacks/settings"
)

const root = "../../.."

func TestTheTableOfQuotasIsUpToDate(t *testing.T) {
	t.Parallel()

	want, err := Document(root)
	require.NoError(t, err)

	got, err := os.ReadFile(filepath.Join(root, File))
	require.NoError(t, err)
	assert.Equal(t, string(marked.Find(want)), marked.FindString(string(got)),
		"%s does not match the stack files: run make generate", File)
}

// of returns an environment with kinds of nodes in two zones.
func of(kinds map[string]plan.NodeKind, nat network.NAT) settings.Settings {
	return settings.Settings{
		Network: settings.Network{Zones: []string{"a", "b"}, NAT: nat}, Cluster: settings.Cluster{Nodes: kinds},
	}
}

// counts returns what all environments together need of each quota.
func counts(t *testing.T, all ...settings.Settings) map[string]int {
	t.Helper()

	var environments []environment
	for _, configured := range all {
		environments = append(environments, environment{"sandbox", configured})
	}

	needs, err := needsOf(environments)
	require.NoError(t, err)

	found := make(map[string]int)

	for _, q := range All() {
		found[q.Code] = q.Shared
		for _, n := range needs[q.Code] {
			found[q.Code] += n.Count
		}
	}

	return found
}

const (
	spot     = "L-34B43A08"
	onDemand = "L-1216C47A"
	elastic  = "L-0263D0A3"
	vpcs     = "L-F678F1CE"
)

func TestQuotasHaveRoomForUpdatesInAllZones(t *testing.T) {
	t.Parallel()

	small := plan.NodeKind{InstanceTypes: []string{"t4g.medium", "t4g.xlarge"}, Capacity: nodes.Spot, Min: 1, Max: 1}
	large := plan.NodeKind{InstanceTypes: []string{"m7g.2xlarge"}, Min: 3, Max: 3}
	one := of(map[string]plan.NodeKind{"small": small, "large": large}, network.NATPerZone)

	assert.Equal(t, map[string]int{
		spot:     2 * 3 * 4,       // two zones, a node and the surge of two, four vCPUs
		onDemand: 2 * (3 + 3) * 8, // two groups of three nodes during a replacement, eight vCPUs
		elastic:  2,
		vpcs:     2,
	}, counts(t, one))

	assert.Equal(t, map[string]int{spot: 2 * 2 * 3 * 4, onDemand: 2 * 2 * 6 * 8, elastic: 4, vpcs: 3},
		counts(t, one, one), "environments of an account share its quotas")
}

func TestAnEnvironmentWithoutNATNeedsNoAddress(t *testing.T) {
	t.Parallel()

	assert.Zero(t, counts(t, of(nil, network.NATNone))[elastic])
	assert.Equal(t, 1, counts(t, of(nil, network.NATSingle))[elastic])
}

func TestTheTableNamesUnknownInstanceTypes(t *testing.T) {
	t.Parallel()

	kinds := map[string]plan.NodeKind{"gpu": {InstanceTypes: []string{"g5g.xlarge"}, Min: 1, Max: 1}}
	environments := []environment{{"sandbox", of(kinds, network.NATNone)}}

	needs, err := needsOf(environments)
	require.NoError(t, err)
	assert.Equal(t, []string{"g5g.xlarge"}, needs[onDemand][0].Unknown)
	assert.Contains(t, render(environments, needs), "g5g.xlarge")
}

func TestOnlyQuotasAboveTheDefaultAreRequested(t *testing.T) {
	t.Parallel()

	kinds := map[string]plan.NodeKind{"general": {InstanceTypes: []string{"m7g.large"}, Min: 1, Max: 1}}
	environments := []environment{{"sandbox", of(kinds, network.NATSingle)}}

	needs, err := needsOf(environments)
	require.NoError(t, err)

	table := render(environments, needs)
	assert.Contains(t, table, "--quota-code "+onDemand+" --desired-value 12")
	assert.NotContains(t, table, "--quota-code "+spot)
}

func TestADocumentWithoutMarkersIsRefused(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()

	_, err := Document(folder)
	require.ErrorIs(t, err, errStacks)

	text, err := os.ReadFile(root + "/Pulumi.sandbox.yaml")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(folder+"/Pulumi.sandbox.yaml", text, 0o600))
	require.NoError(t, os.MkdirAll(filepath.Join(folder, filepath.Dir(File)), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, File), []byte("# Quotas\n"), 0o600))

	_, err = Document(folder)
	require.ErrorIs(t, err, errMarkers)
}

// The VPC, its gateways and their addresses belong to its owner.
func TestAnExistingVPCNeedsNoQuotas(t *testing.T) {
	t.Parallel()

	configured := of(nil, network.NATNone)
	configured.Network.Existing = &network.Existing{VPC: "vpc-0a1b2c3d"}

	assert.Equal(t, map[string]int{spot: 0, onDemand: 0, elastic: 0, vpcs: 1}, counts(t, configured), "the default VPC")
}
