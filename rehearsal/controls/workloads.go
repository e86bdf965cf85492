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
		role, ours := byARN(roles, text(association, "roleArn"))
		v.hold(association, "roleArn", ours, "its role is not the environment's")

		if !ours {
			continue
		}

		v.hold(role, "assumeRolePolicy", trustsOnly(role, association), "others can be given it, or other service accounts")

		shared := slices.ContainsFunc(associations, func(other state.Resource) bool {
			return other.URN != association.URN && text(other, "roleArn") == text(association, "roleArn")
		})
		v.hold(role, "arn", !shared, "it is more than one workload's")
	}
}

// trustsOnly reports whether every statement of a role's trust is for Pod Identity, which alone can be believed whose
// the tags are, and for the service account of the association.
func trustsOnly(role, association state.Resource) bool {
	policy, _ := readDocument(text(role, "assumeRolePolicy"))
	allowed := policy.allowed()

	return len(allowed) > 0 && !slices.ContainsFunc(allowed, func(s statement) bool {
		tags := s.Condition["StringEquals"]

		return !only(s.Principal, "pods.eks.amazonaws.com") ||
			!only(tags["aws:RequestTag/kubernetes-namespace"], text(association, "namespace")) ||
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

// wide reports whether a range is so wide that a few would hold every address there is, or cannot be read.
func wide(cidr string) bool {
	const widest = 8 // of the internet's registries none gave more to anybody

	prefix, err := netip.ParsePrefix(cidr)

	return err != nil || prefix.Bits() < widest
}
