package controls

import (
	"fmt"

	"github.com/msur/platform/rehearsal/state"
)

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
