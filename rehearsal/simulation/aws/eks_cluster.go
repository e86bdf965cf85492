package aws

import (
	_ "embed"
	"encoding/base64"
	"net/netip"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeCluster = "aws:eks/cluster:Cluster"

// unusedAuthority is a certificate whose key does not exist any more: enough to parse a kubeconfig.
//
//go:embed eks_authority.pem
var unusedAuthority []byte

func clusterRules(authority []byte) map[string]rules {
	if authority == nil {
		authority = unusedAuthority
	}

	certificate := map[string]any{"data": base64.StdEncoding.EncodeToString(authority)}

	return map[string]rules{typeCluster: {
		outputs: makers{
			"certificateAuthority": func(*call) any { return certificate },
			"identities":           clusterIdentities,
			"version":              newestKubernetes,
			"vpcConfig.vpcId":      func(c *call) any { return get(c, typeSubnet, "vpcConfig.subnetIds").Text("vpcId") },
			"kubernetesNetworkConfig.serviceIpv4Cidr": serviceRange,
		},
		checks:  []check{checkClusterRole, checkClusterZones, checkClusterVersion},
		local:   []behaviour.Local{{Reads: []string{"vpcConfig"}, Check: checkEndpointAccess}},
		created: fillCluster, updated: writeClusterLogs, deleted: emptyCluster,
	}}
}

// newestKubernetes is the version of a cluster whose program names none.
func newestKubernetes(*call) any {
	known := versions().Kubernetes

	return known[len(known)-1]
}

// clusterOf is the cluster that a resource names.
func clusterOf(c *call) account.Resource { return get(c, typeCluster, "clusterName") }

// clusterIdentities is the issuer of the pods' tokens, which has the endpoint's digits.
func clusterIdentities(c *call) any {
	digits, _, _ := strings.Cut(strings.TrimPrefix(c.Text("endpoint"), "https://"), ".")
	issuer := c.Fill("https://oidc.eks.{region}.{domain}/id/") + digits

	return []any{map[string]any{"oidcs": []any{map[string]any{"issuer": issuer}}}}
}

// serviceRange is the one of EKS's two ranges that does not overlap the VPC's.
func serviceRange(c *call) any {
	if strings.HasPrefix(get(c, typeVPC, "vpcConfig.vpcId").Text("cidrBlock"), "10.") {
		return "172.20.0.0/16"
	}

	return "10.100.0.0/16"
}

// checkClusterRole requires the policy that EKS works with, which reveals a missing DependsOn.
func checkClusterRole(c *call) error {
	role := roleOf(c, c.Text("roleArn"))
	if !trusts(role, "eks.amazonaws.com", "sts:AssumeRole") {
		return refuse("InvalidParameterException", "Role with arn: %s, could not be assumed because it does not exist "+
			"or the trusted entity is not correct", c.Text("roleArn"))
	}

	if !hasPolicy(c, role, "AmazonEKSClusterPolicy") {
		return refuse("InvalidParameterException",
			"The provided role doesn't have the Amazon EKS Managed Policies associated with it. "+
				"Please ensure the following policy is attached: %sAmazonEKSClusterPolicy", c.Fill(awsManagedPolicyARNs))
	}

	return nil
}

// checkClusterZones requires two zones in which EKS runs control planes, and later the same ones.
func checkClusterZones(c *call) error {
	zones := subnetZones(c, c.Texts("vpcConfig.subnetIds"))
	for _, found := range zones {
		if slices.Contains(withoutControlPlanes(), found.id) {
			return refuse("UnsupportedAvailabilityZoneException", "Cannot create cluster '%s' because EKS does not support "+
				"creating control plane instances in %s, the targeted availability zone. Retry cluster creation using "+
				"control plane subnets that span at least two of these availability zones: %s. Note, post cluster creation, "+
				"you can run worker nodes in separate subnets/availability zones from control plane "+
				"subnets/availability zones passed during cluster creation",
				c.Text("name"), found.name, zoneNames(controlPlaneZones(c.Place.Region), ","))
		}
	}

	if len(zones) < 2 {
		return refuse("InvalidParameterException", "Subnets specified must be in at least two different AZs")
	}

	old, exists := before(c)
	if had := zoneNames(subnetZones(c, old.Texts("vpcConfig.subnetIds")), ","); exists && had != zoneNames(zones, ",") {
		return refuse("InvalidParameterException", "Provided subnets belong to the AZs '%s'. But they should belong to "+
			"the exact set of AZs '%s' in which subnets were provided during cluster creation.", zoneNames(zones, ","), had)
	}

	return nil
}

// withoutControlPlanes are the zones in which EKS runs no control planes.
// Source: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
func withoutControlPlanes() []string {
	return []string{"use1-az3", "usw1-az2", "cac1-az3"}
}

func controlPlaneZones(region string) []zone {
	return slices.DeleteFunc(zonesOf(region), func(z zone) bool { return slices.Contains(withoutControlPlanes(), z.id) })
}

// checkClusterVersion requires one step at a time.
func checkClusterVersion(c *call) error {
	version := c.Text("version")

	old, exists := before(c)
	if !exists || old.Text("version") == version || minor(version) == minor(old.Text("version"))+1 {
		return nil
	}

	return refuse("InvalidParameterException", "Unsupported Kubernetes minor version update from %s to %s",
		old.Text("version"), version)
}

// checkEndpointAccess requires a way to the API server, and public addresses for the public one.
func checkEndpointAccess(c *call) error {
	if !c.True("vpcConfig.endpointPrivateAccess") && !c.True("vpcConfig.endpointPublicAccess") {
		return refuse("InvalidParameterException", "Private and public endpoint access cannot be false.")
	}

	for _, text := range c.Texts("vpcConfig.publicAccessCidrs") {
		block, err := netip.ParsePrefix(text)
		if err != nil || block != block.Masked() || !block.Addr().Is4() || block.Bits() > 0 && !isPublic(block) {
			return refuse("InvalidParameterException", "The following CIDRs are not allowed in publicAccessCidrs: [%s]", text)
		}
	}

	return nil
}

// isPublic reports whether EKS accepts the range: the block cannot include reserved addresses (Amazon EKS User Guide,
// "Configure network access to cluster API server endpoint").
func isPublic(block netip.Prefix) bool {
	return !slices.ContainsFunc([]string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
		"198.18.0.0/15", "224.0.0.0/3",
	}, func(reserved string) bool { return block.Overlaps(netip.MustParsePrefix(reserved)) })
}

