package settings

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/components/autoscaling/pool"
	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/internal/scope"
)

// Cluster is the section platform:cluster.
type Cluster struct {
	// Version is the Kubernetes minor, such as "1.35".
	Version string `mapstructure:"version"`
	// NodeRelease is EKS's release version of the images of Nodes: the patch version of Kubernetes and a date. A workflow
	// proposes each new one. Default: none, and EKS takes the newest one when it creates a group.
	NodeRelease string `mapstructure:"nodeRelease"`
	// Admins are the IAM roles and users that may change everything. The deploying principal must be one of them.
	Admins []Principal `mapstructure:"admins"`
	// Auditors may read everything, including secrets and custom resources: drift detection reads Helm's releases, which
	// are Secrets. Default: none, so that only listed principals read secrets.
	Auditors []Principal `mapstructure:"auditors"`
	// Viewers may read Kubernetes's own kinds except secrets. Default: none.
	Viewers []Principal `mapstructure:"viewers"`
	// PublicAccessCIDRs may reach the API server from the internet. Default: none, so that only the VPC and networks
	// connected to it reach the API server.
	PublicAccessCIDRs []netip.Prefix `mapstructure:"publicAccessCidrs"`
	// LogTypes are the control-plane logs that are kept. Default: all five, as audits expect (control K3); each is billed
	// by the GB.
	LogTypes []cluster.LogType `mapstructure:"logTypes"`
	// Nodes are the kinds of nodes, by name: at least one on which any pod can run. There is no default, because no
	// instance type is right for two environments.
	Nodes map[string]plan.NodeKind `mapstructure:"nodes"`
	// Autoscaling are pools of nodes that Karpenter launches while pods need them, by name. Default: none, and no
	// Karpenter: pods that do not fit on Nodes stay pending.
	Autoscaling map[string]pool.Pool `mapstructure:"autoscaling"`
	// Addons configure EKS add-ons, by name. The essential add-ons are always installed. Default: no other add-ons.
	Addons map[string]Addon `mapstructure:"addons"`
}

func defaultCluster() Cluster { return Cluster{LogTypes: cluster.LogTypes()} }

const (
	clusterPath      = "platform:cluster"
	publicAccessPath = clusterPath + ".publicAccessCidrs"
	nodeReleasePath  = clusterPath + ".nodeRelease"
)

func clusterKeys() config.Keys {
	known := plan.Minors()
	principals := config.Key{
		Expected: "a list of IAM roles and users",
		Element:  "an IAM role or user: role/<name> or user/<name>, or an ARN for another account",
	}

	return config.Keys{
		clusterPath + ".version": {
			Expected: "a Kubernetes minor in quotes, one of " + strings.Join(known, ", "), Example: "1.35",
		},
		nodeReleasePath: {
			Expected: "EKS's release version of the images of nodes: a patch version of Kubernetes and a date, such as " +
				"1.35.0-20261120",
		},
		clusterPath + ".admins":   principals,
		clusterPath + ".auditors": principals,
		clusterPath + ".viewers":  principals,
		publicAccessPath:          {Expected: "a list of IPv4 CIDRs", Element: "an IPv4 CIDR, such as 203.0.113.0/24"},
		clusterPath + ".logTypes": {
			Expected: "a list of control-plane logs", Element: "one of " + config.Choice(cluster.LogTypes()),
		},
		clusterPath + ".nodes":  {Expected: "an object of kinds of nodes, by name"},
		autoscalingPath:         {Expected: "an object of pools of nodes, by name"},
		clusterPath + ".addons": {Expected: "an object of EKS add-ons, by name"},
	}
}

func (c *checker) checkCluster() {
	settings := c.settings.Cluster

	config.OneOf(c.Checker, clusterPath+".version", settings.Version, plan.Minors())
	c.checkNodeRelease(settings)
	c.checkPrincipals(settings)
	c.checkPublicAccess(settings.PublicAccessCIDRs)
	config.Unique(c.Checker, clusterPath+".logTypes", settings.LogTypes, func(logType cluster.LogType) bool {
		return slices.Contains(cluster.LogTypes(), logType)
	})
}

// releaseForm matches a release version, and its minor (EKS User Guide, "Versions of the AL2023 AMI").
var releaseForm = regexp.MustCompile(`^(\d+\.\d+)\.\d+-20\d{6}$`)

// checkNodeRelease requires a release for the cluster's minor: EKS refuses others.
func (c *checker) checkNodeRelease(settings Cluster) {
	if settings.NodeRelease == "" {
		return
	}

	found := releaseForm.FindStringSubmatch(settings.NodeRelease)

	switch {
	case found == nil:
		c.Invalid(nodeReleasePath)
	case found[1] != settings.Version && slices.Contains(plan.Minors(), settings.Version):
		c.Report(nodeReleasePath, "a release for Kubernetes "+settings.Version+", or none", c.Remove(nodeReleasePath))
	}
}

// Principal is an IAM role or user: an ARN, or "role/name" or "user/name" in the account that is deployed to, with the
// path if there is one.
type Principal string

// ARN is the principal's ARN. A principal without an account belongs to the account of the place.
func (p Principal) ARN(place scope.Place) string {
	if strings.HasPrefix(string(p), "arn:") {
		return string(p)
	}

	return place.IAM(string(p))
}

var principalForm = regexp.MustCompile(`^(arn:aws[a-z-]*:iam::[0-9]{12}:)?(role|user)/([\w+=,.@-]+/)*[\w+=,.@-]+$`)

