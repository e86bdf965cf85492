package controls

import (
	"encoding/json"
	"net/netip"
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

const (
	typePodIdentity = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
	typeRole        = "aws:iam/role:Role"
)

// workloadRoles is K6. The role is bound on both sides: the association gives it to one service account, and its own
// trust to no other, whatever somebody associates.
func workloadRoles(environment Environment, v *verdict) {
	associations := of(environment.State, typePodIdentity)
	roles := of(environment.State, typeRole)

	for _, association := range associations {
		taken := dependencies(association, roles)
		v.hold(association, "roleArn", len(taken) > 0, "its role is not the environment's")

		for _, role := range taken {
			v.hold(role, "assumeRolePolicy", trustsOnly(role, association), "other service accounts can be given it")

			shared := slices.ContainsFunc(associations, func(other state.Resource) bool {
				return other.URN != association.URN && slices.Contains(other.Dependencies, role.URN)
			})
			v.hold(role, "arn", !shared, "it is more than one workload's")
		}
	}
}

// trustsOnly reports whether every statement of a role's trust is for the service account of the association.
func trustsOnly(role, association state.Resource) bool {
	policy, _ := readDocument(text(role, "assumeRolePolicy"))
	allowed := policy.allowed()

	return len(allowed) > 0 && !slices.ContainsFunc(allowed, func(s statement) bool {
		tags := s.Condition["StringEquals"]

		return !only(tags["aws:RequestTag/kubernetes-namespace"], text(association, "namespace")) ||
			!only(tags["aws:RequestTag/kubernetes-service-account"], text(association, "serviceAccount"))
	})
}

// enforcesPolicies reports whether the CNI is configured to enforce network policies: its schema wants a text.
func enforcesPolicies(configuration string) bool {
	var values struct {
		EnableNetworkPolicy any `json:"enableNetworkPolicy"`
	}

	err := json.Unmarshal([]byte(configuration), &values)

	return err == nil && (values.EnableNetworkPolicy == yes || values.EnableNetworkPolicy == true)
}

// wide reports whether a range holds every address there is, or cannot be read.
func wide(cidr string) bool {
	prefix, err := netip.ParsePrefix(cidr)

	return err != nil || prefix.Bits() == 0
}
