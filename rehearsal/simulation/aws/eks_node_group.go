package aws

import (
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeNodeGroup = "aws:eks/nodeGroup:NodeGroup"

func eksNodeKinds() []behaviour.Kind {
	return []behaviour.Kind{nodeGroup()}
}

// inCluster is a property that names the cluster the resource is a part of.
func inCluster(onDelete behaviour.OnDelete) behaviour.Reference {
	return behaviour.Reference{Property: "clusterName", Types: []string{typeCluster}, OnDelete: onDelete}
}

// nodeGroup has instances, which keep its subnets and their security groups.
func nodeGroup() behaviour.Kind {
	return behaviour.Kind{
		Type: typeNodeGroup, Title: "EKS Node Group", Service: "EKS",
		Verbs:    behaviour.Verbs{Create: "CreateNodegroup", Update: "UpdateNodegroupConfig", Delete: "DeleteNodegroup"},
		ID:       func(c *behaviour.Call) (string, error) { return nodeGroupID(c), nil },
		AutoName: &behaviour.AutoName{Property: "nodeGroupName", Rival: "nodeGroupNamePrefix", Limit: 63},
		Computed: []behaviour.Output{
			{Name: "nodeGroupName", Make: func(c *behaviour.Call) any { return afterColon(c.Resource.ID) }},
			{Name: "arn", Make: nodeGroupARN},
			tagsAll(),
			{Name: "amiType", Make: func(c *behaviour.Call) any { return imageOf(c) }},
			behaviour.Constant("capacityType", "ON_DEMAND"),
			{Name: "instanceTypes", Make: func(c *behaviour.Call) any { return instanceTypes(c) }},
			{Name: "version", Make: func(c *behaviour.Call) any { return clusterOf(c).Text("version") }},
			{Name: "releaseVersion", Make: releaseVersion, Volatile: true},
			{Name: "diskSize", Make: diskSize},
			{Name: "resources", Make: scalingGroups},
			behaviour.Constant("updateConfig.maxUnavailable", 1),
			behaviour.Constant("status", "ACTIVE"),
		},
		ForceNew: []string{
			"amiType", "capacityType", "clusterName", "diskSize", "instanceTypes", "launchTemplate.id", "launchTemplate.name",
			"nodeGroupName", "nodeGroupNamePrefix", "nodeRoleArn", "remoteAccess", "subnetIds",
		},
		Sets: []string{"remoteAccess.sourceSecurityGroupIds", "subnetIds", "taints"},
		References: []behaviour.Reference{
			inCluster(behaviour.Block),
			roleReference("nodeRoleArn", missing("InvalidParameterException", "The role with ARN %s cannot be found.")),
			{Property: "subnetIds", Types: []string{typeSubnet}, OnDelete: behaviour.Ignore},
			templateReference("launchTemplate.id", "id"), templateReference("launchTemplate.name", "name"),
		},
		Unique: []behaviour.Unique{{
			Properties: []string{"clusterName", "nodeGroupName"},
			Taken: func(_ *behaviour.Call, other account.Resource) error {
				return refuseWith(409, "ResourceInUseException", "NodeGroup already exists with name %s and cluster name %s",
					other.Text("nodeGroupName"), other.Text("clusterName"))
			},
		}},
		Checks: []func(*behaviour.Call) error{
			checkNodeRole, checkNodeVersion, checkScaling, checkTemplate, checkImage, checkJoining,
		},
		Created: fillNodeGroup, Updated: settleNodes,
		Missing: notFound("No node group found for name: %s."),
	}
}

// releaseVersion is the image's: it follows the group's minor.
func releaseVersion(c *behaviour.Call) any {
	return c.Text("version") + ".0-20261101"
}

func templateReference(property, by string) behaviour.Reference {
	return behaviour.Reference{
		Property: property, Types: []string{typeLaunchTemplate}, By: []string{by}, OnDelete: behaviour.Ignore,
		Missing: missing("InvalidParameterException", "Launch template %s does not exist"),
	}
}

func nodeGroupID(c *behaviour.Call) string {
	name := c.Text("nodeGroupName")
	if name == "" {
		name = c.Text("nodeGroupNamePrefix") + c.Digits(26)
	}

	return c.Text("clusterName") + ":" + name
}

func afterColon(id string) string {
	_, name, _ := strings.Cut(id, ":")

	return name
}

func nodeGroupARN(c *behaviour.Call) any {
	return c.Fill("arn:{partition}:eks:{region}:{account}:nodegroup/{clusterName}/{nodeGroupName}/") +
		behaviour.UUID(c.Digits(32))
}

// scalingGroups is the one that launches the group's instances.
func scalingGroups(c *behaviour.Call) any {
	name := "eks-" + c.Text("nodeGroupName") + "-" + behaviour.UUID(c.Digits(32))

	return []any{map[string]any{
		"autoscalingGroups": []any{map[string]any{"name": name}}, "remoteAccessSecurityGroupId": "",
	}}
}

// diskSize is the template's matter where there is one.
func diskSize(c *behaviour.Call) any {
	if hasTemplate(c) {
		return nil
	}

	return 20
}

// clusterOf is the cluster that a resource is in.
func clusterOf(c *behaviour.Call) account.Resource {
	found, _ := c.Get(typeCluster, c.Text("clusterName"))

	return found
}

// templateOf is the launch template of a node group, if it has one.
func templateOf(c *behaviour.Call) account.Resource {
	if id := c.Text("launchTemplate.id"); id != "" {
		found, _ := c.Get(typeLaunchTemplate, id)

		return found
	}

	found, _ := c.Target(templateReference("launchTemplate.name", "name"), c.Text("launchTemplate.name"))

	return found
}

func hasTemplate(c *behaviour.Call) bool {
	return templateOf(c).ID != ""
}

// instanceTypes are the group's, or its template's, or EKS's default.
func instanceTypes(c *behaviour.Call) []string {
	if types := c.Texts("instanceTypes"); len(types) > 0 {
		return types
	}

	if own := templateOf(c).Text("instanceType"); own != "" {
		return []string{own}
	}

	return []string{"t3.medium"}
}
