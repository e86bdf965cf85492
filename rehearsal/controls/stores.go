package controls

import (
	"fmt"
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

// What a database and a cache are held to alike.

// holdSubnets holds the subnets at a path to be ours, and to lead nowhere outside the VPC.
func (v *verdict) holdSubnets(s *state.State, r state.Resource, path string) {
	v.hold(r, path, len(list(r, path)) > 0, "it has no subnets of ours")

	for _, id := range list(r, path) {
		subnet, ours := byID(of(s, typeSubnet), id)
		if !ours {
			v.hold(r, path, false, fmt.Sprintf("nothing is known of its subnet %v", id))

			continue
		}

		v.hold(subnet, "id", leadsNowhere(s, subnet), "it has data in it, and a way out of the VPC or a table of others")
	}
}

// leadsNowhere reports whether a subnet's table is ours, and no route leaves the VPC in it.
func leadsNowhere(s *state.State, subnet state.Resource) bool {
	_, ours := byID(tables(s), tableOf(s, subnet))

	return ours && len(routesOf(s, subnet)) == 0
}

// holdClients holds the groups at a path to be ours, and to let in nobody but nodes.
func (v *verdict) holdClients(s *state.State, r state.Resource, path string) {
	v.hold(r, path, len(list(r, path)) > 0, "it carries the VPC's default group")

	for _, id := range list(r, path) {
		if _, ours := byID(of(s, typeGroup), id); !ours {
			v.hold(r, path, false, fmt.Sprintf("whom its group %v lets in is not known", id))
		}
	}

	for _, set := range ruleSets(s) {
		if set.direction != ingress || !slices.Contains(list(r, path), any(groupOf(set))) {
			continue
		}

		for _, at := range set.at {
			v.hold(set.holder, set.property("referencedSecurityGroupId"),
				ofNodes(s, text(set.holder, at+"referencedSecurityGroupId")), "it lets in others than nodes")
		}
	}
}

// ofNodes reports whether a group is the program's, and nodes alone carry it. The one that EKS makes is neither: the
// control plane carries it, too.
func ofNodes(s *state.State, id string) bool {
	_, ours := byID(of(s, typeGroup), id)
	holders := carriers(s, id)

	return ours && len(holders) > 0 && !slices.ContainsFunc(holders, func(r state.Resource) bool {
		return string(r.Type) != typeLaunchTemplate
	})
}

// holdNone holds the state to have no stores of these types: of theirs no control says anything.
func (v *verdict) holdNone(s *state.State, types ...string) {
	for _, resourceType := range types {
		for _, store := range of(s, resourceType) {
			v.hold(store, "id", false, "it is a store of a kind of which no control knows")
		}
	}
}

// holdKey holds a property to be the ARN of a key of the environment's.
func (v *verdict) holdKey(s *state.State, r state.Resource, property string) {
	_, ours := byARN(of(s, typeKey), text(r, property))
	v.hold(r, property, ours, "the key is not the environment's")
}
