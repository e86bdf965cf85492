package aws

import (
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeNodeGroup = "aws:eks/nodeGroup:NodeGroup"

func nodeGroupRules() map[string]rules {
	return map[string]rules{typeNodeGroup: {
		outputs: makers{
			"instanceTypes":               func(c *call) any { return instanceTypes(c) },
			"version":                     func(c *call) any { return clusterOf(c).Text("version") },
			"resources":                   scalingGroups,
			"launchTemplate.name":         templateName,
			"diskSize":                    diskSize,
			"updateConfig.maxUnavailable": maxUnavailable,
		},
		checks:  []check{checkNodeRole, checkNodeVersion, checkStatus, checkUpdate},
		local:   []behaviour.Local{{Reads: []string{"amiType", "instanceTypes"}, Check: checkImage}},
		created: fillNodeGroup, updated: settleNodes,
	}}
}

// scalingGroups is the one group that launches the instances.
func scalingGroups(c *call) any {
	return []any{map[string]any{
		"autoscalingGroups":           []any{map[string]any{"name": c.Fill("eks-{nodeGroupName}-{uuid}")}},
		"remoteAccessSecurityGroupId": "",
	}}
}

func templateOf(c *call) account.Resource { return get(c, typeLaunchTemplate, "launchTemplate.id") }

// templateName is returned by EKS beside the id.
func templateName(c *call) any {
	if name := templateOf(c).Text("name"); name != "" {
		return name
	}

	return nil
}

// diskSize is EKS's default, unless a template has the disks.
func diskSize(c *call) any {
	if c.Text("launchTemplate.id") != "" {
		return 0
	}

	return 20
}

// maxUnavailable is EKS's default, unless the program gives a percentage.
func maxUnavailable(c *call) any {
	if c.Number("updateConfig.maxUnavailablePercentage") > 0 {
		return nil
	}

	return 1
}

// instanceTypes are the group's, or EKS's default.
func instanceTypes(c *call) []string {
	if types := c.Texts("instanceTypes"); len(types) > 0 {
		return types
	}

	return []string{"t3.medium"}
}

// checkNodeRole requires permissions to call EKS and to pull images.
func checkNodeRole(c *call) error {
	role := roleOf(c, c.Text("nodeRoleArn"))
	if ec2 := c.Fill("ec2.{domain}"); !trusts(role, ec2, "sts:AssumeRole") {
		return refuse("InvalidParameterException",
			"Following required service principals [%s] were not found in the trust relationships of nodeRole %s",
			ec2, c.Text("nodeRoleArn"))
	}

	if !hasPolicy(c, role, "AmazonEKSWorkerNodePolicy") ||
		!hasPolicy(c, role, "AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPullOnly") {
		return refuse("InvalidParameterException",
			"The provided role doesn't have the Amazon EKS Managed Policies associated with it. Please ensure the following "+
				"policies [%[1]sAmazonEKSWorkerNodePolicy, %[1]sAmazonEC2ContainerRegistryReadOnly] are attached",
			c.Fill(awsManagedPolicyARNs))
	}

	return nil
}

// olderNodes is how many minors nodes can be behind the control plane.
// Source: https://kubernetes.io/releases/version-skew-policy/
const olderNodes = 3

// checkNodeVersion requires a minor that the control plane has reached: nodes follow it.
func checkNodeVersion(c *call) error {
	version, reached := c.Text("version"), clusterOf(c).Text("version")
	if version == "" {
		return nil
	}

	if minor(version) > minor(reached) || minor(version)+olderNodes < minor(reached) {
		return refuse("InvalidParameterException",
			"Nodegroup version %s is not supported: the Kubernetes version of the cluster is %s", version, reached)
	}

	return nil
}

// armFamily is how AWS names Graviton: a g behind the generation, as in m7g and c7gn but not in g5; and the first of
// them, a1.
var armFamily = regexp.MustCompile(`^(a1|[a-z]+[0-9]+[a-z]*g[a-z]*)[.-]`)

// checkImage requires an image that runs on each of the instance types.
func checkImage(c *call) error {
	image := c.Text("amiType")
	if image == "" {
		image = "AL2023_x86_64_STANDARD"
	}

	for _, instanceType := range instanceTypes(c) {
		if armFamily.MatchString(instanceType) != strings.Contains(image, "ARM_64") {
			return refuse("InvalidParameterException", "[%s] is not a valid instance type for requested amiType %s",
				instanceType, image)
		}
	}

	return nil
}

// fillNodeGroup creates the access entry of the nodes' role, if there is none, and starts the nodes. The entry remains
// until the cluster is deleted: other groups may have the same role.
func fillNodeGroup(c *call) error {
	cluster, role := clusterOf(c), c.Text("nodeRoleArn")

	id := cluster.ID + ":" + role
	if _, exists := c.Get(typeAccessEntry, id); !exists {
		c.Give(cluster, typeAccessEntry, id, map[string]any{
			"clusterName": cluster.ID, "principalArn": role, "type": nodeEntry,
		})
	}

	if err := settleNodes(c); err != nil {
		return err
	}

	return awaitNodes(c)
}

// settleNodes starts and stops instances until as many as desired run, all of them as a new one would be.
func settleNodes(c *call) error {
	var running []account.Resource

	for _, instance := range c.Siblings(typeInstance) {
		switch {
		case !instance.PartOf(c.Resource):
		case outdated(instance, c):
			c.Tx.Delete(instance.Key)
		default:
			running = append(running, instance)
		}
	}

	desired := c.Number("scalingConfig.desiredSize")
	for len(running) > desired {
		c.Tx.Delete(running[len(running)-1].Key)
		running = running[:len(running)-1]
	}

	for number := len(running); number < desired; number++ {
		c.Own(typeInstance, c.Fill("i-{hex 17}"), describeNode(c, number))
	}

	return nil
}

// outdated reports whether an instance was launched from another image or template than a new one would be.
func outdated(instance account.Resource, c *call) bool {
	return instance.Text("ami") != amiOf(c) ||
		!slices.Equal(templateVersion(instance), templateVersion(c.Resource))
}

func templateVersion(resource account.Resource) []string {
	return append(resource.Texts("launchTemplate.id"), resource.Texts("launchTemplate.version")...)
}

// describeNode is the group's instance of that number: the subnets take turns.
func describeNode(c *call, number int) map[string]any {
	subnets := c.Texts("subnetIds")
	node := map[string]any{
		"ami":                 amiOf(c),
		"instanceType":        instanceTypes(c)[0],
		"subnetId":            subnets[number%len(subnets)],
		"vpcSecurityGroupIds": carriedGroups(c),
		"tags": map[string]any{
			"eks:cluster-name":   c.Text("clusterName"),
			"eks:nodegroup-name": c.Text("nodeGroupName"),
			"kubernetes.io/cluster/" + c.Text("clusterName"): "owned",
		},
	}

	if template, given := c.Resource.Outputs["launchTemplate"]; given {
		node["launchTemplate"] = template
	}

	return node
}

// amiOf is the same for the same kind and release of image.
func amiOf(c *call) string {
	return "ami-" + digest(c.Text("amiType")+c.Text("releaseVersion"), 17)
}

// carriedGroups are the launch template's security groups if it has any; otherwise EKS gives each instance the
// cluster's.
func carriedGroups(c *call) []string {
	if groups := templateOf(c).Texts("vpcSecurityGroupIds"); len(groups) > 0 {
		return groups
	}

	return clusterOf(c).Texts("vpcConfig.clusterSecurityGroupId")
}
