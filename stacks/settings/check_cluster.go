package settings

import (
	"fmt"
	"maps"
	"net/netip"
	"path"
	"regexp"
	"slices"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/nodes"
	"github.com/msur/platform/components/cluster/versions"
	"github.com/msur/platform/components/network"
)

const clusterPath = "platform:cluster"

// What texts of the section look like.
var (
	kindForm       = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	versionForm    = regexp.MustCompile(`^v[0-9]+(\.[0-9]+){2}(-[a-z0-9.]+)*-eksbuild\.[0-9]+$`)
	policyForm     = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/([\w+=,.@-]+/)*[\w+=,.@-]+$`)
	kubernetesForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$`)
)

func (l *loader) checkCluster() {
	settings := l.settings.Cluster

	if !slices.Contains(versions.Known(), settings.Version) {
		l.problem(clusterPath + ".version")
	}

	l.checkPrincipals(settings)
	l.checkPublicAccess(settings.PublicAccessCIDRs)
	l.checkLogTypes(settings.LogTypes)
	l.checkNodes(settings.Nodes)

	for _, name := range slices.Sorted(maps.Keys(settings.Addons)) {
		l.checkAddon(name, settings.Addons[name])
	}
}

func (l *loader) checkLogTypes(types []cluster.LogType) {
	for i, logType := range types {
		at := fmt.Sprintf("%s.logTypes[%d]", clusterPath, i)

		switch {
		case !slices.Contains(cluster.LogTypes(), logType):
			l.problem(at)
		case slices.Contains(types[:i], logType):
			l.tell(at, "each log once", l.remove(at))
		}
	}
}

// checkPrincipals wants each principal once, for EKS has one entry for each. The cluster calls the entry after the
// principal in its account, with dashes for slashes: a role and a user of one name are two, but of two principals that
// read alike so, in two accounts or because of their paths, one alone can be listed.
func (l *loader) checkPrincipals(cluster Cluster) {
	entries := make(map[string]string)

	check := func(list string, principals []Principal) {
		for i, principal := range principals {
			at := fmt.Sprintf("%s.%s[%d]", clusterPath, list, i)
			other := entries[principal.entry()]

			switch {
			case !principal.Valid():
				l.problem(at)
			case other != "":
				l.tell(at, fmt.Sprintf("each principal once, and none that is another but for its account, or for a dash "+
					"instead of a slash (as %s is)", other), l.remove(at))
			default:
				entries[principal.entry()] = at
			}
		}
	}

	check("admins", cluster.Admins)
	check("auditors", cluster.Auditors)
	check("viewers", cluster.Viewers)
}

// checkPublicAccess wants what EKS takes: ranges of IPv4 whose address is their first.
func (l *loader) checkPublicAccess(cidrs []netip.Prefix) {
	for i, cidr := range cidrs {
		at := fmt.Sprintf("%s.publicAccessCidrs[%d]", clusterPath, i)

		switch {
		case !cidr.IsValid() || !cidr.Addr().Is4():
			l.problem(at)
		case cidr != cidr.Masked():
			l.tell(at, fmt.Sprintf("the first address of the range, %s", cidr.Masked()), l.set(at, cidr.Masked().String()))
		case slices.Contains(cidrs[:i], cidr):
			l.tell(at, "each range once", l.remove(at))
		}
	}
}

func (l *loader) checkNodes(kinds map[string]nodes.Kind) {
	names := slices.Sorted(maps.Keys(kinds))
	if len(names) == 0 {
		return
	}

	for _, name := range names {
		l.checkKind(name, kinds[name])
	}

	if !slices.ContainsFunc(names, func(name string) bool { return takesAnyPod(kinds[name]) }) {
		at := Member(clusterPath+".nodes", names[0]) + ".taints"
		l.tell(at, "no taint that keeps pods off, of one kind at least: add-ons run there", l.remove(at))
	}

	if l.settings.Network.NAT == network.NATNone {
		const nat = "platform:network.nat"

		l.tell(nat, "a NAT gateway: without, nodes pull no images and never join", l.set(nat, string(network.NATSingle)))
	}
}

// takesAnyPod reports whether no taint of the nodes keeps off a pod that tolerates none. A taint whose effect nobody
// knows is another mistake.
func takesAnyPod(kind nodes.Kind) bool {
	return !slices.ContainsFunc(kind.Taints, func(taint nodes.Taint) bool {
		return taint.KeepsOff() && slices.Contains(nodes.Effects(), taint.Effect)
	})
}

func (l *loader) checkKind(name string, kind nodes.Kind) {
	at := Member(clusterPath+".nodes", name)

	if longest := longestKind(l.stack); !kindForm.MatchString(name) || len(name) > longest {
		l.tell(at, fmt.Sprintf("another name: a small letter, then small letters, digits and single dashes, "+
			"at most %d in all", longest), l.remove(at))

		return
	}

	for _, problem := range nodes.Check(kind) {
		l.tell(at+"."+problem.Path, problem.Want, l.mend(at+"."+problem.Path, problem.Example))
	}
}

// roleless are the add-ons that start before there are nodes, with what they may do in AWS: that is the cluster's own
// affair.
func roleless() []string { return []string{"eks-pod-identity-agent", "kube-proxy", "vpc-cni"} }

func (l *loader) checkAddon(name string, addon Addon) {
	at := Member(clusterPath+".addons", name)

	if addon.Version != "" && !versionForm.MatchString(addon.Version) {
		l.problem(at + ".version")
	}

	switch {
	case addon.Role == nil:
	case slices.Contains(roleless(), name):
		l.tell(at+".role", "no role: what "+name+" may do in AWS is given to it already", l.remove(at+".role"))
	default:
		l.checkAddonRole(at+".role", addon.Role.WithDefaults())
	}
}

// checkAddonRole wants whose role it is and what it may do. Without either it is no role, and is taken away.
func (l *loader) checkAddonRole(at string, role AddonRole) {
	if !kubernetesForm.MatchString(role.Namespace) {
		l.problem(at + ".namespace")
	}

	switch account, longest := at+".serviceAccount", longestAccount(l.stack, role.Namespace); {
	case !kubernetesForm.MatchString(role.ServiceAccount):
		l.tell(account, keyOf(account).wants, l.remove(at))
	case len(role.ServiceAccount) > longest:
		l.tell(account, fmt.Sprintf("names of which %s-<namespace>-<service account> has at most %d characters: "+
			"so its role is called", l.stack, maxRole), l.remove(at))
	}

	if len(role.Policies) == 0 {
		l.tell(at+".policies", keyOf(at+".policies").wants+", one at least", l.remove(at))
	}

	taken := make(map[string]string)

	for i, policy := range role.Policies {
		at := fmt.Sprintf("%s.policies[%d]", at, i)
		other := taken[path.Base(policy)]

		switch {
		case !policyForm.MatchString(policy):
			l.problem(at)
		case other != "":
			l.tell(at, fmt.Sprintf("each policy once, and none of a name that another has (as %s has)", other), l.remove(at))
		default:
			taken[path.Base(policy)] = policy
		}
	}
}

// mend sets the value at a path to the example, or takes it away where there is none.
func (l *loader) mend(at, example string) string {
	if example == "" {
		return l.remove(at)
	}

	return l.set(at, example)
}
