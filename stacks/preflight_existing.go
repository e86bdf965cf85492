package stacks

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// The free addresses that AWS requires in a subnet, and those of the stores.
const (
	// controlPlaneAddresses are for the interfaces of the control plane, also during an upgrade (Amazon EKS User Guide,
	// "VPC and subnet requirements").
	controlPlaneAddresses = 6
	// balancerAddresses are for a load balancer (Elastic Load Balancing, Network Load Balancers, "Availability Zones").
	balancerAddresses = 8
	// storeAddresses are for the database, a cache node, and the replacement of each during maintenance (assumed).
	storeAddresses = 4
)

// misplaced finds the ranges of the VPC, and refuses one in which the environment cannot be.
func (e *Environment) misplaced(ctx *pulumi.Context, provider *aws.Provider, found *account) (config.Problems, error) {
	cluster, err := e.deployed(ctx, provider)
	if err != nil {
		return nil, err
	}

	found.cluster = cluster

	immovable, err := e.immovable(ctx, provider, cluster)
	if err != nil {
		return nil, err
	}

	unusable, err := e.addresses(ctx, provider, found, cluster.VpcId == "")

	return immovable.With(unusable...), err
}

// addresses finds the ranges of the VPC and its subnets. It refuses an existing VPC in which the environment would not
// work. Only the subnets of a new environment need free addresses: a deployed one has its own.
func (e *Environment) addresses(
	ctx *pulumi.Context, provider *aws.Provider, found *account, isNew bool,
) (config.Problems, error) {
	configured := e.Settings.Network

	if configured.Existing == nil {
		subnets, err := layout.Plan(configured.CIDR, configured.Zones)
		if err != nil {
			return nil, fmt.Errorf("planning the subnets of %s: %w", e.Name, err)
		}

		found.ranges, found.subnets = []netip.Prefix{configured.CIDR}, subnets

		return nil, nil
	}

	var ids []string

	for _, tier := range tiers() {
		for _, id := range configured.Existing.Subnets(tier) {
			ids = append(ids, id)
		}
	}

	vpc, err := network.LookUp(ctx, configured.Existing.VPC, ids, pulumi.Provider(provider))
	if err != nil {
		return nil, err
	}

	found.ranges = vpc.CIDRs

	if shared := e.sharedNAT(vpc); shared != "" {
		if err := ctx.Log.Warn(shared, nil); err != nil {
			return nil, fmt.Errorf("warning of %s: %w", e.Name, err)
		}
	}

	for _, zone := range configured.Zones {
		for _, tier := range tiers() {
			subnet := vpc.Subnets[configured.Existing.Subnets(tier)[zone]]
			found.subnets = append(found.subnets, layout.Subnet{Tier: tier, Zone: zone, CIDR: subnet.CIDR})
		}
	}

	return e.unusable(vpc, found.place.AccountID, isNew), nil
}

// tiers are the tiers of an existing VPC's subnets.
func tiers() []layout.Tier { return []layout.Tier{layout.Public, layout.Private, layout.Data} }

// unusable refuses a VPC that lacks what EKS requires, and subnets that are not what their settings say.
func (e *Environment) unusable(vpc *network.VPC, accountID string, isNew bool) config.Problems {
	existing := e.Settings.Network.Existing
	problem := config.Problem{Path: settings.ExistingPath + ".vpc", Got: fmt.Sprintf("%q", existing.VPC)}

	// The private DNS zone belongs to the environment. Route 53 does not create a zone for a VPC that another account
	// shares (assumed from the Route 53 Developer Guide, "Associating an Amazon VPC and a private hosted zone that you
	// created with different AWS accounts").
	if vpc.OwnerID != accountID {
		problem.Expected = fmt.Sprintf("a VPC in %s that account %s owns", e.Settings.Region, accountID)
		problem.Fix = e.ec2("describe-vpcs") + " && " + config.SetCommand(e.Name, problem.Path, "vpc-ID")

		return config.Problems{problem}
	}

	var problems config.Problems

	if !vpc.DNS {
		problem.Expected = "a VPC with DNS support and DNS host names, without which nodes do not join the cluster (Amazon " +
			"EKS User Guide, \"VPC and subnet requirements\")"
		modify := e.ec2("modify-vpc-attribute --vpc-id " + existing.VPC)
		problem.Fix = modify + " --enable-dns-support && " + modify + " --enable-dns-hostnames"
		problems = append(problems, problem)
	}

	needed := make(map[string]int) // by id, because a subnet may have two purposes
	if isNew {
		needed = e.neededAddresses()
	}

	for _, zone := range e.Settings.Network.Zones {
		for _, tier := range tiers() {
			if id, listed := e.listed(tier, zone); listed {
				problems = problems.With(e.unusableSubnet(vpc, tier, zone, needed[id])...)
			}
		}
	}

	return problems
}

// listed returns the id of a subnet, and whether the setting of the tier has it: data subnets may be omitted.
func (e *Environment) listed(tier layout.Tier, zone string) (string, bool) {
	existing := e.Settings.Network.Existing

	return existing.Subnets(tier)[zone], tier != layout.Data || len(existing.DataSubnets) > 0
}