// Valid reports whether the principal is a role or a user. EKS admits no other principal, such as an account's root.
func (p Principal) Valid() bool { return principalForm.MatchString(string(p)) }

// Entry is the name of the principal's access entry.
func (p Principal) Entry() string {
	return strings.ReplaceAll(string(p)[strings.LastIndex(string(p), ":")+1:], "/", "-")
}

// sessionForm matches the name of a role, and what STS makes of it in the ARN of a session.
var sessionForm = regexp.MustCompile(
	`^(?:(?:arn:aws[a-z-]*:sts::[0-9]{12}:)?assumed-role/)?([\w+=,.@-]+)(/[\w+=,.@-]+)?$`)

// meant returns the role of a session, or that with a bare name; or "". The name of a role of IAM Identity Center lacks
// its path.
func (p Principal) meant() string {
	found := sessionForm.FindStringSubmatch(string(p))
	isSession := strings.Contains(string(p), "assumed-role/")

	if found == nil || isSession != (found[2] != "") || strings.HasPrefix(found[1], "AWSReservedSSO_") {
		return ""
	}

	return "role/" + found[1]
}

// isIn reports whether the principal can be in a partition. One without an account is in the environment's (AWS General
// Reference, "Amazon Resource Names (ARNs)": each account is scoped to one partition). An unknown region has none.
func (p Principal) isIn(partition string) bool {
	return partition == "" || !strings.HasPrefix(string(p), "arn:") || strings.HasPrefix(string(p), "arn:"+partition+":")
}

// checkPrincipals requires an access entry of its own for each principal. An entry's name is the principal's without
// the account, with dashes for slashes.
func (c *checker) checkPrincipals(cluster Cluster) {
	entries, partition := make(map[string]string), scope.PartitionOf(c.settings.Region)

	check := func(list string, principals []Principal) {
		for i, principal := range principals {
			at := config.Element(clusterPath+"."+list, i)
			other := entries[principal.Entry()]

			switch {
			case !principal.Valid():
				c.Report(at, c.Expected(at), c.SetOrRemove(at, principal.meant()))
			case !principal.isIn(partition):
				c.Report(at, fmt.Sprintf("a principal of the partition %s, which %s is in: an account belongs to one partition",
					partition, c.settings.Region), c.Remove(at))
			case other != "":
				c.Report(at, fmt.Sprintf("another principal than %s: the access entries of both would be named %s, because the "+
					"account, and \"-\" or \"/\", make no difference; keep one of them", other, principal.Entry()), c.Remove(at))
			default:
				entries[principal.Entry()] = at
			}
		}
	}

	check("admins", cluster.Admins)
	check("auditors", cluster.Auditors)
	check("viewers", cluster.Viewers)
}

// maxPublicRanges is the number of ranges that EKS accepts (Amazon EKS User Guide, "Service quotas": public endpoint
// access CIDR ranges per cluster, not adjustable).
const maxPublicRanges = 40

// checkPublicAccess requires IPv4 ranges of the internet that start with their first address, as EKS does. EKS accepts
// IPv6 ranges only for clusters whose pods have IPv6 addresses (EKS API Reference, VpcConfigRequest).
func (c *checker) checkPublicAccess(cidrs []netip.Prefix) {
	for i := maxPublicRanges; i < len(cidrs); i++ {
		c.Report(config.Element(publicAccessPath, i), fmt.Sprintf("at most %d ranges, as in EKS: join neighbouring ones",
			maxPublicRanges), c.Remove(config.Element(publicAccessPath, i)))
	}

	cidrs = cidrs[:min(len(cidrs), maxPublicRanges)]

	for i, cidr := range cidrs {
		at := config.Element(publicAccessPath, i)

		switch {
		case !cidr.IsValid() || !cidr.Addr().Is4():
			c.reportNoRange(at)
		case cidr != cidr.Masked():
			c.Report(at, "the first address of the range, "+cidr.Masked().String(), c.Set(at, cidr.Masked().String()))
		case slices.Contains(cidrs[:i], cidr):
			c.Report(at, config.NotInList, c.Remove(at))
		case cidr.Bits() > 0 && slices.ContainsFunc(reservedRanges(), cidr.Overlaps):
			c.Report(at, "addresses of the internet: EKS refuses private and reserved ones, whose clients use the private "+
				"endpoint (without any range, that is the only one)", c.Remove(at))
		}
	}
}

// reportNoRange refuses what is no IPv4 range. The fix of an address is the range of this address.
func (c *checker) reportNoRange(at string) {
	const reason = ": the endpoint of the cluster has IPv4 addresses only"

	fix := c.Remove(at)
	if address, err := netip.ParseAddr(c.Text(at)); err == nil && address.Is4() {
		fix = c.Set(at, address.String()+"/32")
	}

	c.Report(at, c.Expected(at)+reason, fix)
}

// reservedRanges returns the ranges that no client on the internet has (IANA IPv4 Special-Purpose Address Registry, and
// multicast). EKS refuses them (Amazon EKS User Guide, "Configure network access to cluster API server endpoint"). The
// ranges for documentation are missing, because the guide itself has one of them as its example.
func reservedRanges() []netip.Prefix {
	var ranges []netip.Prefix

	for _, text := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
		"192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
	} {
		ranges = append(ranges, netip.MustParsePrefix(text))
	}

	return ranges
}
