package cost_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/cost"
	"github.com/msur/platform/rehearsal/state"
)

var now = time.Date(2026, 12, 10, 0, 0, 0, 0, time.UTC)

func estimate(t *testing.T, known *state.State, assume string) cost.Estimate {
	t.Helper()

	assumed, err := cost.Assumptions(assume)
	require.NoError(t, err)

	return cost.Of(known, assumed, now)
}

func parse(t *testing.T, resources string) *state.State {
	t.Helper()

	known, err := state.Parse([]byte(`{"deployment": {"resources": [` + resources + `]}}`))
	require.NoError(t, err)

	return known
}

// bootstrap has the resources of an account that no environment has.
const bootstrap = "infra/bootstrap/account/testdata/account.json"

func TestEveryTypeHasAPriceOrAReasonToBeFree(t *testing.T) {
	t.Parallel()

	repository := os.DirFS("../..")

	environments, err := controls.ReadGoldens(repository, now)
	require.NoError(t, err)

	environments["bootstrap"], err = controls.ReadGolden(repository, bootstrap, now)
	require.NoError(t, err)

	for name, environment := range environments {
		for _, r := range environment.State.Resources {
			assert.True(t, cost.Known(string(r.Type)), "%s has a %s: add it to charges.go or free.yaml", name, r.Type)
		}

		assert.Empty(t, estimate(t, environment.State, "").Unknown, "%s: add the prices to prices.csv", name)
	}
}

// DESIGN: the limits before traffic.
func TestTheEnvironmentsStayWithinTheirBudgets(t *testing.T) {
	t.Parallel()

	environments, err := controls.ReadGoldens(os.DirFS("../.."), now)
	require.NoError(t, err)

	for name, most := range map[string]float64{"sandbox": 200, "staging": 560} {
		require.Contains(t, environments, name)

		estimated := estimate(t, environments[name].State, "")
		assert.LessOrEqual(t, estimated.MonthlyUSD, most, name)
		assert.Greater(t, estimated.MonthlyUSD, most/2, "%s: a component is missing", name)
	}
}

const network = `{"urn": "urn:pulumi:s::p::platform:network:Network::network", "type": "platform:network:Network"},
	{"urn": "urn:pulumi:s::p::platform:network:Network$aws:ec2/natGateway:NatGateway::n",
	"type": "aws:ec2/natGateway:NatGateway", "custom": true,
	"parent": "urn:pulumi:s::p::platform:network:Network::network"}`

func TestAChargeIsTheQuantityTimesThePrice(t *testing.T) {
	t.Parallel()

	for what, c := range map[string]struct {
		resources string
		assume    string
		want      float64
	}{
		"a NAT gateway": {network, "natGB=0", 730 * 0.045},
		"traffic":       {network, "natGB=100", 730*0.045 + 100*0.045},
		"a database with a standby and a disk": {
			resource("aws:rds/instance:Instance",
				`{"instanceClass": "db.t4g.small", "allocatedStorage": 20, "multiAz": true}`), "", 2*730*0.032 + 2*20*0.115,
		},
		"the password of a database": {
			resource("aws:rds/instance:Instance", `{"instanceClass": "db.t4g.small", "manageMasterUserPassword": true}`), "",
			730*0.032 + 0.4,
		},
		"a supported cluster":           {resource("aws:eks/cluster:Cluster", `{"version": "1.35"}`), "", 730 * 0.1},
		"a cluster in extended support": {resource("aws:eks/cluster:Cluster", `{"version": "1.34"}`), "", 730 * 0.6},
		"nodes on demand": {
			resource("aws:eks/nodeGroup:NodeGroup", `{"instanceTypes": ["t4g.large"], "scalingConfig": {"desiredSize": 3}}`), "",
			3 * 730 * 0.0672,
		},
		"spot nodes": {
			resource("aws:eks/nodeGroup:NodeGroup",
				`{"instanceTypes": ["t4g.large"], "capacityType": "SPOT", "scalingConfig": {"desiredSize": 1}}`), "spotShare=0.5",
			730 * 0.0672 / 2,
		},
		"an interface endpoint in two zones": {
			resource("aws:ec2/vpcEndpoint:VpcEndpoint", `{"vpcEndpointType": "Interface", "subnetIds": ["a", "b"]}`), "",
			2 * 730 * 0.01,
		},
		"a gateway endpoint": {resource("aws:ec2/vpcEndpoint:VpcEndpoint", `{"vpcEndpointType": "Gateway"}`), "", 0},
		"a load balancer in two zones": {
			resource("aws:lb/loadBalancer:LoadBalancer", `{"subnets": ["a", "b"]}`), "balancerLCU=0 crossZoneGB=10",
			730*0.0225 + 2*730*0.005 + 2*10*0.01,
		},
		"logs that are kept for a week": {
			resource("aws:cloudwatch/logGroup:LogGroup", `{"name": "flow", "retentionInDays": 7}`), "logsGB=10",
			10*0.5 + 10*7.0/30*0.03,
		},
	} {
		assert.InDelta(t, c.want, estimate(t, parse(t, c.resources), c.assume).MonthlyUSD, 0.006, what)
	}
}

