package network_test

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/network"
)

// existing makes a network use the VPC of the mocked account, in the zones c and a.
func existing(args *network.Args) {
	subnets := func(tier string) map[string]string {
		return map[string]string{"c": graphtest.ExistingSubnet(tier, "c"), "a": graphtest.ExistingSubnet(tier, "a")}
	}

	*args = network.Args{Environment: args.Environment, Domain: args.Domain, Existing: &network.Existing{
		VPC: graphtest.ExistingVPC, PublicSubnets: subnets("public"), PrivateSubnets: subnets("private"),
	}}
}

func TestInAnExistingVPCOnlyTheZoneAndTheNodesGroupAreCreated(t *testing.T) {
	t.Parallel()

	g := run(t, existing)

	require.Len(t, g.Customs(), 2)
	g.One(t, zoneType, "network-dns").Under("network").Has("vpcs", []any{map[string]any{"vpcId": graphtest.ExistingVPC}})
	g.One(t, securityGroupType, "network-nodes").Under("network").Has("vpcId", graphtest.ExistingVPC)
}

// The stores are in the private subnets if no others are named.
func TestTheOutputsOfAnExistingVPCAreItsIDs(t *testing.T) {
	t.Parallel()

	private := []string{graphtest.ExistingSubnet("private", "a"), graphtest.ExistingSubnet("private", "c")}

	found := make(chan []any, 1)

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		made, err := network.New(ctx, "network", sandbox(existing))
		if err != nil {
			return err
		}

		pulumi.All(made.VPCID, made.PublicSubnetIDs, made.PrivateSubnetIDs, made.DataSubnetIDs, made.NodeSubnetIDs["c"]).
			ApplyT(func(all []any) string {
				found <- all

				return ""
			})

		return nil
	})

	assert.Equal(t, []any{
		graphtest.ExistingVPC,
		[]string{graphtest.ExistingSubnet("public", "a"), graphtest.ExistingSubnet("public", "c")},
		private, private, private[1],
	}, <-found)
}

func TestAnExistingVPCIsLookedUp(t *testing.T) {
	t.Parallel()

	data, private := graphtest.ExistingSubnet("data", "a"), graphtest.ExistingSubnet("private", "b")

	vpc := lookUp(t, graphtest.ExistingVPC, data, private, "subnet-00000000")
	assert.Equal(t, &network.VPC{
		OwnerID: graphtest.AccountID, DNS: true,
		CIDRs: []netip.Prefix{netip.MustParsePrefix("10.64.0.0/16"), netip.MustParsePrefix("100.64.0.0/16")},
		Subnets: map[string]network.Subnet{
			data: {
				CIDR: netip.MustParsePrefix("10.64.20.0/24"), Zone: "us-east-1a", InControlPlaneZone: true, FreeAddresses: 251,
			},
			private: {
				CIDR: netip.MustParsePrefix("10.64.11.0/24"), Zone: "us-east-1b", InControlPlaneZone: true, FreeAddresses: 251,
				DefaultRoute: "nat-1",
			},
		},
	}, vpc)

	assert.Equal(t, &network.VPC{}, lookUp(t, "vpc-00000000"), "no such VPC")
}

// A subnet without IPv4 addresses has no range.
func TestASubnetWithoutIPv4HasNoRange(t *testing.T) {
	t.Parallel()

	id := graphtest.ExistingSubnet("data", "a")
	answer := graphtest.Answering("aws:ec2/getSubnet:getSubnet", map[string]any{"cidrBlock": ""})

	graph := func(ctx *pulumi.Context) error {
		vpc, err := network.LookUp(ctx, graphtest.ExistingVPC, []string{id})
		if err == nil {
			assert.False(t, vpc.Subnets[id].CIDR.IsValid())
		}

		return err
	}
	graphtest.Run(t, graph, answer)
}

func lookUp(t *testing.T, id string, subnets ...string) *network.VPC {
	t.Helper()

	var found *network.VPC

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		vpc, err := network.LookUp(ctx, id, subnets)
		found = vpc

		return err
	})

	return found
}
