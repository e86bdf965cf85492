package network_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/network"
)

func TestNodesAreToldByAGroupWithoutRules(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, securityGroupType, "network-nodes").
		Under("network").
		Refers("vpcId", vpcType, "network-vpc").
		HasNo("ingress").
		HasNo("egress").
		Has("tags", map[string]any{"Name": "sandbox-network-nodes"})

	for _, rule := range g.All(ingressRuleType) {
		assert.NotEqual(t, "SecurityGroup-network-nodes", rule.Inputs["securityGroupId"].StringValue())
	}
}

const interfaceType = "aws:ec2/networkInterface:NetworkInterface"

// startIn starts an interface in the subnet of each zone, as a node would be.
func startIn(t *testing.T, nat network.NAT) *graphtest.Graph {
	t.Helper()

	return graphtest.Run(t, func(ctx *pulumi.Context) error {
		made, err := network.New(ctx, "network", sandbox(func(args *network.Args) { args.NAT = nat }))
		if err != nil {
			return err
		}

		for zone, id := range made.NodeSubnetIDs {
			_, err := ec2.NewNetworkInterface(ctx, "node-"+zone, &ec2.NetworkInterfaceArgs{
				SubnetId: id, SecurityGroups: pulumi.StringArray{made.NodeSecurityGroupID},
			})
			if err != nil {
				return err
			}
		}

		return nil
	})
}

func TestWhatStartsInANodesSubnetWaitsForItsWayOut(t *testing.T) {
	t.Parallel()

	for _, nat := range network.NATs() {
		g := startIn(t, nat)

		for _, zone := range []string{"a", "b"} {
			node := g.One(t, interfaceType, "node-"+zone).
				Refers("subnetId", subnetType, "network-private-"+zone).
				DependsOn(subnetType+"::network-private-"+zone).
				Refers("securityGroups[0]", securityGroupType, "network-nodes")

			if nat != network.NATNone {
				node.DependsOn(routeType + "::network-private-" + zone)
			}
		}
	}
}