// fillCluster creates the security group of the control plane's interfaces, and of nodes that name no other.
func fillCluster(c *call) error {
	name := c.Resource.ID
	c.Own(typeSecurityGroup, c.Text("vpcConfig.clusterSecurityGroupId"), map[string]any{
		"name":  "eks-cluster-sg-" + name + "-" + strings.Map(decimal, c.Digits(10)),
		"vpcId": c.Text("vpcConfig.vpcId"),
		"description": "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, " +
			"as well as any managed workloads.",
		"ingress": ownMembers(), "egress": allTraffic(),
		"tags": map[string]any{
			"Name":                          "eks-cluster-sg-" + name,
			"aws:eks:cluster-name":          name,
			"kubernetes.io/cluster/" + name: "owned",
		},
	})

	if c.True("accessConfig.bootstrapClusterCreatorAdminPermissions") {
		letInCreator(c)
	}

	if c.True("bootstrapSelfManagedAddons") {
		setSelfManaged(c, c.Resource, []string{"coredns", "kube-proxy", "vpc-cni"})
	}

	return writeClusterLogs(c)
}

// letInCreator makes the deploying role an administrator of the cluster.
func letInCreator(c *call) {
	role := c.Fill("arn:{partition}:iam::{account}:{principal}")
	policy := c.Fill("arn:{partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy")
	entry := map[string]any{"clusterName": c.Resource.ID, "principalArn": role}
	c.Own(typeAccessEntry, c.Resource.ID+":"+role, entry)
	c.Own(typeAccessPolicy, strings.Join([]string{c.Resource.ID, role, policy}, "#"), map[string]any{
		"clusterName": c.Resource.ID, "principalArn": role, "policyArn": policy,
		"accessScope": map[string]any{"type": "cluster"},
	})
}

func decimal(digit rune) rune { return '0' + digit%10 }

// writeClusterLogs writes to the control plane's log group. EKS creates the group when the program has not, and its
// last lines, which come late, create it again when it is deleted after the cluster.
func writeClusterLogs(c *call) error {
	if len(c.Texts("enabledClusterLogTypes")) > 0 {
		c.Write(typeLogGroup, "/aws/eks/"+c.Resource.ID+"/cluster")
	}

	return nil
}

// emptyCluster deletes all objects of the cluster's API server.
func emptyCluster(c *call) error {
	endpoint := c.Text("endpoint")
	for _, object := range c.Tx.Find(func(r account.Resource) bool { return r.Cluster == endpoint }) {
		c.Tx.Delete(object.Key)
	}

	return nil
}
