package stacks_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/config"
)

// existing returns the section of an existing VPC that is used in these zones.
func existing(t *testing.T, zones ...string) map[string]string {
	t.Helper()

	section := map[string]any{"vpc": graphtest.ExistingVPC}

	for _, tier := range []string{"public", "private", "data"} {
		subnets := make(map[string]string)
		for _, zone := range zones {
			subnets[zone] = graphtest.ExistingSubnet(tier, zone)
		}

		section[tier+"Subnets"] = subnets
	}

	text, err := json.Marshal(map[string]any{"existing": section})
	require.NoError(t, err)

	return map[string]string{"platform:network": string(text)}
}

// deployedIn mocks an account with a deployed sandbox in a VPC, with its control plane in the subnets.
func deployedIn(vpc string, subnets ...any) []graphtest.Option {
	return []graphtest.Option{
		graphtest.Answering(clustersFunction, map[string]any{"names": []any{"sandbox"}}),
		graphtest.Answering(clusterFunction, map[string]any{
			"vpcConfig": map[string]any{"vpcId": vpc, "subnetIds": subnets},
		}),
	}
}

func TestAnEnvironmentUsesAnExistingVPC(t *testing.T) {
	t.Parallel()

	for environment, zones := range map[string][]string{"sandbox": {"a", "b"}, "staging": {"a", "b", "c"}} {
		g := deploy(t, environment, existing(t, zones...))

		for _, owned := range []string{
			"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/natGateway:NatGateway",
			"aws:ec2/internetGateway:InternetGateway",
			"aws:ec2/routeTable:RouteTable", "aws:ec2/flowLog:FlowLog", "aws:ec2/vpcEndpoint:VpcEndpoint",
			"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
		} {
			g.None(t, owned)
		}

		ids := func(tier string) []any {
			var found []any
			for _, zone := range zones {
				found = append(found, graphtest.ExistingSubnet(tier, zone))
			}

			return found
		}

		g.One(t, "aws:rds/subnetGroup:SubnetGroup", "database-subnets").Has("subnetIds", ids("data"))
		g.One(t, "aws:lb/loadBalancer:LoadBalancer", "ingress-balancer").Has("subnets", ids("public"))
		g.One(t, componentType, "cluster").Has("subnetIds", ids("private")).Has("vpcId", graphtest.ExistingVPC)
		g.One(t, groupType, "cluster-nodes-general-b").Has("subnetIds", []any{graphtest.ExistingSubnet("private", "b")})
		g.One(t, "aws:ec2/securityGroup:SecurityGroup", "network-nodes").Has("vpcId", graphtest.ExistingVPC)
		g.One(t, "aws:route53/zone:Zone", "network-dns").Has("vpcs", []any{map[string]any{"vpcId": graphtest.ExistingVPC}})
	}
}

// Clients of the load balancer and the stores have addresses in any range of the VPC.
func TestTheRangesOfAnExistingVPCAreLookedUp(t *testing.T) {
	t.Parallel()

	g := deploy(t, "sandbox", existing(t, "a", "c"))

	text, err := json.Marshal(inputs(g))
	require.NoError(t, err)
	assert.Contains(t, string(text), `"trustedIPs":["10.64.0.0/16","100.64.0.0/16"]`)
	assert.Contains(t, string(text), `"cidrs":["10.64.20.0/24","10.64.22.0/24"]`, "the data subnets in a and c")
	assert.Contains(t, string(text), `"zones":["us-east-1a","us-east-1c"]`)
}

func TestADeployedEnvironmentStaysInItsVPC(t *testing.T) {
	t.Parallel()

	const vpc = "platform:network.existing.vpc"

	named := func(name string) graphtest.Option {
		return graphtest.Answering(vpcFunction, map[string]any{
			"id": "vpc-1", "cidrBlock": "10.10.0.0/16", "ownerId": graphtest.AccountID, "tags": map[string]any{"Name": name},
			"enableDnsSupport": true, "enableDnsHostnames": true,
		})
	}
	private := func(zone string) any { return graphtest.ExistingSubnet("private", zone) }

	for name, test := range map[string]struct {
		settings map[string]string
		options  []graphtest.Option
		want     map[string]string
	}{
		"the same VPC": {
			existing(t, "a", "b"), deployedIn(graphtest.ExistingVPC, private("a"), private("b")), nil,
		},
		"another zone": {existing(t, "a", "b", "c"), deployedIn(graphtest.ExistingVPC, private("a"), private("b")), nil},
		"a zone less": {
			existing(t, "a", "b"), deployedIn(graphtest.ExistingVPC, private("a"), private("c")),
			map[string]string{"platform:network.existing.privateSubnets.c": config.SetCommand("sandbox",
				"platform:network.existing.privateSubnets.c", graphtest.ExistingSubnet("private", "c"))},
		},
		"another VPC": {
			existing(t, "a", "b"), append(deployedIn("vpc-1"), named("main")),
			map[string]string{vpc: config.SetCommand("sandbox", vpc, "vpc-1")},
		},
		"from an existing VPC to its own": {
			nil, append(deployedIn("vpc-1"), named("main")), map[string]string{vpc: config.SetCommand("sandbox", vpc, "vpc-1")},
		},
		"from its own VPC to an existing one": {
			existing(t, "a", "b"), append(deployedIn("vpc-1"), named("sandbox-network-vpc")),
			map[string]string{"platform:network.existing": config.RemoveCommand("sandbox", "platform:network.existing") +
				" && " + config.SetCommand("sandbox", "platform:network.cidr", "10.10.0.0/16")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			g, err := tryToDeploy(t, "sandbox", test.settings, test.options...)
			if test.want == nil {
				require.NoError(t, err)

				return
			}

			assert.Equal(t, test.want, fixes(t, err))
			nothingIsCreated(t, g)
		})
	}
}

// A look-up that fails is an error, not a problem of the settings.
func TestAFailedLookUpOfAnExistingVPCStopsTheProgram(t *testing.T) {
	t.Parallel()

	for _, function := range []string{
		vpcsFunction, vpcFunction, subnetsFunction, subnetFunction, "aws:ec2/getRouteTables:getRouteTables",
		"aws:ec2/getRouteTable:getRouteTable",
	} {
		g, err := tryToDeploy(t, "sandbox", existing(t, "a", "b"), graphtest.Failing(function, errors.New("no connection")))
		require.ErrorContains(t, err, "no connection", function)
		nothingIsCreated(t, g)
	}
}
