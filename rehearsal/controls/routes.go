package controls

import (
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

// isPublic reports whether a subnet has a route to an internet gateway.
func isPublic(s *state.State, subnet state.Resource) bool {
	return slices.ContainsFunc(routesOf(s, subnet), func(route state.Resource) bool {
		return slices.ContainsFunc(of(s, typeInternetGateway), func(gateway state.Resource) bool {
			return text(route, "gatewayId") == string(gateway.ID)
		})
	})
}

// isPrivate reports whether a subnet is for nodes. Either sign is enough, so that one that has lost the other is
// still looked at. (Data subnets have neither.)
func isPrivate(s *state.State, subnet state.Resource) bool {
	return carries(subnet, roleInternal) || behindNAT(s, subnet)
}

// behindNAT reports whether a subnet's way out is a NAT gateway.
func behindNAT(s *state.State, subnet state.Resource) bool { return len(natRoutes(s, subnet)) > 0 }

// exitsInItsZone reports whether a subnet's way out is a NAT gateway in its own zone.
func exitsInItsZone(s *state.State, subnet state.Resource) bool {
	return slices.ContainsFunc(natRoutes(s, subnet), func(route state.Resource) bool {
		zone := natZone(s, text(route, "natGatewayId"))

		return zone != "" && zone == text(subnet, "availabilityZone")
	})
}

// natRoutes returns a subnet's default routes to NAT gateways.
func natRoutes(s *state.State, subnet state.Resource) []state.Resource {
	return slices.DeleteFunc(routesOf(s, subnet), func(route state.Resource) bool {
		return text(route, "natGatewayId") == "" || text(route, "destinationCidrBlock") != "0.0.0.0/0"
	})
}

// natZone returns the zone of the subnet that a NAT gateway is in; empty where the gateway is not known.
func natZone(s *state.State, id string) string {
	for _, gateway := range of(s, typeNATGateway) {
		for _, subnet := range of(s, typeSubnet) {
			if string(gateway.ID) == id && text(gateway, "subnetId") == string(subnet.ID) {
				return text(subnet, "availabilityZone")
			}
		}
	}

	return ""
}

// routesOf returns the routes of the table that a subnet uses.
func routesOf(s *state.State, subnet state.Resource) []state.Resource {
	table := tableOf(s, subnet)

	return slices.DeleteFunc(of(s, typeRoute), func(route state.Resource) bool {
		return table == "" || text(route, "routeTableId") != table
	})
}

// tableOf returns the id of the route table that a subnet uses; empty where it is left to the VPC's main one,
// in which nothing of ours routes.
func tableOf(s *state.State, subnet state.Resource) string {
	associations := refersTo(of(s, typeAssociation), "subnetId", subnet)
	if len(associations) == 0 {
		return ""
	}

	return text(associations[0], "routeTableId") // a subnet has one at most
}
