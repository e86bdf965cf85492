package network_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/network"
)

func TestEachZoneHasASubnetOfEachTier(t *testing.T) {
	t.Parallel()

	g := run(t)

	tests := map[string]struct {
		cidr, zone string
		tags       map[string]any
	}{
		"network-public-a":  {"10.10.16.0/22", "us-east-1a", map[string]any{"kubernetes.io/role/elb": "1"}},
		"network-public-b":  {"10.10.48.0/22", "us-east-1b", map[string]any{"kubernetes.io/role/elb": "1"}},
		"network-private-a": {"10.10.0.0/20", "us-east-1a", map[string]any{"kubernetes.io/role/internal-elb": "1"}},
		"network-private-b": {"10.10.32.0/20", "us-east-1b", map[string]any{"kubernetes.io/role/internal-elb": "1"}},
		"network-data-a":    {"10.10.20.0/22", "us-east-1a", nil},
		"network-data-b":    {"10.10.52.0/22", "us-east-1b", nil},
	}
	for name, test := range tests {
		tags := map[string]any{"Name": "sandbox-" + name}
		if test.tags != nil {
			tags["kubernetes.io/cluster/sandbox"] = "shared"
		}

		maps.Copy(tags, test.tags)

		g.One(t, subnetType, name).
			Under("network").
			DependsOn("network-vpc").
			Refers("vpcId", vpcType, "network-vpc").
			Has("cidrBlock", test.cidr).
			Has("availabilityZone", test.zone).
			Has("mapPublicIpOnLaunch", false).
			Has("tags", tags)
	}

	assert.Len(t, g.All(subnetType), len(tests))
}

func TestSubnetsHaveTheTagOfTheCluster(t *testing.T) {
	t.Parallel()

	run(t, func(args *network.Args) { args.ClusterName = "other" }).
		One(t, subnetType, "network-private-a").
		Has(`tags["kubernetes.io/cluster/other"]`, "shared").
		HasNo(`tags["kubernetes.io/cluster/sandbox"]`)
}

func TestAnotherZoneChangesNoSubnet(t *testing.T) {
	t.Parallel()

	before := run(t)
	after := run(t, func(args *network.Args) { args.Zones = []string{"a", "b", "c"} })

	assert.Subset(t, subnets(after), subnets(before))
	assert.Len(t, after.All(subnetType), 9)
}

// subnets maps the names of a graph's subnets to their CIDRs.
func subnets(g *graphtest.Graph) map[string]string {
	cidrs := make(map[string]string)
	for _, r := range g.All(subnetType) {
		cidrs[r.Name] = r.Inputs["cidrBlock"].StringValue()
	}

	return cidrs
}
