package settings

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/nodes"
)

// Cluster is the section platform:cluster.
type Cluster struct {
	// Version is the Kubernetes minor, such as "1.35".
	Version string `mapstructure:"version"`
	// Admins are the IAM roles and users that may change everything, whoever deploys among them.
	Admins []Principal `mapstructure:"admins"`
	// Auditors are those that may look at everything, secrets and the kinds of charts among it: whoever looks for drift
	// reads Helm's releases, which are Secrets. Default: none; nobody reads secrets unnamed.
	Auditors []Principal `mapstructure:"auditors"`
	// Viewers are those that may look at Kubernetes's own kinds, but for secrets. Default: none; nobody looks unnamed.
	Viewers []Principal `mapstructure:"viewers"`
	// PublicAccessCIDRs may reach the API server from the internet. Default: none, and nobody may.
	PublicAccessCIDRs []netip.Prefix `mapstructure:"publicAccessCidrs"`
	// LogTypes are the control-plane logs that are kept. Default: all five, as audits expect (control K3); each is billed
	// by the GB.
	LogTypes []cluster.LogType `mapstructure:"logTypes"`
	// Nodes are the kinds of nodes, by name. Default: none; no machine is right for two environments.
	Nodes map[string]nodes.Kind `mapstructure:"nodes"`
	// Addons are EKS's add-ons, by name. The essential ones are there always; here they are tuned. Default: no others.
	Addons map[string]Addon `mapstructure:"addons"`
}

// Addon is a member of platform:cluster.addons.
type Addon struct {
	// Version is EKS's, such as "v1.20.4-eksbuild.2". Default: for an essential add-on, the version that
	// components/cluster/versions/addons.yaml pins for the cluster's minor; for any other, none, and it is required: the
	// same commit makes the same plan on any day.
	Version string `mapstructure:"version"`
	// Values configure the add-on, by the keys of its own schema. Default: none beside the platform's own.
	Values map[string]any `mapstructure:"values"`
	// Role is for an add-on that calls AWS. Default: none, and it may do nothing there.
	Role *AddonRole `mapstructure:"role"`
}

// AddonRole is what an add-on may do in AWS.
type AddonRole struct {
	// Namespace is the add-on's. Default: kube-system, where EKS puts most of its own.
	Namespace string `mapstructure:"namespace"`
	// ServiceAccount is the add-on's.
	ServiceAccount string `mapstructure:"serviceAccount"`
	// Policies are ARNs of managed policies, at least one.
	Policies []string `mapstructure:"policies"`
}

// Principal is an IAM role or user: an ARN, or, of the account that is deployed to, "role/name" or "user/name" with
// the path if there is one.
type Principal string

// ARN is the principal's, in the account that is deployed to.
func (p Principal) ARN(partition, account string) string {
	if strings.HasPrefix(string(p), "arn:") {
		return string(p)
	}

	return fmt.Sprintf("arn:%s:iam::%s:%s", partition, account, p)
}

var principalForm = regexp.MustCompile(`^(arn:aws[a-z-]*:iam::[0-9]{12}:)?(role|user)/([\w+=,.@-]+/)*[\w+=,.@-]+$`)

// Valid reports whether the principal is a role or a user. EKS lets nobody else in, such as an account's root.
func (p Principal) Valid() bool { return principalForm.MatchString(string(p)) }

// entry is what the cluster calls the principal's access entry.
func (p Principal) entry() string {
	return strings.ReplaceAll(string(p)[strings.LastIndex(string(p), ":")+1:], "/", "-")
}

// WithDefaults returns the role with whatever it leaves out.
func (r AddonRole) WithDefaults() AddonRole {
	r.Namespace = cmp.Or(r.Namespace, "kube-system")

	return r
}
