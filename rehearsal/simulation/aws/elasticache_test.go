package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	cacheType           = "aws:elasticache/replicationGroup:ReplicationGroup"
	cacheSubnetsType    = "aws:elasticache/subnetGroup:SubnetGroup"
	cacheParametersType = "aws:elasticache/parameterGroup:ParameterGroup"
	cacheUserType       = "aws:elasticache/user:User"
	cacheUsersType      = "aws:elasticache/userGroup:UserGroup"
	cacheSnapshotType   = "aws:elasticache/snapshot:Snapshot"
)

// caches is a site with the resources that a cache requires.
type caches struct {
	*site

	subnets, key, parameters, user, users enginetest.Made
}

func newCaches(t *testing.T) *caches {
	t.Helper()
	c := &caches{site: newSite(t)}
	c.subnets = c.aws.Create(cacheSubnetsType, "cache", in{
		"name": "cache", "subnetIds": []any{c.subnet.ID, c.second.ID},
	})
	c.key = c.aws.Create(keyType, "cache", in{})
	c.parameters = c.aws.Create(cacheParametersType, "cache", in{
		"name": "cache", "family": "valkey8", "parameters": []any{in{"name": "maxmemory-policy", "value": "noeviction"}},
	})
	c.user = c.aws.Create(cacheUserType, "flights", iamUser("flights"))
	c.users = c.aws.Create(cacheUsersType, "cache", in{
		"userGroupId": "cache", "engine": "valkey", "userIds": []any{c.user.ID},
	})

	return c
}

// iamUser is a user who logs in by IAM.
func iamUser(id string) in {
	return in{
		"userId": id, "userName": id, "engine": "valkey", "accessString": "on ~* -@all +@read +@write -@dangerous",
		"authenticationMode": in{"type": "iam"},
	}
}

// inputs are those of a cache named cache, with changes.
func (c *caches) inputs(change in) in {
	return changed(in{
		"replicationGroupId": "cache", "description": "The cache", "engine": "valkey", "engineVersion": "8.1",
		"nodeType": "cache.t4g.micro", "numCacheClusters": 2, "automaticFailoverEnabled": true, "multiAzEnabled": true,
		"subnetGroupName": c.subnets.ID, "securityGroupIds": []any{c.group.ID}, "parameterGroupName": c.parameters.ID,
		"userGroupIds": []any{c.users.ID}, "transitEncryptionEnabled": true,
		"atRestEncryptionEnabled": true, "kmsKeyId": c.key.Text("arn"), "applyImmediately": true,
	}, change)
}

func (c *caches) cache(change in) enginetest.Made {
	return c.aws.Create(cacheType, "cache", c.inputs(change))
}

func TestCache(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	made := c.cache(nil)
	outputs(t, made, map[string]string{
		"arn":                    "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:cache",
		"readerEndpointAddress":  `replica\.cache\.[0-9a-f]{6}\.use1\.cache\.amazonaws\.com`,
		"primaryEndpointAddress": `master\.cache\.[0-9a-f]{6}\.use1\.cache\.amazonaws\.com`,
		"engineVersionActual":    `8\.1\.0`, "transitEncryptionMode": "required",
	})
	refuses(t, c.aws, cacheType, map[string]in{"ReplicationGroupAlreadyExists": c.inputs(nil)})

	for want, change := range map[string]in{
		"kmsKeyId": {"kmsKeyId": "arn:other"}, "subnetGroupName": {"subnetGroupName": "other"}, "port": {"port": 6380},
		"engineVersion": {"engineVersion": "8.0"},
	} {
		difference := c.aws.Diff(made, c.inputs(change))
		assert.Equal(t, []string{want}, difference.GetReplaces())
		assert.True(t, difference.GetDeleteBeforeReplace(), "the name is taken")
	}

	for name, change := range map[string]in{
		"a later version": {"engineVersion": "8.2"}, "an unknown version": {"engineVersion": enginetest.Unknown()},
		"another node type": {"nodeType": "cache.m7g.large"}, "more nodes": {"numCacheClusters": 3},
	} {
		assert.Empty(t, c.aws.Diff(made, c.inputs(change)).GetReplaces(), name)
	}

	grown := c.aws.Update(made, c.inputs(in{"numCacheClusters": 3, "engineVersion": "8.2", "nodeType": "cache.m7g.large"}))
	assert.Equal(t, "8.2.0", grown.Text("engineVersionActual"))
	assert.Len(t, grown.Outputs["memberClusters"].ArrayValue(), 3)
	assert.Equal(t, made.Text("primaryEndpointAddress"), grown.Text("primaryEndpointAddress"), "clients keep the address")
}

