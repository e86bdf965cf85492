package controls

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// The types that network controls look at.
const (
	typeVPC             = "aws:ec2/vpc:Vpc"
	typeSubnet          = "aws:ec2/subnet:Subnet"
	typeInternetGateway = "aws:ec2/internetGateway:InternetGateway"
	typeNATGateway      = "aws:ec2/natGateway:NatGateway"
	typeRoute           = "aws:ec2/route:Route"
	typeAssociation     = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	typeFlowLog         = "aws:ec2/flowLog:FlowLog"
	typeLogGroup        = "aws:cloudwatch/logGroup:LogGroup"
	typeDefaultGroup    = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	typeEndpoint        = "aws:ec2/vpcEndpoint:VpcEndpoint"
)

// flowLogs is N1.
func flowLogs(environment Environment, v *verdict) {
	groups := of(environment.State, typeLogGroup)

	for _, vpc := range of(environment.State, typeVPC) {
		logs := refersTo(of(environment.State, typeFlowLog), "vpcId", vpc)
		v.hold(vpc, "id", len(logs) > 0, "it has no flow log")

		for _, log := range logs {
			v.hold(log, "trafficType", text(log, "trafficType") == "ALL", "it does not log all traffic")

			kept := dependencies(log, groups)
			v.hold(log, "logDestination", len(kept) > 0, "it logs to no log group")

			for _, group := range kept {
				days, _ := input(group, "retentionInDays").(float64)
				v.hold(group, "retentionInDays", days > 0, "it keeps logs for ever")
			}
		}
	}
}

// defaultGroup is N2.
func defaultGroup(environment Environment, v *verdict) {
	for _, vpc := range of(environment.State, typeVPC) {
		adopted := refersTo(of(environment.State, typeDefaultGroup), "vpcId", vpc)
		v.hold(vpc, "defaultSecurityGroupId", len(adopted) > 0, "its default security group has AWS's rules")

		for _, group := range adopted {
			for _, direction := range directions() {
				v.hold(group, direction, len(list(group, direction)) == 0, "it has rules")
			}
		}
	}
}

// noPublicAddresses is N3. Public subnets need none either: load balancers and NAT gateways have addresses
// of their own.
func noPublicAddresses(environment Environment, v *verdict) {
	for _, subnet := range of(environment.State, typeSubnet) {
		maps, _ := input(subnet, "mapPublicIpOnLaunch").(bool)
		v.hold(subnet, "mapPublicIpOnLaunch", !maps, "it gives public addresses to what starts in it")
	}
}

// gatewayEndpoint is N4.
func gatewayEndpoint(environment Environment, v *verdict) {
	for _, vpc := range of(environment.State, typeVPC) {
		routed := false

		for _, endpoint := range refersTo(of(environment.State, typeEndpoint), "vpcId", vpc) {
			if text(endpoint, "vpcEndpointType") == "Gateway" && strings.HasSuffix(text(endpoint, "serviceName"), ".s3") {
				routed = routed || len(list(endpoint, "routeTableIds")) > 0
			}
		}

		v.hold(vpc, "id", routed, "no route table has an S3 gateway endpoint")
	}
}

// zones is N7.
func zones(environment Environment, v *verdict) {
	const least = 2

	for _, vpc := range of(environment.State, typeVPC) {
		private := make(map[string]state.Resource)

		subnets := refersTo(of(environment.State, typeSubnet), "vpcId", vpc)
		for _, subnet := range subnets {
			private[text(subnet, "availabilityZone")] = subnet
		}

		v.hold(vpc, "id", len(private) >= least, "its subnets are in fewer than two zones")

		for _, subnet := range subnets {
			zone, routed := natZone(environment.State, subnet)
			if environment.HighlyAvailable && routed {
				v.hold(subnet, "availabilityZone", zone == text(subnet, "availabilityZone"),
					"its way out is not through its own zone")
			}
		}
	}
}

// natZone returns the zone of the NAT gateway that a subnet's default route goes to; empty where that gateway
// is not known.
func natZone(s *state.State, subnet state.Resource) (string, bool) {
	zone, routed := "", false

	for _, route := range routesOf(s, subnet) {
		target := text(route, "natGatewayId")
		if target == "" {
			continue
		}

		routed = true

		for _, gateway := range of(s, typeNATGateway) {
			if string(gateway.ID) == target {
				zone = zoneOf(s, gateway)
			}
		}
	}

	return zone, routed
}

// routesOf returns the routes of the table that a subnet uses.
func routesOf(s *state.State, subnet state.Resource) []state.Resource {
	var routes []state.Resource

	for _, association := range refersTo(of(s, typeAssociation), "subnetId", subnet) {
		for _, route := range of(s, typeRoute) {
			if text(route, "routeTableId") == text(association, "routeTableId") {
				routes = append(routes, route)
			}
		}
	}

	return routes
}

// zoneOf returns the zone of the subnet that a gateway is in.
func zoneOf(s *state.State, gateway state.Resource) string {
	for _, subnet := range of(s, typeSubnet) {
		if text(gateway, "subnetId") == string(subnet.ID) {
			return text(subnet, "availabilityZone")
		}
	}

	return ""
}

// roleTags is N8.
func roleTags(environment Environment, v *verdict) {
	const internet, internal = `tags["kubernetes.io/role/elb"]`, `tags["kubernetes.io/role/internal-elb"]`

	for _, vpc := range of(environment.State, typeVPC) {
		var public, private int

		for _, subnet := range refersTo(of(environment.State, typeSubnet), "vpcId", vpc) {
			open := isPublic(environment.State, subnet)

			switch {
			case text(subnet, internet) == "1":
				public++

				v.hold(subnet, internet, open, "it is tagged for public load balancers and has no way in")
			case text(subnet, internal) == "1":
				private++

				v.hold(subnet, internal, !open, "it is tagged for internal load balancers and is public")
			case open:
				v.hold(subnet, internet, false, "it is public and is not tagged for load balancers")
			}
		}

		v.hold(vpc, "id", public > 0 && private > 0, fmt.Sprintf(
			"of its subnets, %d are tagged for public load balancers and %d for internal ones", public, private))
	}
}

// isPublic reports whether a subnet has a route to an internet gateway.
func isPublic(s *state.State, subnet state.Resource) bool {
	for _, route := range routesOf(s, subnet) {
		for _, gateway := range of(s, typeInternetGateway) {
			if text(route, "gatewayId") == string(gateway.ID) {
				return true
			}
		}
	}

	return false
}

// disjointRanges is N9.
func disjointRanges(environment Environment, v *verdict) {
	const property = "cidrBlock"

	subnets := of(environment.State, typeSubnet)
	for i, subnet := range subnets {
		for _, other := range subnets[i+1:] {
			v.hold(subnet, property, !overlap(subnet, other), "it overlaps "+other.URN.Name())
		}
	}

	for _, vpc := range of(environment.State, typeVPC) {
		for _, elsewhere := range environment.Others {
			for _, other := range of(elsewhere, typeVPC) {
				v.hold(vpc, property, !overlap(vpc, other), "it overlaps "+string(other.URN))
			}
		}
	}
}

// overlap reports whether two CIDRs share addresses. One that cannot be read counts as if it did.
func overlap(a, b state.Resource) bool {
	one, errA := netip.ParsePrefix(text(a, "cidrBlock"))
	other, errB := netip.ParsePrefix(text(b, "cidrBlock"))

	return errA != nil || errB != nil || one.Overlaps(other)
}
