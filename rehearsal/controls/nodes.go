package controls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

const (
	typeNodeGroup      = "aws:eks/nodeGroup:NodeGroup"
	typeLaunchTemplate = "aws:ec2/launchTemplate:LaunchTemplate"
	typeAttachment     = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	typeRolePolicy     = "aws:iam/rolePolicy:RolePolicy"
)

// templates returns the launch templates of the node groups. Each group must have one of the stack.
func (c *check) templates() []state.Resource {
	var used []state.Resource

	for _, group := range c.all(typeNodeGroup) {
		template, ok := byID(c.all(typeLaunchTemplate), input(group, "launchTemplate.id"))
		c.hold(group, "launchTemplate.id", ok, "expected a launch template of the stack")

		if ok {
			used = append(used, template)
		}
	}

	return used
}

// privateNodes is W1.
func privateNodes(c *check) {
	for _, group := range c.all(typeNodeGroup) {
		c.require(group, requirements{{"remoteAccess", is(nil), "the nodes' SSH port is open"}})

		for _, id := range list(group, "subnetIds") {
			c.holdPrivate(group, "subnetIds", id)
		}
	}

	for _, template := range c.templates() {
		c.require(template, requirements{{"keyName", is(nil, ""), "the nodes accept logins with an SSH key"}})

		for _, at := range elements(template, "networkInterfaces") {
			public := is("true", true)(input(template, at+".associatePublicIpAddress"))
			c.hold(template, at+".associatePublicIpAddress", !public, "the nodes get public addresses")
		}
	}
}

// holdPrivate requires that the id at a path is that of a private subnet of the stack, unless the VPC is foreign.
func (c *check) holdPrivate(r state.Resource, path string, id any) {
	if c.hasForeignVPC() {
		return
	}

	subnet, ok := byID(c.all(typeSubnet), id)
	c.hold(r, path, ok && isPrivate(c.State, subnet) && !mayBePublic(c.State, subnet),
		fmt.Sprintf("%v is not a private subnet of the stack", id))
}

// metadata is W2.
func metadata(c *check) {
	for _, template := range c.templates() {
		c.require(template, closedMetadata("metadataOptions"))
	}
}

// closedMetadata requires that only a node reaches its metadata. A pod is one network hop further away.
func closedMetadata(path string) requirements {
	return requirements{
		{
			path + ".httpTokens", is("required"),
			"IMDSv1 hands credentials to anyone who can make a node send a request; expected required",
		},
		{path + ".httpPutResponseHopLimit", is(1.0), "pods can get the node's credentials; expected 1"},
	}
}

// encryptedDisks is W3.
func encryptedDisks(c *check) {
	for _, template := range c.templates() {
		c.holdDisks(template, "blockDeviceMappings")
	}
}

// holdDisks requires a root disk, and that all disks at a path are encrypted, but not with a key of the stack, which
// would have to admit the autoscaling service. EC2's launch templates have a string, and Karpenter's classes a boolean.
func (c *check) holdDisks(r state.Resource, path string) {
	disks := elements(r, path)

	// The root disk has this name in all supported images.
	root := slices.ContainsFunc(disks, func(at string) bool { return text(r, at+".deviceName") == "/dev/xvda" })
	c.hold(r, path, root, "the image decides about the root disk; expected /dev/xvda")

	for _, at := range disks {
		c.require(r, requirements{
			{at + ".ebs.encrypted", is("true", true), "the disk is not encrypted"},
			{at + ".ebs.volumeType", is("gp3"), "expected gp3"},
			{at + ".ebs.kmsKeyId", is(nil, ""), "the autoscaling service has no access to the key; expected none"},
		})
	}
}

