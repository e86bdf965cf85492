package aws

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeVPC             = "aws:ec2/vpc:Vpc"
	typeSubnet          = "aws:ec2/subnet:Subnet"
	typeInternetGateway = "aws:ec2/internetGateway:InternetGateway"
	typeFlowLog         = "aws:ec2/flowLog:FlowLog"
)

func networkRules() map[string]rules {
	return map[string]rules{
		typeVPC: {created: fillVPC},
		typeSubnet: {
			outputs: makers{
				"availabilityZone":   func(c *call) any { return zoneOf(c).name },
				"availabilityZoneId": func(c *call) any { return zoneOf(c).id },
			},
			local:  []behaviour.Local{{Reads: []string{"availabilityZone", "availabilityZoneId"}, Check: checkZone}},
			guards: []check{databaseSubnets().guard, cacheSubnets().guard},
		},
		typeInternetGateway: {guards: []check{guardMappedAddresses}},
		typeFlowLog: {outputs: makers{"logGroupName": func(c *call) any {
			_, name, _ := strings.Cut(strings.TrimSuffix(c.Text("logDestination"), ":*"), ":log-group:")

			return name
		}}},
	}
}

// fillVPC creates the main route table, and the default security group, which admits its own members and all traffic
// out. AWS deletes both with the VPC.
func fillVPC(c *call) error {
	c.Own(typeRouteTable, c.Text("mainRouteTableId"), map[string]any{"vpcId": c.Resource.ID})
	c.Own(typeDefaultSecurityGroup, c.Text("defaultSecurityGroupId"), map[string]any{
		"vpcId": c.Resource.ID, "ingress": ownMembers(), "egress": allTraffic(),
	})

	return nil
}

// checkZone requires a zone of the region, by name or by id.
func checkZone(c *call) error {
	if zoneOf(c).name != "" {
		return nil
	}

	return refuse("InvalidParameterValue",
		"Value (%s) for parameter availabilityZone is invalid. "+
			"Subnets can currently only be created in the following availability zones: %s.",
		c.Text("availabilityZone")+c.Text("availabilityZoneId"), zoneNames(zonesOf(c.Place.Region), ", "))
}

// zoneOf is the zone that a subnet names, or the region's first one.
func zoneOf(c *call) zone {
	name, id := c.Text("availabilityZone"), c.Text("availabilityZoneId")
	for _, known := range zonesOf(c.Place.Region) {
		if (name == "" || known.name == name) && (id == "" || known.id == id) {
			return known
		}
	}

	return zone{}
}

// subnetZones are the zones of subnets by name, without duplicates.
func subnetZones(c *call, ids []string) []zone {
	var zones []zone

	for _, id := range ids {
		subnet, _ := c.Get(typeSubnet, id)
		zones = append(zones, zone{name: subnet.Text("availabilityZone"), id: subnet.Text("availabilityZoneId")})
	}

	slices.SortFunc(zones, func(a, b zone) int { return strings.Compare(a.name, b.name) })

	return slices.Compact(zones)
}

func zoneNames(zones []zone, separator string) string {
	names := make([]string, len(zones))
	for i, known := range zones {
		names[i] = known.name
	}

	return strings.Join(names, separator)
}

// hasInternetGateway reports whether a VPC has a gateway to the internet.
func hasInternetGateway(c *call, vpcID string) bool {
	return slices.ContainsFunc(c.Siblings(typeInternetGateway), func(gateway account.Resource) bool {
		return gateway.Text("vpcId") == vpcID
	})
}

// guardMappedAddresses keeps a gateway while NAT gateways or load balancers in its VPC need it.
func guardMappedAddresses(c *call) error {
	network := c.Text("vpcId")

	mapped := slices.ContainsFunc(c.Siblings(typeNATGateway), func(nat account.Resource) bool {
		subnet, _ := c.Get(typeSubnet, nat.Text("subnetId"))

		return subnet.Text("vpcId") == network && !nat.Failed
	})
	balanced := slices.ContainsFunc(c.Siblings(typeLoadBalancer), func(balancer account.Resource) bool {
		return balancer.Text("vpcId") == network
	})

	if !mapped && !balanced {
		return nil
	}

	return refuse("DependencyViolation", "Network %s has some mapped public address(es). "+
		"Please unmap those public address(es) before detaching the gateway.", network)
}
