package controls

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/state"
)

// The access entries of @pulumi/eks are inputs of the component in the program's graph, and resources in a state.
const (
	typeCluster     = "aws:eks/cluster:Cluster"
	typeAccessEntry = "aws:eks/accessEntry:AccessEntry"
	typeAddon       = "aws:eks/addon:Addon"
	typeComponent   = "eks:index:Cluster"
	typePodIdentity = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
	typeRole        = "aws:iam/role:Role"
)

// apiEndpoint is K1. By default, AWS opens the public endpoint to all addresses.
func apiEndpoint(c *check) {
	for _, cluster := range c.all(typeCluster) {
		c.require(cluster, requirements{
			{"vpcConfig.endpointPrivateAccess", is(true), "nodes reach the API server over the internet; expected true"},
		})

		if input(cluster, "vpcConfig.endpointPublicAccess") == false {
			c.hold(cluster, "vpcConfig.endpointPublicAccess", true, "")

			continue
		}

		const property = "vpcConfig.publicAccessCidrs"

		ranges := list(cluster, property)
		open := len(ranges) == 0 || slices.ContainsFunc(ranges, isWide)

		c.hold(cluster, property, !open, "the API server is open to the internet; expected ranges of /8 or smaller")
	}
}

// isWide reports whether a range is unreadable, or so wide that a few of them contain all addresses. No internet
// registry has ever assigned more than a /8.
func isWide(cidr any) bool {
	prefix, err := netip.ParsePrefix(fmt.Sprint(cidr))

	return err != nil || prefix.Bits() < 8
}

// standardSupport is K2.
func standardSupport(c *check) {
	for _, cluster := range c.all(typeCluster) {
		c.require(cluster, requirements{{"version", c.isSupported, "the Kubernetes version is not in standard support"}})
		c.hold(cluster, "upgradePolicy", text(cluster, "upgradePolicy.supportType") == "STANDARD",
			"the cluster would enter extended support, at six times the price; expected supportType STANDARD")
	}
}

// isSupported reports whether a Kubernetes version is in standard support, up to the end of its last day.
func (c *check) isSupported(version any) bool {
	end, ok := facts.SupportEnds()[fmt.Sprint(version)]

	return ok && c.Now.Before(end.AddDate(0, 0, 1))
}

// controlPlaneLogs is K3.
func controlPlaneLogs(c *check) {
	for _, cluster := range c.all(typeCluster) {
		for _, log := range []string{"api", "audit", "authenticator", "controllerManager", "scheduler"} {
			c.require(cluster, requirements{
				{"enabledClusterLogTypes", includes(log), "the " + log + " log is disabled"},
			})
		}

		groups := where(c.all(typeLogGroup), "name", "/aws/eks/"+text(cluster, "name")+"/cluster")
		c.hold(cluster, "name", len(groups) > 0,
			"the stack has no log group for the cluster: EKS creates one without retention")
		c.retention(groups...)
	}
}

// encryptedSecrets is K4.
func encryptedSecrets(c *check) {
	c.each(typeCluster, requirements{
		{"encryptionConfig.resources", includes("secrets"), "Kubernetes secrets are not encrypted with a KMS key"},
		{"encryptionConfig.provider.keyArn", c.ownKey, notOwnKey},
	})
}

// accessEntries is K5.
func accessEntries(c *check) {
	for _, cluster := range c.all(typeCluster) {
		c.require(cluster, requirements{
			{
				"accessConfig.authenticationMode", is("API"),
				"the aws-auth ConfigMap grants access beside access entries; expected API",
			},
			{
				"accessConfig.bootstrapClusterCreatorAdminPermissions", is(false),
				"the creator is an admin without an access entry; expected false",
			},
		})
		c.hold(cluster, "accessConfig", c.hasAccessEntry(), "no user or role has an access entry")
	}

	for _, object := range c.all("kubernetes:core/v1:ConfigMap", "kubernetes:core/v1:ConfigMapPatch") {
		c.hold(object, "metadata.name", text(object, "metadata.name") != "aws-auth", "access must be by access entries")
	}
}

// hasAccessEntry reports whether an access entry is for a user or a role, not for nodes.
func (c *check) hasAccessEntry() bool {
	standard := is(nil, "", "STANDARD")

	return slices.ContainsFunc(c.all(typeAccessEntry), func(entry state.Resource) bool {
		return standard(input(entry, "type"))
	}) || slices.ContainsFunc(c.all(typeComponent), func(component state.Resource) bool {
		entries, _ := input(component, "accessEntries").(map[string]any)

		return slices.ContainsFunc(slices.Collect(maps.Values(entries)), func(entry any) bool {
			fields, _ := entry.(map[string]any)

			return standard(fields["type"])
		})
	})
}

// workloadRoles is K6. Two rules bind a role to a service account: the association gives it the role, and the role's
// trust policy admits no other service account, even if an association is added by hand.
func workloadRoles(c *check) {
	for _, association := range c.all(typePodIdentity) {
		role, ok := byARN(c.all(typeRole), text(association, "roleArn"))
		c.hold(association, "roleArn", ok, "expected a role of the stack")

		if ok {
			c.hold(role, "assumeRolePolicy", trustsOnly(role, association),
				"expected trust in Pod Identity for one namespace and service account only")
			c.hold(role, "arn", len(where(c.all(typePodIdentity), "roleArn", text(association, "roleArn"))) == 1,
				"several workloads share the role")
		}
	}
}

// trustsOnly reports whether a role trusts only Pod Identity, and only for the service account of the association. No
// other service sets the tags reliably.
func trustsOnly(role, association state.Resource) bool {
	policy, _ := readPolicy(text(role, "assumeRolePolicy"))
	allowed := policy.allowed()

	return len(allowed) > 0 && !slices.ContainsFunc(allowed, func(s statement) bool {
		tags := s.Condition["StringEquals"]

		return !only(s.Principal, "pods.eks.amazonaws.com") ||
			!only(tags["aws:RequestTag/kubernetes-namespace"], text(association, "namespace")) ||
			!only(tags["aws:RequestTag/kubernetes-service-account"], text(association, "serviceAccount"))
	})
}

// networkPolicies is K7.
func networkPolicies(c *check) {
	for _, cluster := range c.all(typeCluster) {
		addons := where(where(c.all(typeAddon), "addonName", "vpc-cni"), "clusterName", text(cluster, "name"))
		c.hold(cluster, "id", len(addons) > 0, "the cluster has no vpc-cni add-on")

		for _, addon := range addons {
			var values struct {
				EnableNetworkPolicy any `json:"enableNetworkPolicy"` // the add-on's schema requires a string
			}

			err := json.Unmarshal([]byte(text(addon, "configurationValues")), &values)
			c.hold(addon, "configurationValues", err == nil && is("true", true)(values.EnableNetworkPolicy),
				`network policies have no effect; expected "enableNetworkPolicy": "true"`)
		}
	}
}
