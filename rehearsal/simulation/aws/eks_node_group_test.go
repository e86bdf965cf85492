package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newCluster is a site with a cluster c that nodes can join.
func newCluster(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.cluster(nil)
	s.joinable()

	return s
}

func TestNodeGroup(t *testing.T) {
	t.Parallel()

	s := newCluster(t)
	made := s.aws.Create(nodeGroupType, "nodes", s.nodes(nil))
	assert.Equal(t, "c:n", made.ID)
	outputs(t, made, map[string]string{
		"arn": "arn:aws:eks:us-east-1:123456789012:nodegroup/c/n/.{36}", "status": "ACTIVE", "version": `1\.34`,
		"releaseVersion": `1\.34\.\d+-\d{8}`, "amiType": "AL2023_x86_64_STANDARD", "capacityType": "ON_DEMAND",
	})

	plain := made.Outputs.Mappable()
	assert.Equal(t, []any{"t3.medium"}, plain["instanceTypes"])

	groups := s.found(t, nodeGroupType, made.ID).Texts("resources.autoscalingGroups.name")
	require.Len(t, groups, 1)
	assert.Regexp(t, `^eks-n-[0-9a-f-]{36}$`, groups[0])

	prefixed := s.aws.Create(nodeGroupType, "more", s.nodes(in{"nodeGroupName": nil, "nodeGroupNamePrefix": "p-"}))
	assert.Regexp(t, `^c:p-[0-9a-f]{26}$`, prefixed.ID)
	assert.Equal(t, "c:"+prefixed.Text("nodeGroupName"), prefixed.ID)

	named := s.aws.Create(nodeGroupType, "named", s.nodes(in{"nodeGroupName": nil}))
	assert.Regexp(t, `^c:named-[0-9a-f]{7}$`, named.ID)
	conflicts(t, s.aws, nodeGroupType, map[string]in{
		"ResourceInUseException: NodeGroup already exists with name n and cluster name c": s.nodes(nil),
	})
}

