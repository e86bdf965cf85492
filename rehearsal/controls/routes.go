package controls

import (
	"fmt"
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

// isPublic reports whether a subnet has a route to an internet gateway.
func isPublic(s *state.State, subnet state.Resource) bool {
	return slices.ContainsFunc(routesOf(s, subnet), func(route exit) bool {
		_, is := byID(of(s, typeInternetGateway), route.gateway)

		return is
	})
}

// mayBePublic reports whether a subnet has a route to a gateway, whoever's, or a table that is not ours.
func mayBePublic(s *state.State, subnet state.Resource) bool {
	id := tableOf(s, subnet)
	_, ours := byID(tables(s), id)

	return id != "" && !ours || slices.ContainsFunc(routesOf(s, subnet), func(route exit) bool {
		return route.gateway != "" && route.gateway != "local"
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
	return slices.ContainsFunc(natRoutes(s, subnet), func(route exit) bool {
		zone := natZone(s, route.nat)

		return zone != "" && zone == text(subnet, "availabilityZone")
	})
}

// natRoutes returns a subnet's default routes to NAT gateways.
func natRoutes(s *state.State, subnet state.Resource) []exit {
	return slices.DeleteFunc(routesOf(s, subnet), func(route exit) bool {
		return route.nat == "" || route.to != "0.0.0.0/0"
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

// exit is where a route leads: to which addresses, and through what.
type exit struct{ to, gateway, nat string }

// routesOf returns the routes of the table that a subnet uses, by themselves or written in the table.
func routesOf(s *state.State, subnet state.Resource) []exit {
	id := tableOf(s, subnet)
	if id == "" {
		return nil
	}

	var found []exit

	for _, route := range of(s, typeRoute) {
		if text(route, "routeTableId") == id {
			found = append(found, exit{
				text(route, "destinationCidrBlock"), text(route, "gatewayId"), text(route, "natGatewayId"),
			})
		}
	}

	table, _ := byID(tables(s), id)
	for i := range list(table, "routes") {
		at := fmt.Sprintf("routes[%d].", i)
		found = append(found, exit{text(table, at+"cidrBlock"), text(table, at+"gatewayId"), text(table, at+"natGatewayId")})
	}

	return found
}

// tables are the route tables that the program makes, and the main ones that it takes over.
func tables(s *state.State) []state.Resource {
	return slices.Concat(of(s, typeRouteTable), of(s, typeMainTable))
}

// tableOf returns the id of the route table that a subnet uses: its own, or the VPC's main one. It is empty where the
// main one is as AWS made it, in which nothing routes.
func tableOf(s *state.State, subnet state.Resource) string {
	vpc, _ := byID(of(s, typeVPC), text(subnet, "vpcId"))

	associations := slices.Concat(
		refersTo(of(s, typeAssociation), "subnetId", subnet), // a subnet has one at most
		refersTo(of(s, typeMainAssociation), "vpcId", vpc),
	)
	if len(associations) > 0 {
		return text(associations[0], "routeTableId")
	}

	for _, table := range of(s, typeMainTable) {
		if slices.Contains(table.Dependencies, vpc.URN) {
			return string(table.ID)
		}
	}

	return ""
}
