package controls_test

import (
	"testing"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	nodeGroup  = "aws:eks/nodeGroup:NodeGroup"
	groupA     = "cluster-nodes-general-a"
	template   = "aws:ec2/launchTemplate:LaunchTemplate"
	general    = "cluster-nodes-general"
	attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
)

func TestW1NodesArePrivateAndAllowNoRemoteLogin(t *testing.T) {
	t.Parallel()
	passes(t, "W1")
	fails(t, "W1", groupA, set(nodeGroup, groupA, "subnetIds", []any{"Subnet-network-public-a"}))
	fails(t, "W1", groupA, set(nodeGroup, groupA, "remoteAccess", object{"ec2SshKey": "key"}))
	fails(t, "W1", groupA, set(nodeGroup, groupA, "launchTemplate", nil))
	fails(t, "W1", general, set(template, general, "keyName", "key"))
	fails(t, "W1", general, set(template, general, "networkInterfaces",
		[]any{object{"associatePublicIpAddress": "true"}}))
	fails(t, "W1", general, set(template, general, "networkInterfaces",
		[]any{object{"associatePublicIpAddress": true}}))
	fails(t, "W1", groupA, set(nodeGroup, groupA, "subnetIds", []any{"subnet-other"}))
	fails(t, "W1", groupA, set(nodeGroup, groupA, "subnetIds", []any{"Subnet-network-data-a"}))
	fails(t, "W1", groupA, add(route, "out", object{
		"routeTableId": "RouteTable-network-private-a", "destinationCidrBlock": "203.0.113.0/24", "gatewayId": "igw-other",
	}))
	fails(t, "W1", groupA, set(routeTable, "network-private-a", "routes",
		[]any{object{"cidrBlock": "203.0.113.0/24", "gatewayId": "InternetGateway-network-internet"}}))
	fails(t, "W1", groupA, set(tableAssociation, "network-private-a", "routeTableId", "rtb-other"))
}

func TestW2OnlyTheNodeItselfReachesItsMetadata(t *testing.T) {
	t.Parallel()

	options := func(value object) mutation {
		return set(template, general, "metadataOptions", value)
	}

	passes(t, "W2")
	fails(t, "W2", groupA, remove(template, general))
	fails(t, "W2", general, options(nil))
	fails(t, "W2", general, options(object{"httpTokens": "optional", "httpPutResponseHopLimit": 1.0}))
	fails(t, "W2", general, options(object{"httpTokens": "required", "httpPutResponseHopLimit": 2.0}))
	fails(t, "W2", general, options(object{"httpTokens": "required"}))
}

func TestW3NodeDisksAreEncrypted(t *testing.T) {
	t.Parallel()

	disks := func(ebs ...object) mutation {
		mappings := []any{}
		for _, disk := range ebs {
			mappings = append(mappings, object{"deviceName": "/dev/xvda", "ebs": disk})
		}

		return set(template, general, "blockDeviceMappings", mappings)
	}
	encrypted := object{"encrypted": "true", "volumeType": "gp3"}

	passes(t, "W3")
	fails(t, "W3", groupA, set(nodeGroup, groupA, "launchTemplate", object{"id": "lt-other"}))
	fails(t, "W3", general, disks())
	fails(t, "W3", general, set(template, general, "blockDeviceMappings",
		[]any{object{"deviceName": "/dev/sdb", "ebs": encrypted}}))
	fails(t, "W3", general, disks(object{"volumeType": "gp3"}))
	fails(t, "W3", general, disks(encrypted, object{"encrypted": "false", "volumeType": "gp3"}))
	fails(t, "W3", general, disks(object{"encrypted": "true", "volumeType": "gp2"}))
	fails(t, "W3", general, disks(object{"encrypted": "true", "volumeType": "gp3", "kmsKeyId": "key"}))
}

func TestW4NodesAreSpreadOverZonesAndSpotNodesOverInstanceTypes(t *testing.T) {
	t.Parallel()

	spot := func(types ...any) mutation {
		return all(set(nodeGroup, groupA, "capacityType", "SPOT"), set(nodeGroup, groupA, "instanceTypes", types))
	}

	passes(t, "W4")
	fails(t, "W4", groupA, spot("t4g.medium"))
	fails(t, "W4", clusterName, remove(nodeGroup, ""))
	fails(t, "W4", clusterName, all(
		set(nodeGroup, "cluster-nodes-general-b", "scalingConfig", object{"desiredSize": 0.0}),
		set(nodeGroup, "cluster-nodes-general-c", "scalingConfig", object{"desiredSize": 0.0})))
	fails(t, "W4", clusterName, all(
		remove(nodeGroup, "cluster-nodes-general-b"), remove(nodeGroup, "cluster-nodes-general-c")))
	fails(t, "W4", clusterName, func(environment *controls.Environment) {
		for _, zone := range []string{"a", "b", "c"} {
			set(nodeGroup, "cluster-nodes-general-"+zone, "subnetIds", []any{"Subnet-network-private-a"})(environment)
		}
	})
}

func TestW5TheNodeRoleHasOnlyThePoliciesThatNodesNeed(t *testing.T) {
	t.Parallel()

	const node = "cluster-node"

	attach := func(policy string) mutation {
		return set(attachment, "cluster-node-AmazonSSMManagedInstanceCore", "policyArn", policy)
	}

	passes(t, "W5")
	fails(t, "W5", node, remove(attachment, "cluster-node-AmazonEKSWorkerNodePolicy"))
	fails(t, "W5", node, remove(attachment, "cluster-node-AmazonEC2ContainerRegistryReadOnly"))
	fails(t, "W5", node, attach("arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"))
	fails(t, "W5", node, attach("arn:aws:iam::123456789012:policy/ours"))
	fails(t, "W5", node, attach("arn:aws:iam::123456789012:policy/AmazonSSMManagedInstanceCore"))
	fails(t, "W5", node, add("aws:iam/rolePolicy:RolePolicy", "more", object{"role": "Role-cluster-node"}))
	fails(t, "W5", node, add(attachment, "more", object{
		"role": "staging-cluster-node", "policyArn": "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
	}))
	fails(t, "W5", node, set(role, node, "managedPolicyArns", []any{"arn:aws:iam::aws:policy/AdministratorAccess"}))
	fails(t, "W5", node, set(role, node, "inlinePolicies", []any{object{"policy": "{}"}}))
	fails(t, "W5", groupA, set(nodeGroup, groupA, "nodeRoleArn", "arn:aws:iam::123456789012:role/admin"))
}

func TestW6NodesRunASupportedImage(t *testing.T) {
	t.Parallel()
	passes(t, "W6")
	fails(t, "W6", groupA, set(nodeGroup, groupA, "amiType", "AL2_ARM_64"))
	fails(t, "W6", groupA, set(nodeGroup, groupA, "amiType", nil))
}
