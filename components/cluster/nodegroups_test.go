package cluster_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/nodes"
)

const (
	groupA   = "cluster-nodes-general-a"
	groupB   = "cluster-nodes-general-b"
	template = "cluster-nodes-general"
)

// With a fixed name, a new group could not exist beside the group that it replaces.
func TestEachZoneHasANodeGroupOfEachKind(t *testing.T) {
	t.Parallel()

	g := run(t)

	assert.Equal(t, []string{groupA, groupB}, names(g, nodeGroupType))
	g.One(t, nodeGroupType, groupB).
		Under("cluster").
		Has("clusterName", "sandbox").
		Has("nodeGroupNamePrefix", "sandbox-general-b-").
		HasNo("nodeGroupName").
		Has("version", "1.35").
		Has("amiType", "AL2023_ARM_64_STANDARD").
		Has("capacityType", "SPOT").
		Has("instanceTypes", []any{"t4g.medium", "t4g.large"}).
		Has("scalingConfig", map[string]any{"minSize": 1.0, "desiredSize": 1.0, "maxSize": 2.0}).
		Has("updateConfig", map[string]any{"maxUnavailable": 1.0}).
		Refers("subnetIds[0]", subnetType, "private-b").
		Refers("nodeRoleArn", roleType, "cluster-node").
		Refers("launchTemplate.id", templateType, template).
		Has("launchTemplate.version", "1").
		HasNo("subnetIds[1]")

	// EKS tags instances and volumes only by the launch template.
	for _, property := range []string{
		"diskSize", "remoteAccess", "releaseVersion", "labels", "taints", "forceUpdateVersion", "launchTemplate.name",
	} {
		g.One(t, nodeGroupType, groupA).HasNo(property)
	}
}

func TestAllGroupsHaveTheReleaseOfTheirImages(t *testing.T) {
	t.Parallel()

	const release = "1.35.0-20261120"

	g := run(t, func(args *cluster.Args) { args.NodeRelease = release })
	for _, group := range []string{groupA, groupB} {
		g.One(t, nodeGroupType, group).Has("releaseVersion", release)
	}
}

func TestSeveralKindsOfNodesCoexist(t *testing.T) {
	t.Parallel()

	g := run(t, func(args *cluster.Args) {
		args.Nodes["batch"] = plan.NodeKind{
			InstanceTypes: []string{"m7i.large"}, Architecture: nodes.AMD64, Min: 2, Max: 3, DiskGiB: 50,
			Labels: map[string]string{"tier": "batch"},
			Taints: []nodes.Taint{
				{Key: "a", Value: "1", Effect: nodes.NoSchedule},
				{Key: "b", Effect: nodes.PreferNoSchedule},
				{Key: "c", Effect: nodes.NoExecute},
			},
		}
	})

	assert.Equal(t, []string{"cluster-nodes-batch-a", "cluster-nodes-batch-b", groupA, groupB}, names(g, nodeGroupType))
	assert.Equal(t, []string{"cluster-nodes-batch", template}, names(g, templateType))

	g.One(t, nodeGroupType, "cluster-nodes-batch-a").
		Has("amiType", "AL2023_x86_64_STANDARD").
		Has("capacityType", "ON_DEMAND").
		Has("scalingConfig", map[string]any{"minSize": 2.0, "desiredSize": 2.0, "maxSize": 3.0}).
		Has("labels", map[string]any{"tier": "batch"}).
		Has("taints", []any{
			map[string]any{"key": "a", "value": "1", "effect": "NO_SCHEDULE"},
			map[string]any{"key": "b", "value": "", "effect": "PREFER_NO_SCHEDULE"},
			map[string]any{"key": "c", "value": "", "effect": "NO_EXECUTE"},
		}).
		Refers("launchTemplate.id", templateType, "cluster-nodes-batch")
	g.One(t, templateType, "cluster-nodes-batch").Has("blockDeviceMappings[0].ebs.volumeSize", 50)
}

func TestTheLaunchTemplateOfNodes(t *testing.T) {
	t.Parallel()

	tags := map[string]any{"Name": "sandbox-cluster-nodes-general"}

	run(t).One(t, templateType, template).
		Under("cluster").
		Has("vpcSecurityGroupIds", []any{"SecurityGroup-eks-sandbox", "sg-nodes"}).
		Has("metadataOptions", map[string]any{
			"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1.0,
		}).
		Has("blockDeviceMappings", []any{map[string]any{
			"deviceName": "/dev/xvda",
			"ebs": map[string]any{
				"volumeType": "gp3", "volumeSize": 20.0, "encrypted": "true", "deleteOnTermination": "true",
			},
		}}).
		HasNo("blockDeviceMappings[0].ebs.kmsKeyId"). // encrypted by the account's default key
		Has("namePrefix", "sandbox-cluster-nodes-general-").
		Has("updateDefaultVersion", true).
		Has("tagSpecifications", []any{
			map[string]any{"resourceType": "instance", "tags": tags},
			map[string]any{"resourceType": "volume", "tags": tags},
			map[string]any{"resourceType": "network-interface", "tags": tags},
		}).
		HasNo("name").
		HasNo("imageId").
		HasNo("instanceType").
		HasNo("keyName").
		HasNo("networkInterfaces")
}

func TestInstancesAndVolumesOfNodeGroupsHaveTheTagsOfNodes(t *testing.T) {
	t.Parallel()

	g := run(t, func(args *cluster.Args) { args.NodeTags = map[string]string{"CostCentre": "42", "Name": "other"} })
	launched := g.One(t, templateType, template)

	for i := range 3 {
		launched.Has(fmt.Sprintf("tagSpecifications[%d].tags", i), map[string]any{
			"CostCentre": "42", "Name": "sandbox-cluster-nodes-general",
		})
	}

	launched.HasNo("tagSpecifications[3]").Has("tags", map[string]any{"Name": "sandbox-cluster-nodes-general"})
}

func TestNodesHaveThePoliciesOfNodes(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, roleType, "cluster-node").
		Under("cluster").
		Has("name", "sandbox-cluster-node").
		JSON("assumeRolePolicy", `{"Version": "2012-10-17", "Statement": [{"Sid": "TheService", "Effect": "Allow",
			"Principal": {"Service": "ec2.amazonaws.com"}, "Action": ["sts:AssumeRole"]}]}`)

	assert.ElementsMatch(t, []string{
		"arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
		"arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly",
		"arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
	}, policiesOf(g, "sandbox-cluster-node"))
	g.One(t, roleType, "cluster-node").HasNo("inlinePolicies")

	// The component creates the access entry of the nodes' role.
	g.One(t, componentType, "cluster").Refers("instanceRole", roleType, "cluster-node")
}

// If a run continues an interrupted one, resources that are missing must not be created in parallel with the nodes, or
// the nodes could not join.
func TestNodesWaitForWhatTheyNeedToJoin(t *testing.T) {
	t.Parallel()

	g := run(t)

	for _, group := range []string{groupA, groupB} {
		g.One(t, nodeGroupType, group).DependsOn(
			"cluster-vpc-cni", "cluster-kube-proxy", "cluster-eks-pod-identity-agent",
			associationType+"::cluster-cni", attachmentType+"::cluster-cni-AmazonEKS_CNI_Policy",
			"cluster-node-AmazonEKSWorkerNodePolicy", "cluster-node-AmazonEC2ContainerRegistryReadOnly",
			"cluster-node-AmazonSSMManagedInstanceCore", subnetType+"::private-"+group[len(group)-1:],
			componentType+"::cluster", "cluster-eksCluster", templateType+"::"+template,
		).WaitsForNo(nodeGroupType)
	}
}
