package controls

import (
	"fmt"

	"github.com/msur/platform/rehearsal/state"
)

// The tags by which load balancers find their subnets.
const (
	rolePublic   = `tags["kubernetes.io/role/elb"]`
	roleInternal = `tags["kubernetes.io/role/internal-elb"]`
)

// carries reports whether a subnet has the role.
func carries(subnet state.Resource, role string) bool { return text(subnet, role) == "1" }

// roleTags is N8.
func roleTags(environment Environment, v *verdict) {
	for _, vpc := range of(environment.State, typeVPC) {
		var public, internal int

		for _, subnet := range refersTo(of(environment.State, typeSubnet), "vpcId", vpc) {
			holdRole(environment.State, subnet, v)

			if carries(subnet, rolePublic) {
				public++
			}

			if carries(subnet, roleInternal) {
				internal++
			}
		}

		v.hold(vpc, "id", public > 0 && internal > 0, fmt.Sprintf(
			"of its subnets, %d are tagged for public load balancers and %d for internal ones", public, internal))
	}
}

// holdRole holds a subnet's tags against its routes: each needs the role that its routes are for, and not the other.
func holdRole(s *state.State, subnet state.Resource, v *verdict) {
	if isPublic(s, subnet) {
		v.hold(subnet, rolePublic, carries(subnet, rolePublic), "it is public and not tagged for public load balancers")
		v.hold(subnet, roleInternal, !carries(subnet, roleInternal),
			"it is tagged for internal load balancers and is public")

		return
	}

	v.hold(subnet, rolePublic, !carries(subnet, rolePublic),
		"it is tagged for public load balancers and has no way in")

	if behindNAT(s, subnet) {
		v.hold(subnet, roleInternal, carries(subnet, roleInternal),
			"it is private and not tagged for internal load balancers")
	}
}