// spreadNodes is W4.
func spreadNodes(c *check) {
	for _, cluster := range c.all(typeCluster) {
		var subnets []state.Resource

		for _, group := range where(c.all(typeNodeGroup), "clusterName", text(cluster, "name")) {
			if input(group, "scalingConfig.desiredSize") != 0.0 {
				subnets = append(subnets, c.subnets(group, "subnetIds")...)
			}

			c.hold(group, "instanceTypes", text(group, "capacityType") != "SPOT" || len(list(group, "instanceTypes")) > 1,
				"spot capacity of one instance type runs out; expected several types")
		}

		zones := countZones(subnets)
		c.hold(cluster, "id", zones > 1 || c.hasForeignVPC(),
			fmt.Sprintf("the nodes are in %d zones; expected at least 2", zones))
	}
}

// subnets returns the stack's subnets whose ids a resource lists at path.
func (c *check) subnets(r state.Resource, path string) []state.Resource {
	return filter(c.all(typeSubnet), func(subnet state.Resource) bool {
		return slices.Contains(list(r, path), any(string(subnet.ID)))
	})
}

// nodeRoles is W5.
func nodeRoles(c *check) {
	checked := make(map[string]bool)

	for _, group := range c.all(typeNodeGroup) {
		role, ok := byARN(c.all(typeRole), text(group, "nodeRoleArn"))
		if !ok {
			c.hold(group, "nodeRoleArn", false, "expected a role of the stack")
		}

		if ok && !checked[string(role.URN)] {
			checked[string(role.URN)] = true
			c.nodeRole(role)
		}
	}
}

// nodeRole requires the policies that nodes need, and no others.
func (c *check) nodeRole(role state.Resource) {
	const join = "AmazonEKSWorkerNodePolicy"

	pull := []string{"AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPullOnly"}
	allowed := append([]string{join, "AmazonSSMManagedInstanceCore"}, pull...)
	attached := c.managedPolicies(role)

	c.hold(role, "managedPolicyArns", slices.Contains(attached, join), "nodes cannot join without "+join)
	c.hold(role, "managedPolicyArns", slices.ContainsFunc(attached, func(name string) bool {
		return slices.Contains(pull, name)
	}), "nodes cannot pull images without "+pull[0])

	for _, name := range attached {
		c.hold(role, "managedPolicyArns", slices.Contains(allowed, name), "nodes do not need "+name)
	}

	c.hold(role, "inlinePolicies", len(c.rolePolicies(role))+len(list(role, "inlinePolicies")) == 0,
		"nodes need no policy other than AWS's own")
}

// rolePolicies returns the inline policies of a role that are resources.
func (c *check) rolePolicies(role state.Resource) []state.Resource {
	return filter(c.all(typeRolePolicy), func(policy state.Resource) bool { return belongs(policy, role) })
}

// belongs reports whether a policy or attachment refers to a role, by a dependency or by its name.
func belongs(r, role state.Resource) bool {
	name := text(r, "role")

	return slices.Contains(r.Dependencies, role.URN) ||
		name != "" && (name == string(role.ID) || name == text(role, "name"))
}

// policyARNs returns the ARNs of the managed policies of a role.
func (c *check) policyARNs(role state.Resource) []string {
	arns := texts(input(role, "managedPolicyArns"))

	for _, attachment := range c.all(typeAttachment) {
		if belongs(attachment, role) {
			arns = append(arns, text(attachment, "policyArn"))
		}
	}

	return arns
}

// managedPolicies returns the names of AWS's policies that a role has, and the ARNs of its other managed policies.
func (c *check) managedPolicies(role state.Resource) []string {
	policies := c.policyARNs(role)

	for i, arn := range policies {
		if _, name, ok := strings.Cut(arn, ":iam::aws:policy/"); ok {
			policies[i] = name
		}
	}

	return policies
}

// nodeImages is W6.
func nodeImages(c *check) {
	for _, group := range c.all(typeNodeGroup) {
		image := text(group, "amiType")
		c.hold(group, "amiType", strings.HasPrefix(image, "AL2023_") || strings.HasPrefix(image, "BOTTLEROCKET_"),
			"AWS no longer builds this image; expected AL2023 or Bottlerocket")
	}
}
