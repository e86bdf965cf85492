package controls

import (
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

// isPublic reports whether a subnet has a route to an internet gateway of the stack.
func isPublic(s *state.State, subnet state.Resource) bool {
	return slices.ContainsFunc(routesOf(s, subnet), func(r route) bool {
		_, ok := byID(ofTypes(s, typeInternetGateway), r.gateway)

		return ok
	})
}

// mayBePublic reports whether a subnet has a route to any gateway, or uses a route table that is not in the stack.
func mayBePublic(s *state.State, subnet state.Resource) bool {
	id := tableOf(s, subnet)
	_, own := byID(tables(s), id)

	return id != "" && !own || slices.ContainsFunc(routesOf(s, subnet), func(r route) bool {
		return r.gateway != "" && r.gateway != "local"
	})
}

// isPrivate reports whether a subnet is for nodes. Either sign is enough, so that a subnet that has lost the other one
// is still checked. (Data subnets have neither.)
func isPrivate(s *state.State, subnet state.Resource) bool {
	return hasRole(subnet, internalRole) || behindNAT(s, subnet)
}

func behindNAT(s *state.State, subnet state.Resource) bool { return len(natRoutes(s, subnet)) > 0 }

// hasNATInItsZone reports whether a subnet's default route leads to a NAT gateway in its own zone.
func hasNATInItsZone(s *state.State, subnet state.Resource) bool {
	return slices.ContainsFunc(natRoutes(s, subnet), func(r route) bool {
		gateway, _ := byID(ofTypes(s, typeNATGateway), r.nat)
		public, _ := byID(ofTypes(s, typeSubnet), text(gateway, "subnetId"))
		zone := text(public, "availabilityZone")

		return zone != "" && zone == text(subnet, "availabilityZone")
	})
}

// natRoutes returns a subnet's default routes to NAT gateways.
func natRoutes(s *state.State, subnet state.Resource) []route {
	return slices.DeleteFunc(routesOf(s, subnet), func(r route) bool {
		return r.nat == "" || r.destination != "0.0.0.0/0"
	})
}

type route struct{ destination, gateway, nat string }

// routesOf returns the routes in the table of a subnet, be they resources or inputs of the table.
func routesOf(s *state.State, subnet state.Resource) []route {
	id := tableOf(s, subnet)
	if id == "" {
		return nil
	}

	var found []route

	for _, r := range where(ofTypes(s, typeRoute), "routeTableId", id) {
		found = append(found, route{text(r, "destinationCidrBlock"), text(r, "gatewayId"), text(r, "natGatewayId")})
	}

	table, _ := byID(tables(s), id)
	for _, at := range elements(table, "routes") {
		found = append(found, route{
			text(table, at+".cidrBlock"), text(table, at+".gatewayId"), text(table, at+".natGatewayId"),
		})
	}

	return found
}

// tables returns the stack's route tables, including adopted main tables.
func tables(s *state.State) []state.Resource { return ofTypes(s, typeRouteTable, typeMainTable) }

// tableOf returns the id of the route table that a subnet uses: its own, or the VPC's main table. The id is empty if
// the main table is the one that AWS created, which has no route out of the VPC.
func tableOf(s *state.State, subnet state.Resource) string {
	vpc, _ := byID(ofTypes(s, typeVPC), text(subnet, "vpcId"))

	associations := slices.Concat(
		where(ofTypes(s, typeAssociation), "subnetId", string(subnet.ID)), // at most one
		where(ofTypes(s, typeMainAssociation), "vpcId", string(vpc.ID)),
	)
	if len(associations) > 0 {
		return text(associations[0], "routeTableId")
	}

	main, _ := first(ofTypes(s, typeMainTable), func(table state.Resource) bool {
		return slices.Contains(table.Dependencies, vpc.URN)
	})

	return string(main.ID)
}
