package settings

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/config"
)

// Addon is a member of platform:cluster.addons.
type Addon struct {
	// Version is an EKS version of the add-on, such as "v1.20.4-eksbuild.2". Default: for an essential add-on, the version
	// that components/cluster/plan/addons.yaml pins for the cluster's minor. Any other add-on has no default, so that the
	// same commit makes the same plan on any day.
	Version string `mapstructure:"version"`
	// Values configure the add-on, by the keys of its own schema. Default: only the platform's own values.
	Values map[string]any `mapstructure:"values"`
	// Role is for an add-on that calls AWS. Default: none, and no permissions.
	Role *AddonRole `mapstructure:"role"`
}

// AddonRole is the IAM role of an add-on.
type AddonRole struct {
	// Namespace is the namespace of the add-on. Default: kube-system, the namespace of most EKS add-ons.
	Namespace string `mapstructure:"namespace"`
	// ServiceAccount is the name of the add-on's service account.
	ServiceAccount string `mapstructure:"serviceAccount"`
	// Policies are the ARNs of managed policies, at least one.
	Policies []string `mapstructure:"policies"`
}

// WithDefaults returns the role with its defaults filled in.
func (r AddonRole) WithDefaults() AddonRole {
	r.Namespace = cmp.Or(r.Namespace, "kube-system")

	return r
}

// AddonVersions returns the essential add-ons and those of the settings, each with the version that the settings or
// the platform pin. It is "" if neither does.
func (c Cluster) AddonVersions() map[string]string {
	pinned, versions := plan.Addons(c.Version), make(map[string]string)

	for _, name := range slices.AppendSeq(cluster.EssentialAddons(), maps.Keys(c.Addons)) {
		versions[name] = cmp.Or(c.Addons[name].Version, pinned[name])
	}

	return versions
}

// CompareAddonVersions compares two versions by their numbers, such as 1, 20, 4 and 2 of "v1.20.4-eksbuild.2".
func CompareAddonVersions(a, b string) int { return slices.Compare(numbers(a), numbers(b)) }

var digits = regexp.MustCompile(`[0-9]+`)

func numbers(version string) []int {
	var found []int

	for _, text := range digits.FindAllString(version, -1) {
		number, _ := strconv.Atoi(text) // the largest int if it is out of range
		found = append(found, number)
	}

	return found
}

const addonsPath = clusterPath + ".addons"

func addonKeys() config.Keys {
	const path = addonsPath + ".*"

	return config.Keys{
		path + ".version":             {Expected: "an EKS version of the add-on, such as v1.20.4-eksbuild.2"},
		path + ".values":              {Expected: "an object, by the keys of the add-on's own schema"},
		path + ".role.namespace":      {Expected: "the name of a namespace"},
		path + ".role.serviceAccount": {Expected: "the name of the add-on's service account"},
		path + ".role.policies": {
			Expected: "a list of ARNs of managed policies, at least one",
			Element:  "the ARN of a managed policy, such as arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
		},
	}
}

var (
	versionForm    = regexp.MustCompile(`^v[0-9]+(\.[0-9]+){2}(-[a-z0-9.]+)*-eksbuild\.[0-9]+$`)
	policyForm     = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/([\w+=,.@-]+/)*[\w+=,.@-]+$`)
	kubernetesForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$`)
)

func (c *checker) checkAddons() {
	// These add-ons start before there are nodes, with permissions that the cluster component gives them.
	permitted := []string{"eks-pod-identity-agent", "kube-proxy", "vpc-cni"}

	for _, name := range slices.Sorted(maps.Keys(c.settings.Cluster.Addons)) {
		addon, at := c.settings.Cluster.Addons[name], config.Member(addonsPath, name)
		c.MatchesIfSet(at+".version", addon.Version, versionForm)

		c.checkAddonValues(at+".values", addon.Values, addonValues(name), "")

		if name == "vpc-cni" {
			c.requirePolicies(at+".values", addon.Values)
		}

		switch {
		case addon.Role == nil:
		case slices.Contains(permitted, name):
			c.Report(at+".role", "no role, because "+name+" already has its permissions", c.Remove(at+".role"))
		default:
			c.checkAddonRole(at+".role", addon.Role.WithDefaults())
		}
	}
}

// requirePolicies requires network policies, which decide which pod reaches which store, and the node agent, which
// enforces them (aws/amazon-network-policy-agent). The types are checked elsewhere.
func (c *checker) requirePolicies(at string, values map[string]any) {
	agent, _ := values["nodeAgent"].(map[string]any)

	for _, value := range []struct {
		of   map[string]any
		at   string
		name string
	}{{values, at, "enableNetworkPolicy"}, {agent, at + ".nodeAgent", "enabled"}} {
		path := config.Member(value.at, value.name)
		if got, set := value.of[value.name]; set && fmt.Sprint(got) != "true" {
			c.Report(path, `"true": without network policies, every pod reaches every store`, c.Remove(path))
		}
	}
}

// checkAddonRole requires a service account and permissions. The fix removes a role that lacks one of them.
func (c *checker) checkAddonRole(at string, role AddonRole) {
	c.Matches(at+".namespace", role.Namespace, kubernetesForm)

	prefix := c.Stack() + "-" + role.Namespace + "-"

	switch account := at + ".serviceAccount"; {
	case !kubernetesForm.MatchString(role.ServiceAccount):
		c.Report(account, c.Expected(account), c.Remove(at))
	case len(prefix+role.ServiceAccount) > maxRole:
		c.Report(account, fmt.Sprintf("a name of at most %d characters, because %s<service account> is the name of its role",
			maxRole-len(prefix), prefix), c.Remove(at))
	}

	if len(role.Policies) == 0 {
		c.Report(at+".policies", c.Expected(at+".policies"), c.Remove(at))
	}

	taken := make(map[string]string)

	for i, policy := range role.Policies {
		at := config.Element(at+".policies", i)
		other := taken[path.Base(policy)]

		switch {
		case !policyForm.MatchString(policy):
			c.Invalid(at)
		case other != "":
			c.Report(at, "a policy with another name than "+other, c.Remove(at))
		default:
			taken[path.Base(policy)] = policy
		}
	}
}
