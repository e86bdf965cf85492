package network_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/network"
)

func TestTheSecurityGroupOfNodesHasNoRules(t *testing.T) {
	t.Parallel()

	g := run(t, withEndpoints)

	g.One(t, securityGroupType, "network-nodes").
		Under("network").
		Refers("vpcId", vpcType, "network-vpc").
		HasNo("ingress").
		HasNo("egress").
		Has("tags", map[string]any{"Name": "sandbox-network-nodes"})

	rules := g.All(ingressRuleType)
	assert.NotEmpty(t, rules, "the endpoints have rules")

	for _, rule := range rules {
		assert.NotEqual(t, "SecurityGroup-network-nodes", rule.Inputs["securityGroupId"].StringValue())
	}

	g.None(t, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
	g.None(t, "aws:ec2/securityGroupRule:SecurityGroupRule")
}

// A controller would add rules to a group with the cluster's tag, and the program would remove them.
func TestNoGroupIsTaggedForTheCluster(t *testing.T) {
	t.Parallel()

	g := run(t, withEndpoints, func(args *network.Args) { args.ClusterName = "other" })

	for _, group := range g.All(securityGroupType) {
		for tag := range group.Inputs["tags"].ObjectValue() {
			assert.False(t, strings.HasPrefix(string(tag), "kubernetes.io/"), "%s: %s", group.Name, tag)
		}
	}
}

// The group exists before the cluster. Its name allows a new group to exist beside it while nodes still use the old
// one.
func TestTheSecurityGroupOfNodesWaitsOnlyForTheVPC(t *testing.T) {
	t.Parallel()

	run(t).One(t, securityGroupType, "network-nodes").
		Has("namePrefix", "sandbox-network-nodes-").
		HasNo("name").
		DependsOn(vpcType + "::network-vpc").
		WaitsForNo(subnetType).
		WaitsForNo(routeType)
}

const interfaceType = "aws:ec2/networkInterface:NetworkInterface"

// startIn creates a network interface in the private subnet of each zone, as a node has.
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

func TestMachinesInPrivateSubnetsWaitForTheirDefaultRoute(t *testing.T) {
	t.Parallel()

	for _, nat := range network.NATs() {
		g := startIn(t, nat)

		for _, zone := range []string{"a", "b"} {
			node := g.One(t, interfaceType, "node-"+zone).
				Refers("subnetId", subnetType, "network-private-"+zone).
				DependsOn(subnetType+"::network-private-"+zone).
				Refers("securityGroups[0]", securityGroupType, "network-nodes")

			if nat == network.NATNone {
				node.WaitsForNo(routeType).WaitsForNo(natType)
			} else {
				node.DependsOn(routeType + "::network-private-" + zone)
			}
		}

		assert.Equal(t, []string{"node-a", "node-b"}, names(g, interfaceType), "a subnet in each zone")
	}
}

// Nodes need only the NAT gateway of their own zone.
func TestMachinesDoNotWaitForOtherZones(t *testing.T) {
	t.Parallel()

	g := startIn(t, network.NATPerZone)

	for _, node := range g.All(interfaceType) {
		for _, dependency := range node.Dependencies {
			if private := strings.HasPrefix(dependency.Name(), "network-private-"); private {
				assert.Equal(t, node.Name[len("node-"):], dependency.Name()[len("network-private-"):], node.Name)
			}
		}
	}
}

// AWS refuses a load balancer in a VPC without an internet gateway, and refuses to delete the gateway before it.
func TestPublicResourcesWaitForThePublicRoute(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, func(ctx *pulumi.Context) error {
		made, err := network.New(ctx, "network", sandbox())
		if err != nil {
			return err
		}

		_, err = lb.NewLoadBalancer(ctx, "balancer", &lb.LoadBalancerArgs{Subnets: made.PublicSubnetIDs})

		return err
	})

	g.One(t, "aws:lb/loadBalancer:LoadBalancer", "balancer").
		Refers("subnets[0]", subnetType, "network-public-a").
		Refers("subnets[1]", subnetType, "network-public-b").
		DependsOn(routeType + "::network-public")
}
