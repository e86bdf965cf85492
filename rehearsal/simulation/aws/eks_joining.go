package aws

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// checkJoining wants of nodes that are about to start what they need to join the
// cluster, and there to become ready. On AWS this shows after half an hour, and the
// group that failed stays, marked as such; here nothing is made.
func checkJoining(c *behaviour.Call) error {
	if c.Number("scalingConfig.desiredSize") == 0 || !relaunches(c) {
		return nil
	}

	if !reachesCluster(c) {
		return unjoined(c, "Instances failed to join the kubernetes cluster")
	}

	if !getsReady(c) {
		return unjoined(c, "Unhealthy nodes in the kubernetes cluster")
	}

	return nil
}

// unjoined is what the provider says when it has waited for the nodes.
func unjoined(c *behaviour.Call, reason string) error {
	ids := make([]string, c.Number("scalingConfig.desiredSize"))
	for i := range ids {
		ids[i] = "i-" + c.Digits(17)
	}

	reason = strings.Join(ids, ", ") + ": NodeCreationFailure: " + reason
	if id := c.Resource.ID; id != "" {
		return fail("waiting for EKS Node Group (%s) version update (%s): unexpected state 'Failed', "+
			"wanted target 'Successful'. last error: %s", id, behaviour.UUID(c.Digits(32)), reason)
	}

	return fail("waiting for EKS Node Group (%s) create: unexpected state 'CREATE_FAILED', "+
		"wanted target 'ACTIVE'. last error: %s", nodeGroupID(c), reason)
}

// relaunches says that the group's instances are new ones: at its creation, and
// when an update starts them from something else.
func relaunches(c *behaviour.Call) bool {
	before, exists := c.Tx.Get(c.Resource.Key)

	return !exists || launchedFrom(before) != launchedFrom(c.Resource)
}

// launchedFrom is what an update of a group's nodes is about: the template's version and Kubernetes'.
func launchedFrom(group account.Resource) string {
	return strings.Join(append(group.Texts("launchTemplate.version"), group.Text("version")), " ")
}

// reachesCluster says that the nodes get out of their subnets, to the API server and
// for images, and that the control plane and they let each other in: they carry the
// cluster's own group. Endpoints in the VPC in place of a way out are not looked at.
func reachesCluster(c *behaviour.Call) bool {
	if !admitsNodes(c) {
		return false
	}

	for _, subnet := range c.Texts("subnetIds") {
		if !hasWayOut(c, subnet) {
			return false
		}
	}

	return slices.Contains(carriedGroups(c), clusterOf(c).Texts("vpcConfig.clusterSecurityGroupId")[0])
}

// admitsNodes says that the API server has an address in the VPC, or lets in where
// the nodes come from on the internet.
func admitsNodes(c *behaviour.Call) bool {
	cluster := clusterOf(c)
	if private, _ := property.Lookup(cluster.Outputs, "vpcConfig.endpointPrivateAccess"); private == true {
		return true
	}

	return slices.ContainsFunc(cluster.Texts("vpcConfig.publicAccessCidrs"), func(text string) bool {
		block, err := netip.ParsePrefix(text)

		return err == nil && (block.Bits() == 0 || holdsGateway(c, block))
	})
}

// holdsGateway says that a NAT gateway's address is in the block. Which nodes are
// behind which gateway is not looked at.
func holdsGateway(c *behaviour.Call, block netip.Prefix) bool {
	return slices.ContainsFunc(c.Siblings(typeNATGateway), func(nat account.Resource) bool {
		address, err := netip.ParseAddr(nat.Text("publicIp"))

		return err == nil && block.Contains(address)
	})
}

// carriedGroups are the launch template's if it has any, and only those; otherwise
// EKS gives each instance the cluster's own.
func carriedGroups(c *behaviour.Call) []string {
	template := templateOf(c)

	groups := append(template.Texts("vpcSecurityGroupIds"), template.Texts("networkInterfaces.securityGroups")...)
	if len(groups) == 0 {
		groups = clusterOf(c).Texts("vpcConfig.clusterSecurityGroupId")
	}

	return groups
}

// hasWayOut says that a subnet's table leads all traffic to a gateway that is there.
func hasWayOut(c *behaviour.Call, subnet string) bool {
	table := tableOf(c, subnet)
	routes := property.At(table.Outputs, "routes")

	for _, route := range c.Siblings(typeRoute) {
		if route.Text("routeTableId") == table.ID {
			routes = append(routes, route.Outputs)
		}
	}

	return slices.ContainsFunc(routes, func(route any) bool { return leadsOut(c, route) })
}

// tableOf is the route table that a subnet is associated with, or its VPC's main one.
func tableOf(c *behaviour.Call, id string) account.Resource {
	subnet, _ := c.Get(typeSubnet, id)
	network, _ := c.Get(typeVPC, subnet.Text("vpcId"))
	table := network.Text("mainRouteTableId")

	for _, association := range c.Siblings(typeRouteTableAssociation) {
		if association.Text("subnetId") == id {
			table = association.Text("routeTableId")
		}
	}

	found, _ := c.Get(typeRouteTable, table)

	return found
}

func leadsOut(c *behaviour.Call, route any) bool {
	said, _ := route.(map[string]any)
	everywhere := said["cidrBlock"] == "0.0.0.0/0" || said["destinationCidrBlock"] == "0.0.0.0/0"

	nat, _ := said["natGatewayId"].(string)
	_, translated := c.Get(typeNATGateway, nat)

	gateway, _ := said["gatewayId"].(string)
	_, direct := c.Get(typeInternetGateway, gateway)

	return everywhere && (translated || direct)
}

// getsReady says that there is a network for pods, which may ask EC2 for addresses,
// and a proxy for services.
func getsReady(c *behaviour.Call) bool {
	bootstrapped := clusterOf(c).Outputs["bootstrapSelfManagedAddons"] == true

	proxied := bootstrapped || hasAddon(c, "kube-proxy")
	connected := bootstrapped || hasAddon(c, "vpc-cni")
	permitted := hasPolicy(c, roleOf(c, c.Text("nodeRoleArn")), cniPolicy) || hasNetworkIdentity(c)

	return proxied && connected && permitted
}

const cniPolicy = "AmazonEKS_CNI_Policy"

// hasNetworkIdentity says that the CNI, whoever put it there, has a role of its own,
// handed out on the node by the agent.
func hasNetworkIdentity(c *behaviour.Call) bool {
	if !hasAddon(c, "eks-pod-identity-agent") {
		return false
	}

	return slices.ContainsFunc(c.Siblings(typePodIdentity), func(association account.Resource) bool {
		return association.Text("clusterName") == c.Text("clusterName") &&
			association.Text("namespace") == "kube-system" && association.Text("serviceAccount") == "aws-node" &&
			hasPolicy(c, roleOf(c, association.Text("roleArn")), cniPolicy)
	})
}

func hasAddon(c *behaviour.Call, name string) bool {
	_, exists := c.Get(typeAddon, c.Text("clusterName")+":"+name)

	return exists
}
