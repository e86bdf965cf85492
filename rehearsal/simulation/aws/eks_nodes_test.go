package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNodeGroupsStartInstances(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	own := inside(s.cluster(nil), "vpcConfig")["clusterSecurityGroupId"]
	s.joinable()
	made := s.aws.Create(nodeGroupType, "nodes", s.nodes(in{"scalingConfig": scale(1, 3, 5)}))

	instances := s.Of(instanceType)
	require.Len(t, instances, 3)

	places, addresses := map[string]int{}, map[string]bool{}

	for _, node := range instances {
		assert.Regexp(t, `^i-[0-9a-f]{17}$`, node.ID)
		assert.Regexp(t, `^ami-[0-9a-f]{17}$`, node.Text("ami"))
		assert.Equal(t, "t3.medium", node.Text("instanceType"))
		assert.Equal(t, []any{own}, node.Outputs["vpcSecurityGroupIds"])
		assert.Equal(t, in{
			"eks:nodegroup-name": "n", "eks:cluster-name": "c", "kubernetes.io/cluster/c": "owned",
		}, node.Outputs["tags"])
		assert.Empty(t, node.URN)

		places[node.Text("availabilityZone")]++
		addresses[node.Text("privateIp")] = true
	}

	assert.Equal(t, map[string]int{"us-east-1a": 1, "us-east-1b": 2}, places, "the subnets take turns")
	assert.Len(t, addresses, 3, "each has its own")
	assert.NotContains(t, addresses, s.nat.Text("privateIp"))

	require.NoError(t, s.aws.Delete(made))
	assert.Empty(t, s.Of(instanceType))
}

func TestInstancesProtectTheirNetwork(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	own := inside(s.cluster(nil), "vpcConfig")["clusterSecurityGroupId"]
	s.joinable()

	third := s.privateSubnet("third", "10.0.3.0/24", "us-east-1c")
	template := s.aws.Create(templateType, "nodes", in{"vpcSecurityGroupIds": []any{own, s.group.ID}})
	group := func(size in) in {
		return s.nodes(in{
			"launchTemplate": in{"id": template.ID, "version": "1"}, "subnetIds": []any{third.ID}, "scalingConfig": size,
		})
	}
	made := s.aws.Create(nodeGroupType, "nodes", group(scale(0, 1, 1)))
	require.ErrorContains(t, s.aws.Delete(third), "DependencyViolation")
	require.ErrorContains(t, s.aws.Delete(s.group), "DependencyViolation")
	s.aws.Update(made, group(scale(0, 0, 1)))
	assert.Empty(t, s.Of(instanceType))
	require.NoError(t, s.aws.Delete(s.group), "without nodes there are no interfaces")
	require.NoError(t, s.aws.Delete(third))
}

func TestInstancesFollowTheScaling(t *testing.T) {
	t.Parallel()

	s := newCluster(t)
	made := s.aws.Create(nodeGroupType, "nodes", s.nodes(in{"scalingConfig": scale(1, 2, 5)}))
	s.aws.Create(nodeGroupType, "others", s.nodes(in{"nodeGroupName": "o", "scalingConfig": scale(1, 1, 1)}))

	first := s.Of(instanceType)
	s.aws.Update(made, s.nodes(in{"scalingConfig": scale(1, 4, 5)}))
	assert.Len(t, s.Of(instanceType), 5)
	assert.Subset(t, s.Of(instanceType), first, "running nodes are kept")
	s.aws.Update(made, s.nodes(in{"scalingConfig": scale(1, 1, 5)}))
	assert.Len(t, s.Of(instanceType), 2)
}

func TestInstancesFollowTheTemplateAndTheVersion(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	cluster := s.cluster(nil)
	s.joinable()

	template := s.aws.Create(templateType, "nodes", in{})
	of := func(version string, change in) in {
		return s.nodes(changed(in{
			"launchTemplate": in{"id": template.ID, "version": version}, "scalingConfig": scale(1, 1, 1),
		}, change))
	}
	made := s.aws.Create(nodeGroupType, "nodes", of("1", nil))
	first := s.Of(instanceType)[0]

	s.aws.Update(template, in{"description": "again"})
	assert.Equal(t, first, s.Of(instanceType)[0], "the group is not updated")
	s.aws.Update(made, of("2", nil))
	require.Len(t, s.Of(instanceType), 1)

	second := s.Of(instanceType)[0]
	assert.NotEqual(t, first.ID, second.ID)

	s.aws.Update(cluster, s.clusterInputs(in{"version": "1.35"}))
	stale := s.aws.Update(made, of("2", in{"labels": in{"a": "b"}}))
	assert.Equal(t, "1.34", stale.Text("version"), "the cluster's version is not the nodes'")
	assert.Equal(t, second, s.Of(instanceType)[0])

	updated := s.aws.Update(made, of("2", in{"version": "1.35"}))
	assert.Regexp(t, `^1\.35\.`, updated.Text("releaseVersion"))
	assert.NotEqual(t, second.ID, s.Of(instanceType)[0].ID)
}

func TestNodeRolesGetAnAccessEntry(t *testing.T) {
	t.Parallel()

	s := newCluster(t)
	made := s.aws.Create(nodeGroupType, "nodes", s.nodes(nil))
	id := "c:" + s.nodeRole.Text("arn")
	assert.Equal(t, "EC2_LINUX", s.found(t, entryType, id).Text("type"))
	s.aws.Create(nodeGroupType, "more", s.nodes(in{"nodeGroupName": "more"}))
	conflicts(t, s.aws, entryType, map[string]in{
		"ResourceInUseException: The specified access entry": {
			"clusterName": "c", "principalArn": s.nodeRole.Text("arn"), "type": "EC2_LINUX",
		},
	})
	require.NoError(t, s.aws.Delete(made))
	s.found(t, entryType, id)
}

func TestNodeRolesWithAnAccessEntry(t *testing.T) {
	t.Parallel()

	s := newCluster(t)
	entry := s.aws.Create(entryType, "nodes", in{
		"clusterName": "c", "principalArn": s.nodeRole.Text("arn"), "type": "EC2_LINUX", "tags": in{"a": "b"},
	})
	s.aws.Create(nodeGroupType, "nodes", s.nodes(nil))
	require.Len(t, s.Of(entryType), 1)
	assert.Equal(t, entry.URN, s.Of(entryType)[0].URN, "the program's own")
}