func TestAPoolCostsNothingUntilLoadAddsNodes(t *testing.T) {
	t.Parallel()

	pool := func(limits, capacity string) string {
		return resource("kubernetes:karpenter.sh/v1:NodePool", `{"spec": {"limits": `+limits+`, "template": {"spec": {
			"requirements": [{"key": "node.kubernetes.io/instance-type", "values": ["t4g.large"]},
			{"key": "karpenter.sh/capacity-type", "values": ["`+capacity+`"]}]}}}}`)
	}

	const node, disk = 730 * 0.0672, 20 * 0.08

	byCPU := estimate(t, parse(t, pool(`{"cpu": "9", "memory": "640Gi"}`, "on-demand")), "")
	assert.Zero(t, byCPU.MonthlyUSD)
	assert.InDelta(t, 4*(node+disk), byCPU.PoolsUSD, 0.006, "nodes of 2 vCPUs")

	byMemory := estimate(t, parse(t, pool(`{"cpu": "64", "memory": "16Gi"}`, "spot")), "spotShare=0.5 poolNodes=1")
	assert.InDelta(t, node/2+disk, byMemory.MonthlyUSD, 0.006)
	assert.InDelta(t, 2*(node/2+disk), byMemory.PoolsUSD, 0.006, "nodes of 8 GiB")
	assert.InDelta(t, 730, byMemory.Items[0].Quantity, 0.001, "hours, not a share of them")
}

func resource(resourceType, inputs string) string {
	return `{"urn": "urn:pulumi:s::p::` + resourceType + `::x", "type": "` + resourceType + `", "custom": true,
		"inputs": ` + inputs + `}`
}

func TestSubnetsThatAreNotCreatedYetAreCounted(t *testing.T) {
	t.Parallel()

	known := parse(t, `{"urn": "urn:pulumi:s::p::aws:lb/loadBalancer:LoadBalancer::x", "custom": true,
		"type": "aws:lb/loadBalancer:LoadBalancer", "inputs": {"subnets": "unknown"}, "propertyDependencies": {"subnets":
		["urn:pulumi:s::p::aws:ec2/subnet:Subnet::a", "urn:pulumi:s::p::aws:ec2/subnet:Subnet::b"]}}`)

	assert.InDelta(t, 730*0.0225+2*730*0.005, estimate(t, known, "balancerLCU=0 crossZoneGB=0").MonthlyUSD, 0.006)
}

func TestWhatHasNoPriceIsListed(t *testing.T) {
	t.Parallel()

	estimated := estimate(t, parse(t, resource("aws:eks/nodeGroup:NodeGroup",
		`{"instanceTypes": ["u7i.metal"], "scalingConfig": {"desiredSize": 1}}`)), "")

	assert.Equal(t, []string{"ec2.u7i.metal"}, estimated.Unknown)
	assert.Zero(t, estimated.MonthlyUSD)
}

func TestAChangeNamesWhatIsAddedAndRemoved(t *testing.T) {
	t.Parallel()

	before := estimate(t, parse(t, resource("aws:route53/zone:Zone", "{}")), "")
	after := estimate(t, parse(t, network), "natGB=0")
	change := cost.Compare(before, after)

	assert.InDelta(t, 32.35, change.MonthlyUSD, 0.001)
	require.Len(t, change.Items, 2)
	assert.Equal(t, "network", change.Items[0].Component)
	assert.InDelta(t, 32.85, change.Items[0].MonthlyUSD, 0.001)
	assert.InDelta(t, -0.5, change.Items[1].MonthlyUSD, 0.001)

	assert.Empty(t, cost.Compare(after, after).Items)
}

func TestAnUnknownAssumptionIsRefused(t *testing.T) {
	t.Parallel()

	for _, text := range []string{"coffee=3", "logsGB", "logsGB=much", "logsGB=-1"} {
		_, err := cost.Assumptions(text)
		require.ErrorContains(t, err, "ASSUME", text)
	}
}
