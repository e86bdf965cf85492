package aws

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const cniPolicy = "AmazonEKS_CNI_Policy"

// checkJoining requires what nodes that are about to start need to join the cluster and to become ready. On AWS a
// missing piece shows after half an hour, and the group remains, marked as failed; here nothing is created.
func checkJoining(c *call) error {
	switch {
	case c.Number("scalingConfig.desiredSize") == 0 || !relaunches(c):
		return nil
	case !reachesCluster(c):
		return unjoined(c, "Instances failed to join the kubernetes cluster")
	case !becomesReady(c):
		return unjoined(c, "Unhealthy nodes in the kubernetes cluster")
	}

	return nil
}

// unjoined is the error that the provider prints after it has waited for the nodes.
func unjoined(c *call, reason string) error {
	ids := make([]string, c.Number("scalingConfig.desiredSize"))
	for i := range ids {
		ids[i] = c.Fill("i-{hex 17}")
	}

	reason = strings.Join(ids, ", ") + ": NodeCreationFailure: " + reason
	if id := c.Resource.ID; id != "" {
		return fail("waiting for EKS Node Group (%s) version update (%s): unexpected state 'Failed', "+
			"wanted target 'Successful'. last error: %s", id, c.Fill("{uuid}"), reason)
	}

	return fail("waiting for EKS Node Group (%s) create: unexpected state 'CREATE_FAILED', "+
		"wanted target 'ACTIVE'. last error: %s", c.Fill("{clusterName}:{named}"), reason)
}

// relaunches reports whether the group's instances are new: at its creation, and when an update changes what they are
// launched from.
func relaunches(c *call) bool {
	old, exists := before(c)

	return !exists || launchedFrom(old) != launchedFrom(c.Resource)
}

// launchedFrom is the template's version and Kubernetes'.
func launchedFrom(group account.Resource) string {
	return strings.Join(append(group.Texts("launchTemplate.version"), group.Text("version")), " ")
}

// reachesCluster reports whether the nodes reach the API server and images from their subnets, and whether they and the
// control plane admit each other: they carry the cluster's own security group. VPC endpoints in place of a NAT gateway
// are not simulated.
func reachesCluster(c *call) bool {
	if !admitsNodes(c) {
		return false
	}

	for _, subnet := range c.Texts("subnetIds") {
		if !reachesInternet(c, subnet) {
			return false
		}
	}

	return slices.Contains(carriedGroups(c), clusterOf(c).Texts("vpcConfig.clusterSecurityGroupId")[0])
}

// admitsNodes reports whether the API server has an address in the VPC, or admits a NAT gateway's address. Which nodes
// are behind which gateway is not simulated.
func admitsNodes(c *call) bool {
	cluster := clusterOf(c)
	if private, _ := property.Lookup(cluster.Outputs, "vpcConfig.endpointPrivateAccess"); private == true {
		return true
	}

	return slices.ContainsFunc(cluster.Texts("vpcConfig.publicAccessCidrs"), func(text string) bool {
		block, err := netip.ParsePrefix(text)

		return err == nil && slices.ContainsFunc(c.Siblings(typeNATGateway), func(nat account.Resource) bool {
			address, err := netip.ParseAddr(nat.Text("publicIp"))

			return err == nil && block.Contains(address)
		})
	})
}

// becomesReady reports whether there is a network for pods, which is allowed to ask EC2 for addresses, and a proxy for
// services.
func becomesReady(c *call) bool {
	permitted := hasPolicy(c, roleOf(c, c.Text("nodeRoleArn")), cniPolicy) || hasNetworkIdentity(c)

	return hasAddon(c, "kube-proxy") && hasAddon(c, "vpc-cni") && permitted
}

// hasNetworkIdentity reports whether the CNI has a role of its own, for which the agent on the node issues credentials.
func hasNetworkIdentity(c *call) bool {
	return hasAddon(c, "eks-pod-identity-agent") &&
		slices.ContainsFunc(systemIdentities(c), func(association account.Resource) bool {
			return association.Text("serviceAccount") == "aws-node" &&
				hasPolicy(c, roleOf(c, association.Text("roleArn")), cniPolicy)
		})
}

func hasAddon(c *call, name string) bool {
	_, exists := c.Get(typeAddon, c.Text("clusterName")+":"+name)

	return exists
}
