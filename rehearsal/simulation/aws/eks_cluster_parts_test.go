package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	deployer    = "arn:aws:iam::123456789012:role/platform-deploy"
	clusterLogs = "/aws/eks/c/cluster"
)

// found returns the account's resource of that type and id.
func (s *site) found(t *testing.T, token, id string) account.Resource {
	t.Helper()

	for _, candidate := range s.Of(token) {
		if candidate.ID == id {
			return candidate
		}
	}

	require.FailNow(t, "not in the account", "%s %s", token, id)

	return account.Resource{}
}

func TestClustersHaveASecurityGroup(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	made := s.cluster(nil)
	id, _ := inside(made, "vpcConfig")["clusterSecurityGroupId"].(string)

	own := s.found(t, groupType, id)
	assert.Empty(t, own.URN, "the account created it")
	assert.Regexp(t, `^eks-cluster-sg-c-\d{10}$`, own.Text("name"))
	assert.Equal(t, s.vpc.ID, own.Text("vpcId"))
	assert.Equal(t, in{
		"Name": "eks-cluster-sg-c", "aws:eks:cluster-name": "c", "kubernetes.io/cluster/c": "owned",
	}, own.Outputs["tags"])
	assert.Len(t, own.Outputs["ingress"], 1)
	assert.Len(t, own.Outputs["egress"], 1)

	rule := in{"securityGroupId": id, "ipProtocol": "tcp", "fromPort": 80, "toPort": 80, "cidrIpv4": "10.0.0.0/8"}
	added := s.aws.Create(ingressType, "rule", rule)
	refuses(t, s.aws, groupType, map[string]in{"InvalidGroup.Duplicate": {"name": own.Text("name"), "vpcId": s.vpc.ID}})
	require.NoError(t, s.aws.Delete(made))
	assert.Len(t, s.Of(groupType), 1, "it is gone with the cluster")
	assert.Empty(t, s.aws.Read(added).ID, "and so is the rule in it")
}

func TestClustersProtectTheirNetwork(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	key := s.aws.Create(keyType, "key", in{})
	made := s.cluster(changed(s.vpcConfig(in{"securityGroupIds": []any{s.group.ID}}), in{
		"encryptionConfig": in{"provider": in{"keyArn": key.Text("arn")}, "resources": []any{"secrets"}},
	}))
	require.ErrorContains(t, s.aws.Delete(s.second), "DependencyViolation: The subnet '"+s.second.ID)
	require.ErrorContains(t, s.aws.Delete(s.group), "DependencyViolation: resource "+s.group.ID)
	require.ErrorContains(t, s.aws.Delete(s.vpc), "DependencyViolation: The vpc '"+s.vpc.ID)
	require.NoError(t, s.aws.Delete(key), "KMS does not check the use of keys")

	without := s.aws.Update(made, s.clusterInputs(s.vpcConfig(nil)))
	require.NoError(t, s.aws.Delete(s.group), "the cluster does not use it any more")
	require.NoError(t, s.aws.Delete(without))
	require.NoError(t, s.aws.Delete(s.second))
}

// The id of a cluster may equal a role's: the cluster's parts are not the role's.
func TestClusterAndRoleOfTheSameName(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	twin := s.role("c", "ec2.amazonaws.com", "sts:AssumeRole")
	made := s.cluster(nil)
	require.NoError(t, s.aws.Delete(twin))
	assert.Len(t, s.Of(groupType), 2, "the cluster's own group is still there")
	assert.NotEmpty(t, s.aws.Read(made).ID)
}

func TestBootstrappedCreatorIsAdministrator(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.cluster(in{"accessConfig": in{"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": true}})
	assert.Empty(t, s.found(t, entryType, "c:"+deployer).URN, "the account created it")
	s.found(t, accessType, "c#"+deployer+"#arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy")
	conflicts(t, s.aws, entryType, map[string]in{
		"ResourceInUseException: The specified access entry resource is already in use on this cluster.": {
			"clusterName": "c", "principalArn": deployer,
		},
	})

	s.cluster(in{"name": "d"})
	accepts(t, s.aws, entryType, map[string]in{"not the creator": {"clusterName": "d", "principalArn": deployer}})
}

