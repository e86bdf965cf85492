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

func TestW1(t *testing.T) {
	t.Parallel()
	holds(t, "W1")
	breaks(t, "W1", groupA, set(nodeGroup, groupA, "subnetIds", []any{"Subnet-network-public-a"}))
	breaks(t, "W1", groupA, set(nodeGroup, groupA, "remoteAccess", object{"ec2SshKey": "key"}))
	breaks(t, "W1", groupA, set(nodeGroup, groupA, "launchTemplate", nil))
	breaks(t, "W1", general, set(template, general, "keyName", "key"))
	breaks(t, "W1", general, set(template, general, "networkInterfaces",
		[]any{object{"associatePublicIpAddress": "true"}}))
	breaks(t, "W1", general, set(template, general, "networkInterfaces",
		[]any{object{"associatePublicIpAddress": true}}))
	breaks(t, "W1", groupA, set(nodeGroup, groupA, "subnetIds", []any{"subnet-other"}))
	breaks(t, "W1", groupA, set(nodeGroup, groupA, "subnetIds", []any{"Subnet-network-data-a"}))
	breaks(t, "W1", groupA, add(route, "out", object{
		"routeTableId": "RouteTable-network-private-a", "destinationCidrBlock": "203.0.113.0/24", "gatewayId": "igw-other",
	}))
	breaks(t, "W1", groupA, set(routeTable, "network-private-a", "routes",
		[]any{object{"cidrBlock": "203.0.113.0/24", "gatewayId": "InternetGateway-network-internet"}}))
	breaks(t, "W1", groupA, set(tableOfSubnet, "network-private-a", "routeTableId", "rtb-other"))
}

func TestW2(t *testing.T) {
	t.Parallel()

	options := func(value object) func(*controls.Environment) {
		return set(template, general, "metadataOptions", value)
	}

	holds(t, "W2")
	breaks(t, "W2", groupA, remove(template, general))
	breaks(t, "W2", general, options(nil))
	breaks(t, "W2", general, options(object{"httpTokens": "optional", "httpPutResponseHopLimit": 1.0}))
	breaks(t, "W2", general, options(object{"httpTokens": "required", "httpPutResponseHopLimit": 2.0}))
	breaks(t, "W2", general, options(object{"httpTokens": "required"}))
}

func TestW3(t *testing.T) {
	t.Parallel()

	disks := func(ebs ...object) func(*controls.Environment) {
		mappings := []any{}
		for _, one := range ebs {
			mappings = append(mappings, object{"deviceName": "/dev/xvda", "ebs": one})
		}

		return set(template, general, "blockDeviceMappings", mappings)
	}
	right := object{"encrypted": "true", "volumeType": "gp3"}

	holds(t, "W3")
	breaks(t, "W3", groupA, set(nodeGroup, groupA, "launchTemplate", object{"id": "lt-other"}))
	breaks(t, "W3", general, disks())
	breaks(t, "W3", general, set(template, general, "blockDeviceMappings",
		[]any{object{"deviceName": "/dev/sdb", "ebs": right}}))
	breaks(t, "W3", general, disks(object{"volumeType": "gp3"}))
	breaks(t, "W3", general, disks(right, object{"encrypted": "false", "volumeType": "gp3"}))
	breaks(t, "W3", general, disks(object{"encrypted": "true", "volumeType": "gp2"}))
	breaks(t, "W3", general, disks(object{"encrypted": "true", "volumeType": "gp3", "kmsKeyId": "key"}))
}

func TestW4(t *testing.T) {
	t.Parallel()

	spot := func(types ...any) func(*controls.Environment) {
		return func(environment *controls.Environment) {
			set(nodeGroup, groupA, "capacityType", "SPOT")(environment)
			set(nodeGroup, groupA, "instanceTypes", types)(environment)
		}
	}

	holds(t, "W4")
	breaks(t, "W4", groupA, spot("t4g.medium"))
	breaks(t, "W4", clusterName, remove(nodeGroup, ""))
	breaks(t, "W4", clusterName, func(environment *controls.Environment) {
		set(nodeGroup, "cluster-nodes-general-b", "scalingConfig", object{"desiredSize": 0.0})(environment)
		set(nodeGroup, "cluster-nodes-general-c", "scalingConfig", object{"desiredSize": 0.0})(environment)
	})
	breaks(t, "W4", clusterName, func(environment *controls.Environment) {
		remove(nodeGroup, "cluster-nodes-general-b")(environment)
		remove(nodeGroup, "cluster-nodes-general-c")(environment)
	})
	breaks(t, "W4", clusterName, func(environment *controls.Environment) {
		for _, zone := range []string{"a", "b", "c"} {
			set(nodeGroup, "cluster-nodes-general-"+zone, "subnetIds", []any{"Subnet-network-private-a"})(environment)
		}
	})
}

func TestW5(t *testing.T) {
	t.Parallel()

	const node = "cluster-node"

	attach := func(policy string) func(*controls.Environment) {
		return func(environment *controls.Environment) {
			for _, r := range environment.State.Resources {
				if r.URN.Name() == "cluster-node-AmazonSSMManagedInstanceCore" {
					r.Inputs["policyArn"] = policy
				}
			}
		}
	}

	holds(t, "W5")
	breaks(t, "W5", node, remove(attachment, "cluster-node-AmazonEKSWorkerNodePolicy"))
	breaks(t, "W5", node, remove(attachment, "cluster-node-AmazonEC2ContainerRegistryReadOnly"))
	breaks(t, "W5", node, attach("arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"))
	breaks(t, "W5", node, attach("arn:aws:iam::123456789012:policy/ours"))
	breaks(t, "W5", node, attach("arn:aws:iam::123456789012:policy/AmazonSSMManagedInstanceCore"))
	breaks(t, "W5", node, add("aws:iam/rolePolicy:RolePolicy", "more", object{"role": "Role-cluster-node"}))
	breaks(t, "W5", node, add(attachment, "more", object{
		"role": "staging-cluster-node", "policyArn": "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
	}))
	breaks(t, "W5", node, set(role, node, "managedPolicyArns", []any{"arn:aws:iam::aws:policy/AdministratorAccess"}))
	breaks(t, "W5", node, set(role, node, "inlinePolicies", []any{object{"policy": "{}"}}))
	breaks(t, "W5", groupA, set(nodeGroup, groupA, "nodeRoleArn", "arn:aws:iam::123456789012:role/admin"))
}

func TestW6(t *testing.T) {
	t.Parallel()
	holds(t, "W6")
	breaks(t, "W6", groupA, set(nodeGroup, groupA, "amiType", "AL2_ARM_64"))
	breaks(t, "W6", groupA, set(nodeGroup, groupA, "amiType", nil))
}