func TestNodeGroupRefusals(t *testing.T) {
	t.Parallel()

	s := newCluster(t)
	pull := s.role("pull", "ec2.amazonaws.com", "sts:AssumeRole",
		"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
	noPull := s.role("none", "ec2.amazonaws.com", "sts:AssumeRole", "AmazonEKSWorkerNodePolicy")
	noNode := s.role("idle", "ec2.amazonaws.com", "sts:AssumeRole", "AmazonEC2ContainerRegistryReadOnly")

	group := func(change in) in { return s.nodes(changed(in{"nodeGroupName": "x"}, change)) }
	refuses(t, s.aws, nodeGroupType, map[string]in{
		"ResourceNotFoundException: No cluster found for name: none.": group(in{"clusterName": "none"}),
		"InvalidParameterException: The role with ARN " + noRole:      group(in{"nodeRoleArn": noRole}),
		"InvalidParameterException: Following required service principals [ec2.amazonaws.com] were not found in the trust " +
			"relationships of nodeRole " + s.clusterRole.Text("arn"): group(in{"nodeRoleArn": s.clusterRole.Text("arn")}),
		"InvalidParameterException: The provided role doesn't have the Amazon EKS Managed Policies": group(in{
			"nodeRoleArn": noPull.Text("arn"),
		}),
		"InvalidParameterException: The provided role doesn't have": group(in{"nodeRoleArn": noNode.Text("arn")}),
		"InvalidSubnetID.NotFound":                                  group(in{"subnetIds": []any{"subnet-" + absent}}),
		"InvalidParameterException: Nodegroup version 1.35 is not supported: the Kubernetes version of the cluster": group(
			in{"version": "1.35"}),
		"InvalidParameterException: Nodegroup version 1.3 is not supported": group(in{"version": "1.3"}),
	})
	accepts(t, s.aws, nodeGroupType, map[string]in{
		"a minor behind": s.nodes(in{"nodeGroupName": "v", "version": "1.33"}),
		"pull only":      s.nodes(in{"nodeGroupName": "a", "nodeRoleArn": pull.Text("arn")}),
		"one size":       s.nodes(in{"nodeGroupName": "b", "scalingConfig": scale(3, 3, 3)}),
		"none as yet":    s.nodes(in{"nodeGroupName": "d", "scalingConfig": scale(0, 0, 1)}),
		"spot, choosey":  s.nodes(in{"nodeGroupName": "e", "capacityType": "SPOT", "instanceTypes": []any{"m7i.large"}}),
	})
}

func TestImagesOfAnotherArchitecture(t *testing.T) {
	t.Parallel()

	s := newCluster(t)
	with := func(image string, types ...any) in {
		return s.nodes(in{"nodeGroupName": "x" + image, "amiType": image, "instanceTypes": types})
	}
	invalid := func(instance, image string) string {
		return "InvalidParameterException: [" + instance + "] is not a valid instance type for requested amiType " + image
	}
	refuses(t, s.aws, nodeGroupType, map[string]in{
		invalid("m7i.large", "AL2023_ARM_64_STANDARD"): with("AL2023_ARM_64_STANDARD", "m7i.large"),
		invalid("t4g.small", "AL2023_x86_64_STANDARD"): s.nodes(in{"instanceTypes": []any{"t4g.small"}}),
		"amiType: got AL2_x86_64, expected":            with("AL2_x86_64", "m7i.large"),
		invalid("a1.large", "BOTTLEROCKET_x86_64"):     with("BOTTLEROCKET_x86_64", "a1.large"),
	})
	accepts(t, s.aws, nodeGroupType, map[string]in{
		"Graviton": with("AL2023_ARM_64_STANDARD", "m7g.large", "c7gn.xlarge", "im4gn.large", "x2gd.large"),
		"graphics": with("AL2023_x86_64_NVIDIA", "g5.xlarge", "g4dn.xlarge"),
		"Intel":    with("BOTTLEROCKET_x86_64", "m7i-flex.large", "c6in.large"),
	})
}

func TestMissingLaunchTemplates(t *testing.T) {
	t.Parallel()

	s := newCluster(t)
	template := s.aws.Create(templateType, "nodes", in{"name": "nodes"})
	from := func(id string) in { return s.nodes(in{"launchTemplate": in{"id": id, "version": "1"}}) }
	refuses(t, s.aws, nodeGroupType, map[string]in{
		"InvalidParameterException: Launch template lt-none does not exist": from("lt-none"),
	})
	made := s.aws.Create(nodeGroupType, "n", from(template.ID))
	assert.Equal(t, "nodes", inside(made, "launchTemplate")["name"], "EKS returns both")
	assert.Zero(t, made.Outputs["diskSize"].NumberValue(), "the template has the disks")
	require.NoError(t, s.aws.Delete(template), "launched instances do not protect it")
}

func TestReplacementsOfNodeGroups(t *testing.T) {
	t.Parallel()

	s := newCluster(t)
	template := s.aws.Create(templateType, "nodes", in{})
	of := func(version string) in { return in{"launchTemplate": in{"id": template.ID, "version": version}} }
	made := s.aws.Create(nodeGroupType, "nodes", s.nodes(of("1")))

	for want, change := range map[string]in{
		"amiType":        {"amiType": "AL2023_ARM_64_STANDARD"},
		"capacityType":   {"capacityType": "SPOT"},
		"clusterName":    {"clusterName": "d"},
		"instanceTypes":  {"instanceTypes": []any{"m7i.large"}},
		"launchTemplate": {"launchTemplate": in{"id": "lt-other", "version": "1"}},
		"nodeGroupName":  {"nodeGroupName": "other"},
		"nodeRoleArn":    {"nodeRoleArn": "arn:other"},
		"subnetIds":      {"subnetIds": []any{s.subnet.ID}},
	} {
		assert.Equal(t, []string{want}, s.aws.Diff(made, s.nodes(changed(of("1"), change))).GetReplaces())
	}

	for name, change := range map[string]in{
		"version of the template": of("2"),
		"scaling":                 {"scalingConfig": scale(1, 1, 1)},
		"labels":                  {"labels": in{"a": "b"}},
		"order of the subnets":    {"subnetIds": []any{s.second.ID, s.subnet.ID}},
		"version":                 {"version": "1.35"},
	} {
		assert.Empty(t, s.aws.Diff(made, s.nodes(changed(of("1"), change))).GetReplaces(), name)
	}
}
