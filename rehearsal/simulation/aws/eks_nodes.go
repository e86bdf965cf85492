package aws

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// fillNodeGroup lets the nodes into the cluster and starts them.
func fillNodeGroup(c *behaviour.Call) error {
	letInNodes(c)

	return settleNodes(c)
}

// letInNodes makes the access entry of the nodes' role, unless there is one. It stays
// until the cluster goes: other groups may have the same role.
func letInNodes(c *behaviour.Call) {
	cluster, role := clusterOf(c), c.Text("nodeRoleArn")
	id := cluster.ID + ":" + role

	if _, exists := c.Get(typeAccessEntry, id); exists || usesConfigMap(cluster) {
		return
	}

	entry := map[string]any{"clusterName": cluster.ID, "principalArn": role, "type": "EC2_LINUX"}
	c.Give(cluster, accessEntry(), id, entry, entry)
}

// settleNodes starts and stops instances until there are as many as desired, all of
// them as a new one would be.
func settleNodes(c *behaviour.Call) error {
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
		node := describeNode(c, number)
		c.Own(ec2Instance(), "i-"+c.Digits(17), node, node)
	}

	return nil
}

// outdated says that an instance was started from something else than a new one would be.
func outdated(instance account.Resource, c *behaviour.Call) bool {
	return instance.Text("ami") != amiOf(c) ||
		!reflect.DeepEqual(instance.Outputs["launchTemplate"], c.Resource.Outputs["launchTemplate"])
}

// describeNode is the group's instance of that number: the subnets take turns.
func describeNode(c *behaviour.Call, number int) map[string]any {
	subnets := c.Texts("subnetIds")

	groups := []any{}
	for _, id := range carriedGroups(c) {
		groups = append(groups, id)
	}

	node := map[string]any{
		"ami":                 amiOf(c),
		"instanceType":        instanceTypes(c)[0],
		"subnetId":            subnets[number%len(subnets)],
		"vpcSecurityGroupIds": groups,
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
func amiOf(c *behaviour.Call) string {
	sum := sha256.Sum256([]byte(imageOf(c) + c.Text("releaseVersion")))

	return "ami-" + hex.EncodeToString(sum[:])[:17]
}
