package stacks

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/stacks/settings"
)

const (
	owner = "123456789012"
	at    = "platform:network.existing"
)

// inVPC returns an environment with an existing VPC in the zones a and b, and the VPC as AWS describes it. The id of a
// subnet consists of its tier and its zone.
func inVPC() (*Environment, *network.VPC) {
	subnets := func(tier string) map[string]string { return map[string]string{"a": tier + "-a", "b": tier + "-b"} }

	environment := &Environment{Name: "sandbox"}
	environment.Settings.Region = "us-east-1"
	environment.Settings.Cluster.Nodes = map[string]plan.NodeKind{"general": {Min: 1}}
	environment.Settings.Network = settings.Network{Zones: []string{"a", "b"}, Existing: &network.Existing{
		VPC: "vpc-1", PublicSubnets: subnets("public"), PrivateSubnets: subnets("private"), DataSubnets: subnets("data"),
	}}

	vpc := &network.VPC{OwnerID: owner, DNS: true, Subnets: make(map[string]network.Subnet)}

	for tier, target := range map[string]string{"public": "igw-1", "private": "nat-1", "data": ""} {
		for _, zone := range []string{"a", "b"} {
			vpc.Subnets[tier+"-"+zone] = network.Subnet{
				CIDR: netip.MustParsePrefix("10.64.0.0/27"), Zone: "us-east-1" + zone, InControlPlaneZone: true,
				FreeAddresses: 27, DefaultRoute: target,
			}
		}
	}

	return environment, vpc
}

func TestAUsableVPCIsAccepted(t *testing.T) {
	t.Parallel()

	for name, change := range map[string]func(*Environment, *network.VPC){
		"three tiers": func(*Environment, *network.VPC) {},
		"stores in private subnets": func(e *Environment, _ *network.VPC) {
			e.Settings.Network.Existing.DataSubnets = nil
		},
		"a way out through a transit gateway": changeOf("private-a", func(s *network.Subnet) { s.DefaultRoute = "tgw-1" }),
		"a way out through a firewall":        changeOf("private-a", func(s *network.Subnet) { s.DefaultRoute = "vpce-1" }),
		"a public way through a firewall":     changeOf("public-a", func(s *network.Subnet) { s.DefaultRoute = "vpce-1" }),
		"a data zone without control planes":  changeOf("data-a", func(s *network.Subnet) { s.InControlPlaneZone = false }),
	} {
		environment, vpc := inVPC()
		change(environment, vpc)
		assert.Empty(t, environment.unusable(vpc, owner, true), name)
	}
}