func TestCacheRefusals(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	refuses(t, c.aws, cacheType, complete(c.inputs, map[string]in{
		"replicationGroupId: got ca--che":                           {"replicationGroupId": "ca--che"},
		"numCacheClusters: got 7":                                   {"numCacheClusters": 7},
		"snapshotRetentionLimit: got 36":                            {"snapshotRetentionLimit": 36},
		"nodeType: got t4g.micro":                                   {"nodeType": "t4g.micro"},
		"engineVersion: got 9":                                      {"engineVersion": "9"},
		"CacheSubnetGroupNotFoundFault: Cache Subnet Group default": {"subnetGroupName": nil},
		"CacheParameterGroupNotFound":                               {"parameterGroupName": "none"},
		"UserGroupNotFound":                                         {"userGroupIds": []any{"none"}},
		"InvalidKMSKeyFault":                                        {"kmsKeyId": noRole},
		"InvalidParameterValue: Some security groups are invalid":   {"securityGroupIds": []any{"sg-" + absent}},
	}))
	declines(t, c.aws, cacheType, complete(c.inputs, map[string]in{
		"engine redis is not simulated":                   {"engine": "redis"},
		"transitEncryptionEnabled false is not simulated": {"transitEncryptionEnabled": false},
		"authToken is not simulated":                      {"authToken": "a-secret-of-16-le"},
	}))
	acceptsEach(t, c.aws, cacheType, complete(c.inputs, map[string]in{
		"one node": {"numCacheClusters": 1, "automaticFailoverEnabled": false, "multiAzEnabled": false},
		"m7g":      {"nodeType": "cache.m7g.16xlarge"}, "the VPC's own group": {"securityGroupIds": nil},
	}))
}

func TestCachesProtectTheirNetworkAndLeaveASnapshot(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	require.NoError(t, c.aws.Delete(c.association))

	made := c.cache(in{"finalSnapshotIdentifier": "last"})
	for _, held := range []enginetest.Made{c.second, c.group} {
		require.ErrorContains(t, c.aws.Delete(held), "DependencyViolation")
	}

	require.ErrorContains(t, c.aws.Delete(c.subnets), "CacheSubnetGroupInUse")
	require.ErrorContains(t, c.aws.Delete(c.parameters), "InvalidCacheParameterGroupState")
	require.ErrorContains(t, c.aws.Delete(c.users), "InvalidUserGroupState")
	updates(t, c.aws, c.subnets, "SubnetInUse: The requested subnet "+c.second.ID,
		in{"name": "cache", "subnetIds": []any{c.subnet.ID}})
	require.NoError(t, c.aws.Delete(made))
	require.Len(t, c.Of(cacheSnapshotType), 1)
	assert.True(t, c.Of(cacheSnapshotType)[0].Kept)

	again := c.cache(in{"finalSnapshotIdentifier": "last"})
	require.ErrorContains(t, c.aws.Delete(again), "SnapshotAlreadyExistsFault: Snapshot with specified name "+
		"already exists: last")
	updates(t, c.aws, again, "", c.inputs(nil))
	require.NoError(t, c.aws.Delete(again))
	require.NoError(t, c.aws.Delete(c.subnets))
}

// With the fault, a cache has one zone although the program requests two.
func TestCachesWithOneZone(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	c.Engine = enginetest.StartOn(t, c.Account, "lack create "+cacheType+" multiAzEnabled")
	c.aws = c.AWS("us-east-1")

	made := c.cache(nil)
	assert.True(t, made.Outputs["multiAzEnabled"].BoolValue(), "the response does not contain it")

	found := c.aws.Read(made)
	assert.Equal(t, []string{"multiAzEnabled"}, c.aws.Diff(found, c.inputs(nil)).GetDiffs())
	c.aws.Update(found, c.inputs(nil))
	assert.True(t, c.aws.Read(made).Outputs["multiAzEnabled"].BoolValue())
}

func TestCacheUsers(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	outputs(t, c.user, map[string]string{"arn": "arn:aws:elasticache:us-east-1:123456789012:user:flights"})
	refuses(t, c.aws, cacheUserType, map[string]in{
		"UserAlreadyExists: User flights": iamUser("flights"),
		"userId: got 1user":               iamUser("1user"),
	})
	refuses(t, c.aws, cacheUsersType, map[string]in{
		"UserNotFound: User none": {"userGroupId": "x", "engine": "valkey", "userIds": []any{"none"}},
		"UserGroupAlreadyExists":  {"userGroupId": "cache", "engine": "valkey"},
	})
	declines(t, c.aws, cacheUserType, map[string]in{
		"authenticationMode.type password is not simulated": changed(iamUser("x"),
			in{"authenticationMode": in{"type": "password"}}),
		"engine redis is not simulated": changed(iamUser("x"), in{"engine": "redis"}),
	})
	declines(t, c.aws, cacheParametersType, map[string]in{
		"parameters[0].name timeout is not simulated": {
			"family": "valkey8", "parameters": []any{in{"name": "timeout", "value": "1"}},
		},
	})

	require.NoError(t, c.aws.Delete(c.user))
}