func TestClusterLogs(t *testing.T) {
	t.Parallel()

	logging := in{"enabledClusterLogTypes": []any{"api", "audit"}}

	for name, test := range map[string]struct {
		before bool // the program's group is there before the cluster
		change in
		want   string // the error of a program that creates the group afterwards
	}{
		"the group is there first": {before: true, change: logging, want: "ResourceAlreadyExistsException"},
		"the cluster creates it":   {change: logging, want: "ResourceAlreadyExistsException"},
		"without logs":             {},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			if test.before {
				s.aws.Create(logType, "logs", in{"name": clusterLogs, "retentionInDays": 7})
			}

			s.cluster(test.change)

			_, err := s.aws.TryCreate(logType, "late", in{"name": clusterLogs})
			if test.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.want)
			}
		})
	}
}

// The control plane's last log lines arrive after its deletion, and create the group again.
func TestClustersRecreateTheirLogGroup(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	logs := s.aws.Create(logType, "logs", in{"name": clusterLogs, "retentionInDays": 7})
	made := s.cluster(in{"enabledClusterLogTypes": []any{"api"}})
	kept := s.aws.Update(logs, in{"name": clusterLogs, "retentionInDays": 30})
	assert.Empty(t, s.Account.Leftovers(), "it belongs to the program")

	require.NoError(t, s.aws.Delete(made))
	require.NoError(t, s.aws.Delete(kept))

	left := s.Account.Leftovers()
	require.Len(t, left, 1)
	assert.Equal(t, clusterLogs, left[0].ID)
	assert.Empty(t, left[0].URN)
	assert.Zero(t, left[0].Outputs["retentionInDays"], "for ever")
	refuses(t, s.aws, logType, map[string]in{"ResourceAlreadyExistsException": {"name": clusterLogs}})

	imported := s.aws.Read(enginetest.Made{URN: logs.URN, ID: clusterLogs})
	assert.Equal(t, clusterLogs, imported.Text("name"))

	ours := in{"name": clusterLogs, "retentionInDays": 7}
	assert.Equal(t, []string{"retentionInDays"}, s.aws.Diff(imported, ours).GetDiffs())

	imported = s.aws.Update(imported, ours)
	assert.InDelta(t, 7, imported.Outputs["retentionInDays"].NumberValue(), 0)
	assert.Empty(t, s.Account.Leftovers(), "it belongs to a program")
	require.NoError(t, s.aws.Delete(imported))
}

func TestLogsEnabledByAnUpdate(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	made := s.cluster(nil)
	assert.Empty(t, s.Of(logType))
	s.aws.Update(made, s.clusterInputs(in{"enabledClusterLogTypes": []any{"api"}}))
	assert.Len(t, s.Account.Leftovers(), 1, "EKS made it")
	assert.Equal(t, clusterLogs, s.found(t, logType, clusterLogs).Text("name"))
}

func TestObjectsAreDeletedWithTheirCluster(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	made := s.cluster(nil)
	other := s.cluster(in{"name": "d"})
	s.joinable()
	s.aws.Create(entryType, "person", in{"clusterName": "c", "principalArn": person})
	group := s.aws.Create(nodeGroupType, "nodes", s.nodes(nil))

	object := "kubernetes:core/v1:ConfigMap"
	for _, cluster := range []enginetest.Made{made, other} {
		s.Provider("kubernetes", in{"clusterIdentifier": cluster.Text("endpoint")}).
			Create(object, "settings", in{"data": in{"a": "b"}})
	}

	err := s.aws.Delete(made)
	require.ErrorContains(t, err, "ResourceInUseException: Cluster has nodegroups attached")
	require.ErrorContains(t, err, "StatusCode: 409")
	require.NoError(t, s.aws.Delete(group))
	require.NoError(t, s.aws.Delete(made))

	for _, token := range []string{addonType, entryType, accessType, podIdentityType, instanceType} {
		assert.Empty(t, s.Of(token), token)
	}

	require.Len(t, s.Of(object), 1, "that of the other cluster")
	assert.Equal(t, other.Text("endpoint"), s.Of(object)[0].Cluster)
}