func TestAnUnusableVPCIsRefused(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		change         func(*Environment, *network.VPC)
		path, why, fix string
	}{
		"no such VPC": {
			func(_ *Environment, v *network.VPC) { *v = network.VPC{} }, ".vpc", "us-east-1", "describe-vpcs",
		},
		"another account's VPC": {
			func(_ *Environment, v *network.VPC) { v.OwnerID = "210987654321" }, ".vpc", owner, "describe-vpcs",
		},
		"no DNS": {
			func(_ *Environment, v *network.VPC) { v.DNS = false }, ".vpc", "DNS", "--vpc-id vpc-1 --enable-dns-hostnames",
		},
		"a subnet of another VPC": {
			func(_ *Environment, v *network.VPC) { delete(v.Subnets, "data-b") }, ".dataSubnets.b", "subnet of vpc-1",
			"Values=us-east-1b",
		},
		"a subnet in another zone": {
			changeOf("public-a", func(s *network.Subnet) { s.Zone = "us-east-1c" }), ".publicSubnets.a", "us-east-1c",
			"Values=us-east-1a",
		},
		"only IPv6": {
			changeOf("data-a", func(s *network.Subnet) { s.CIDR = netip.Prefix{} }), ".dataSubnets.a", "IPv4",
			"Values=us-east-1a",
		},
		"a zone without control planes": {
			changeOf("private-b", func(s *network.Subnet) { s.InControlPlaneZone = false }), ".privateSubnets.b",
			"control planes", "config rm",
		},
		"a private subnet without a way out": {
			changeOf("private-a", func(s *network.Subnet) { s.DefaultRoute = "" }), ".privateSubnets.a", "has none",
			"describe-route-tables",
		},
		"a public subnet for nodes": {
			changeOf("private-a", func(s *network.Subnet) { s.DefaultRoute = "igw-1" }), ".privateSubnets.a", "igw-1",
			"describe-route-tables",
		},
		"a private subnet for the load balancer": {
			changeOf("public-a", func(s *network.Subnet) { s.DefaultRoute = "nat-1" }), ".publicSubnets.a", "nat-1",
			"describe-route-tables",
		},
		"no addresses for the load balancer": {
			changeOf("public-a", func(s *network.Subnet) { s.FreeAddresses = 7 }), ".publicSubnets.a", "at least 8",
			"describe-subnets",
		},
		"no addresses for nodes and pods": { // 6 interfaces, 1 node, and 18 pods in two zones
			changeOf("private-b", func(s *network.Subnet) { s.FreeAddresses = 15 }), ".privateSubnets.b", "at least 16",
			"describe-subnets",
		},
		"no addresses for nodes, pods and stores": {
			func(e *Environment, v *network.VPC) {
				e.Settings.Network.Existing.DataSubnets = nil
				changeOf("private-b", func(s *network.Subnet) { s.FreeAddresses = 19 })(e, v)
			}, ".privateSubnets.b", "at least 20", "describe-subnets",
		},
		"no addresses for the stores": {
			changeOf("data-a", func(s *network.Subnet) { s.FreeAddresses = 3 }), ".dataSubnets.a", "at least 4",
			"describe-subnets",
		},
		"a zone, a route and addresses": {
			changeOf("private-a", func(s *network.Subnet) {
				*s = network.Subnet{Zone: "us-east-1a", CIDR: s.CIDR}
			}), ".privateSubnets.a",
			"control planes (not us-east-1a), and a subnet with a default route", "describe-subnets",
		},
	} {
		environment, vpc := inVPC()
		test.change(environment, vpc)

		found := environment.unusable(vpc, owner, true)
		if assert.Len(t, found, 1, name) {
			assert.Equal(t, at+test.path, found[0].Path, name)
			assert.Contains(t, found[0].Expected, test.why, name)
			assert.Contains(t, found[0].Fix, test.fix, name)
		}
	}
}

// Its owner decides about the gateways, so a shared one is no problem.
func TestASharedNATGatewayOfADurableEnvironmentWarns(t *testing.T) {
	t.Parallel()

	environment, vpc := inVPC()
	assert.Empty(t, environment.sharedNAT(vpc), "a disposable environment")

	environment.policy.highlyAvailable = true
	assert.Contains(t, environment.sharedNAT(vpc), "a and b share the NAT gateway nat-1")

	changeOf("private-b", func(s *network.Subnet) { s.DefaultRoute = "nat-2" })(environment, vpc)
	assert.Empty(t, environment.sharedNAT(vpc), "a gateway in each zone")
}

// The environment's own interfaces have taken the addresses.
func TestADeployedEnvironmentNeedsNoFreeAddresses(t *testing.T) {
	t.Parallel()

	environment, vpc := inVPC()
	changeOf("private-a", func(s *network.Subnet) { s.FreeAddresses = 0 })(environment, vpc)

	assert.Empty(t, environment.unusable(vpc, owner, false))
	assert.Len(t, environment.unusable(vpc, owner, true), 1)
}

func TestAllProblemsOfAVPCAreReported(t *testing.T) {
	t.Parallel()

	environment, vpc := inVPC()
	vpc.DNS = false
	clear(vpc.Subnets)

	var paths []string
	for _, problem := range environment.unusable(vpc, owner, true) {
		paths = append(paths, strings.TrimPrefix(problem.Path, at))
	}

	assert.Equal(t, []string{
		".dataSubnets.a", ".dataSubnets.b", ".privateSubnets.a", ".privateSubnets.b", ".publicSubnets.a", ".publicSubnets.b",
		".vpc",
	}, paths)
}

// changeOf returns a change of one subnet.
func changeOf(id string, change func(*network.Subnet)) func(*Environment, *network.VPC) {
	return func(_ *Environment, vpc *network.VPC) {
		subnet := vpc.Subnets[id]
		change(&subnet)
		vpc.Subnets[id] = subnet
	}
}
