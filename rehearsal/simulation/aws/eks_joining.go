package aws

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const (
	cniPolicy    = "AmazonEKS_CNI_Policy"
	createFailed = "CREATE_FAILED"
)

// awaitNodes fails where the nodes of a new group cannot join the cluster or become ready, which shows after half an
// hour. The group remains with its instances, and nothing but its deletion changes it.
// Source: https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html
func awaitNodes(c *call) error {
	reason := whyUnjoined(c)
	if reason == "" || c.Number("scalingConfig.desiredSize") == 0 {
		return nil
	}

	var ids []string

	for _, instance := range c.Siblings(typeInstance) {
		if instance.PartOf(c.Resource) {
			ids = append(ids, instance.ID)
		}
	}

	c.Resource.Outputs["status"] = createFailed

	return c.Break(fail("waiting for EKS Node Group (%s) create: unexpected state '%s', wanted target 'ACTIVE'. "+
		"last error: %s", c.Resource.ID, createFailed, nodeCreationFailure(ids, reason)))
}

// checkUpdate fails where the nodes that an update starts cannot join. EKS keeps the running ones.
func checkUpdate(c *call) error {
	old, exists := before(c)
	if !exists || c.Number("scalingConfig.desiredSize") == 0 || launchedFrom(old) == launchedFrom(c.Resource) {
		return nil
	}

	reason := whyUnjoined(c)
	if reason == "" {
		return nil
	}

	ids := make([]string, c.Number("scalingConfig.desiredSize"))
	for i := range ids {
		ids[i] = c.Fill("i-{hex 17}")
	}

	return fail("waiting for EKS Node Group (%s) version update (%s): unexpected state 'Failed', "+
		"wanted target 'Successful'. last error: %s", c.Resource.ID, c.Fill("{uuid}"), nodeCreationFailure(ids, reason))
}

// checkStatus refuses to change a group whose create failed.
func checkStatus(c *call) error {
	if old, _ := before(c); old.Failed {
		return refuse("InvalidRequestException", "Nodegroup %s is in the state %s: delete it", c.Resource.ID, createFailed)
	}

	return nil
}

// whyUnjoined is EKS's reason where nodes that start now cannot join the cluster or become ready.
func whyUnjoined(c *call) string {
	switch {
	case !reachesCluster(c):
		return "Instances failed to join the kubernetes cluster"
	case !becomesReady(c):
		return "Unhealthy nodes in the kubernetes cluster"
	}

	return ""
}

func nodeCreationFailure(instances []string, reason string) string {
	return strings.Join(instances, ", ") + ": NodeCreationFailure: " + reason
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

	return runsAddon(c, "kube-proxy") && runsAddon(c, "vpc-cni") && permitted
}

// hasNetworkIdentity reports whether the CNI has a role of its own, for which the agent on the node issues credentials.
func hasNetworkIdentity(c *call) bool {
	return runsAddon(c, "eks-pod-identity-agent") &&
		slices.ContainsFunc(systemIdentities(c), func(association account.Resource) bool {
			return association.Text("serviceAccount") == "aws-node" &&
				hasPolicy(c, roleOf(c, association.Text("roleArn")), cniPolicy)
		})
}

// runsAddon reports whether an add-on's software is in the cluster.
func runsAddon(c *call, name string) bool {
	_, exists := c.Get(typeAddon, c.Text("clusterName")+":"+name)

	return exists || slices.Contains(selfManaged(clusterOf(c)), name)
}
