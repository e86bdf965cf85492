package controls

import "github.com/msur/platform/rehearsal/state"

// zones is N7. Nodes and load balancers must each have two: the zones of data subnets help neither.
func zones(environment Environment, v *verdict) {
	const least = 2

	for _, vpc := range of(environment.State, typeVPC) {
		var private, public []state.Resource

		for _, subnet := range refersTo(of(environment.State, typeSubnet), "vpcId", vpc) {
			if isPrivate(environment.State, subnet) {
				private = append(private, subnet)
			}

			if isPublic(environment.State, subnet) {
				public = append(public, subnet)
			}
		}

		v.hold(vpc, "id", countZones(private) >= least, "its private subnets are in fewer than two zones")
		v.hold(vpc, "id", countZones(public) >= least, "its public subnets are in fewer than two zones")

		if !environment.HighlyAvailable {
			continue // one NAT gateway for all, or none
		}

		for _, subnet := range private {
			v.hold(subnet, "availabilityZone", exitsInItsZone(environment.State, subnet),
				"its way out is not through its own zone")
		}
	}
}

func countZones(subnets []state.Resource) int {
	in := make(map[string]bool)

	for _, subnet := range subnets {
		if zone := text(subnet, "availabilityZone"); zone != "" {
			in[zone] = true
		}
	}

	return len(in)
}