// neededAddresses returns the number of free addresses that a new environment needs in each subnet, by id.
func (e *Environment) neededAddresses() map[string]int {
	pods := e.Settings.BasePods()
	pods.Applications = len(e.Settings.Apps) // on whichever nodes

	addresses := plan.Addresses(e.Settings.Cluster.Nodes, len(e.Settings.Network.Zones), pods)
	needed := make(map[string]int)

	for tier, count := range map[layout.Tier]int{
		layout.Public: balancerAddresses, layout.Private: controlPlaneAddresses + addresses, layout.Data: storeAddresses,
	} {
		for _, id := range e.Settings.Network.Existing.Subnets(tier) {
			needed[id] += count
		}
	}

	return needed
}

// unusableSubnet refuses a subnet of another VPC or zone, without the route of its tier, or with too few addresses.
func (e *Environment) unusableSubnet(vpc *network.VPC, tier layout.Tier, zone string, needed int) config.Problems {
	existing := e.Settings.Network.Existing
	path, name := config.Member(settings.SubnetsPath(tier), zone), e.Settings.Region+zone
	id := existing.Subnets(tier)[zone]
	subnet, known := vpc.Subnets[id]

	var expected, fixes []string

	set := " && " + config.SetCommand(e.Name, path, "subnet-ID")
	other := e.ec2(fmt.Sprintf("describe-subnets --filters Name=vpc-id,Values=%s Name=availability-zone,Values=%s",
		existing.VPC, name)) + set

	switch {
	case !known:
		expected, fixes = append(expected, "a subnet of "+existing.VPC+" in "+name), append(fixes, other)
	case subnet.Zone != name:
		expected = append(expected, fmt.Sprintf("a subnet in %s (this one is in %s)", name, subnet.Zone))
		fixes = append(fixes, other)
	case !subnet.CIDR.IsValid():
		expected, fixes = append(expected, "a subnet with IPv4 addresses"), append(fixes, other)
	default:
		if tier == layout.Private && !subnet.InControlPlaneZone {
			expected = append(expected, "a zone in which EKS runs control planes (not "+name+")")
			fixes = append(fixes, config.RemoveCommand(e.Name, path))
		}

		if route := wrongRoute(tier, subnet); route != "" {
			expected = append(expected, route)
			fixes = append(fixes, e.ec2("describe-route-tables --filters Name=vpc-id,Values="+existing.VPC)+set)
		}

		if subnet.FreeAddresses < needed {
			expected = append(expected, fmt.Sprintf("at least %d free addresses (it has %d)", needed, subnet.FreeAddresses))
			fixes = append(fixes, other)
		}
	}

	if len(expected) == 0 {
		return nil
	}

	return config.Problems{{
		Path: path, Got: fmt.Sprintf("%q", id),
		Expected: strings.Join(expected, ", and "), Fix: strings.Join(slices.Compact(fixes), " && "),
	}}
}

// wrongRoute returns what is wrong with the default route of a subnet, or "". Private subnets may use any way out but
// an internet gateway, because nodes have no public addresses. The way of a public subnet to the internet gateway may
// lead through the endpoint of a firewall. No fix changes a route: other subnets of the VPC's owner may use it.
func wrongRoute(tier layout.Tier, subnet network.Subnet) string {
	leads := func(prefix string) bool { return strings.HasPrefix(subnet.DefaultRoute, prefix) }

	got := "this one's leads to " + subnet.DefaultRoute
	if subnet.DefaultRoute == "" {
		got = "this one has none"
	}

	switch {
	case tier == layout.Public && !leads("igw-") && !leads("vpce-"):
		return "a subnet with a default route to an internet gateway (" + got + ")"
	case tier == layout.Private && (subnet.DefaultRoute == "" || leads("igw-")):
		return "a subnet with a default route to a NAT gateway, a transit gateway or the like (" + got + ")"
	}

	return ""
}

// sharedNAT warns of a highly available environment in which one NAT gateway serves several zones. The gateways are not
// the program's, so it does not refuse them.
func (e *Environment) sharedNAT(vpc *network.VPC) string {
	zoneOf := make(map[string]string)

	for _, zone := range e.Settings.Network.Zones {
		target := vpc.Subnets[e.Settings.Network.Existing.PrivateSubnets[zone]].DefaultRoute
		other, shared := zoneOf[target]

		if shared && e.policy.highlyAvailable && strings.HasPrefix(target, "nat-") {
			return fmt.Sprintf("%s: the zones %s and %s share the NAT gateway %s; unless it is a regional one, the loss of its "+
				"zone disconnects the nodes in both", settings.SubnetsPath(layout.Private), other, zone, target)
		}

		zoneOf[target] = zone
	}

	return ""
}

// ec2 is a command of the AWS CLI in the environment's region.
func (e *Environment) ec2(command string) string {
	return "aws ec2 --region " + e.Settings.Region + " " + command
}
