package aws_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestACachesVersion(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	c.aws.Create(cacheParametersType, "older", in{"name": "older", "family": "valkey7"})
	c.refuses(t, map[string]in{
		"InvalidParameterCombination: Cannot find version 8.0.1 for valkey":        {"engineVersion": "8.0.1"},
		"InvalidParameterCombination: Cannot find version 8.0 for redis":           redis("8.0", nil),
		"InvalidParameterCombination: Expected a parameter group of family valk":   {"engineVersion": "7.2"},
		"InvalidParameterCombination: Expected a parameter group of family valkey": {"parameterGroupName": "older"},
		"InvalidParameterCombination: Expected a parameter group of family":        {"parameterGroupName": "default.redis7"},
		"CacheParameterGroupNotFound":                                              {"parameterGroupName": "none"},
	})
	c.accepts(t, map[string]in{
		"an older one":       {"engineVersion": "7.2", "parameterGroupName": "older"},
		"AWS's parameters":   {"parameterGroupName": "default.valkey8"},
		"no parameters":      {"parameterGroupName": nil},
		"the newest":         {"engineVersion": nil},
		"Redis":              redis("7.1", nil),
		"whichever 6 of all": redis("6.x", nil),
	})
	declines(t, c.aws, cacheType, map[string]in{
		`expected engine to be one of ["redis" "valkey"]`: c.inputs(in{"engine": "memcached"}),
	})
}

func TestACachesNodeType(t *testing.T) {
	t.Parallel()

	c := newCaches(t)

	for _, nodeType := range []string{
		"cache.t2.micro", "cache.t1.micro", "cache.m3.large", "cache.r3.large", "cache.c1.xlarge", "cache.t4g.large",
		"cache.m7g.micro", "db.t4g.micro", "cache.t4g",
	} {
		c.refuses(t, map[string]in{
			"InvalidParameterValue: The specified cache node type is not supported": {"nodeType": nodeType},
		})
	}

	for _, nodeType := range []string{
		"cache.t3.medium", "cache.m5.24xlarge", "cache.m6g.large", "cache.r5.large", "cache.r6g.16xlarge", "cache.r7g.xlarge",
		"cache.c7gn.large",
	} {
		c.accepts(t, map[string]in{nodeType: {"nodeType": nodeType}})
	}

	c.refuses(t, map[string]in{
		"InvalidParameterCombination: Data tiering must be enabled": {"nodeType": "cache.r6gd.xlarge"},
		"InvalidParameterCombination: Data tiering":                 {"dataTieringEnabled": true},
	})
	c.accepts(t, map[string]in{"disks": {"nodeType": "cache.r6gd.xlarge", "dataTieringEnabled": true}})
	declines(t, c.aws, cacheType, map[string]in{`"node_type" is required`: c.inputs(in{"nodeType": nil})})
}

func TestACachesNodes(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	c.aws.Create(cacheSubnetsType, "one", in{"name": "one", "subnetIds": []any{c.subnet.ID}})

	alone := in{"numCacheClusters": 1, "automaticFailoverEnabled": false, "multiAzEnabled": false}

	c.refuses(t, map[string]in{
		"InvalidParameterCombination: Automatic failover needs at least 2 cache clusters, got 1": {
			"numCacheClusters": 1, "multiAzEnabled": false,
		},
		"InvalidParameterCombination: Automatic failover needs at least 2": {"numCacheClusters": nil},
		"InvalidParameterValue: The number of cache clusters must be betw": {"numCacheClusters": 7},
		"InvalidParameterCombination: Multi-AZ needs cache clusters in at": {"subnetGroupName": "one"},
		"InvalidParameterCombination: Multi-AZ needs cache clusters": {
			"preferredCacheClusterAzs": []any{"us-east-1a", "us-east-1a"},
		},
		"InvalidParameterValue: The number of preferred": {"preferredCacheClusterAzs": []any{"us-east-1a"}},
		"InvalidParameterValue: The cache subnet group cache has no subnet in the availability zone us-east-1c": {
			"preferredCacheClusterAzs": []any{"us-east-1a", "us-east-1c"},
		},
	})
	c.accepts(t, map[string]in{
		"one": alone, "six": {"numCacheClusters": 6}, "one zone": {"multiAzEnabled": false, "subnetGroupName": "one"},
		"replicas":      {"numCacheClusters": nil, "replicasPerNodeGroup": 1},
		"zones to like": {"preferredCacheClusterAzs": []any{"us-east-1b", "us-east-1a"}},
	})
	declines(t, c.aws, cacheType, map[string]in{
		"automatic_failover_enabled must be true if multi_az": c.inputs(in{"automaticFailoverEnabled": false}),
		`"num_cache_clusters": conflicts`:                     c.inputs(in{"replicasPerNodeGroup": 1}),
		"cluster mode of ElastiCache":                         c.inputs(in{"numCacheClusters": nil, "numNodeGroups": 2}),
		"cluster mode of ElastiCache Replication Groups":      c.inputs(in{"clusterMode": "enabled"}),
		"cluster mode of ElastiCache Replication": c.inputs(in{
			"parameterGroupName": "default.valkey8.cluster.on",
		}),
		"snapshotArns of ElastiCache": c.inputs(in{"snapshotArns": []any{"arn:aws:s3:::b/o"}}),
	})
}

func TestACachesEncryption(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	c.refuses(t, map[string]in{
		"InvalidKMSKeyFault":                              {"kmsKeyId": "arn:aws:kms:none"},
		"InvalidKMSKeyFault: The KMS key supplied is not": {"kmsKeyId": c.key.ID},
		"InvalidParameterCombination: KmsKeyId":           {"atRestEncryptionEnabled": false},
		"InvalidParameterCombination: KmsKeyId can be":    redis("7.1", in{"atRestEncryptionEnabled": nil}),
		"InvalidParameterCombination: Encryption in tran": {"transitEncryptionEnabled": false},
		"InvalidParameterCombination: TransitEncryption": {
			"transitEncryptionEnabled": false, "userGroupIds": nil, "transitEncryptionMode": "required",
		},
		"InvalidParameterCombination: Encryption in transit must": {
			"transitEncryptionEnabled": false, "userGroupIds": nil, "authToken": strings.Repeat("x", 16),
		},
	})
	c.accepts(t, map[string]in{
		"AWS's key": {"kmsKeyId": nil}, "Valkey's own choice": {"atRestEncryptionEnabled": nil},
		"in the clear": {"transitEncryptionEnabled": false, "userGroupIds": nil},
		"a token":      {"userGroupIds": nil, "authToken": strings.Repeat("x", 16)},
	})
	declines(t, c.aws, cacheType, map[string]in{
		"conflicts with auth_token":         c.inputs(in{"authToken": strings.Repeat("x", 16)}),
		"auth_token must contain from 16":   c.inputs(in{"userGroupIds": nil, "authToken": "short"}),
		"expected transit_encryption_mode ": c.inputs(in{"transitEncryptionMode": "off"}),
	})
}

func TestACachesSchedule(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	c.refuses(t, map[string]in{
		"InvalidParameterValue: Snapshot retention limit":         {"snapshotRetentionLimit": 36},
		"InvalidParameterValue: The snapshotWindow must be":       {"snapshotWindow": "03:00-03:30"},
		"InvalidParameterValue: The maintenanceWindow must be at": {"maintenanceWindow": "sun:03:00-sun:03:30"},
		"InvalidParameterValue: The snapshot window and": {
			"snapshotWindow": "03:00-05:00", "maintenanceWindow": "sun:04:30-sun:05:30",
		},
	})
	c.accepts(t, map[string]in{
		"no snapshots": {"snapshotRetentionLimit": 0}, "as long as may be": {"snapshotRetentionLimit": 35},
		"apart": {"snapshotWindow": "03:00-04:00", "maintenanceWindow": "sun:04:30-sun:05:30"},
	})
	declines(t, c.aws, cacheType, map[string]in{
		"snapshotWindow must satisfy the format":    c.inputs(in{"snapshotWindow": "at night"}),
		"maintenanceWindow must satisfy the format": c.inputs(in{"maintenanceWindow": "03:00-04:00"}),
		`expected "description" to not be an empty`: c.inputs(in{"description": ""}),
	})
}

func TestACacheKeepsItsNetwork(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	require.NoError(t, c.aws.Delete(c.association))

	other := c.aws.Create(vpcType, "other", in{"cidrBlock": "10.1.0.0/16"})
	far := c.aws.Create(groupType, "far", in{"vpcId": other.ID})
	c.refuses(t, map[string]in{
		"CacheSubnetGroupNotFoundFault: Cache Subnet Group none does not": {"subnetGroupName": "none"},
		"CacheSubnetGroupNotFoundFault: Cache Subnet Group default":       {"subnetGroupName": nil, "securityGroupIds": nil},
		"InvalidParameterValue: Some security groups are invalid":         {"securityGroupIds": []any{"sg-" + absent}},
		"InvalidParameterValue: Some security groups are not of the VPC":  {"securityGroupIds": []any{far.ID}},
	})

	made := c.cache(nil)

	for _, held := range []enginetest.Made{c.subnet, c.second, c.group} {
		require.ErrorContains(t, c.aws.Delete(held), "DependencyViolation")
	}

	require.ErrorContains(t, c.aws.Delete(c.subnets), "CacheSubnetGroupInUse")
	require.ErrorContains(t, c.aws.Delete(c.parameters), "InvalidCacheParameterGroupState")
	require.ErrorContains(t, c.aws.Delete(c.users), "InvalidUserGroupState")
	require.NoError(t, c.aws.Delete(c.key), "a key goes when it is told to")

	require.NoError(t, c.aws.Delete(made))

	for _, free := range []enginetest.Made{c.second, c.group, c.subnets, c.parameters, c.users} {
		require.NoError(t, c.aws.Delete(free))
	}
}

func TestACacheLeavesASnapshot(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	c.refuses(t, map[string]in{"SnapshotNotFoundFault": {"snapshotName": "last"}})

	keeping := in{"finalSnapshotIdentifier": "last"}
	require.NoError(t, c.aws.Delete(c.cache(keeping)))
	assert.Empty(t, c.Account.Leftovers(), "it is kept on purpose")

	again := c.cache(keeping)
	require.ErrorContains(t, c.aws.Delete(again), "SnapshotAlreadyExistsFault")

	again = c.aws.Update(again, c.inputs(in{"finalSnapshotIdentifier": "another"}))
	require.NoError(t, c.aws.Delete(again))
	require.NoError(t, c.aws.Delete(c.cache(nil)), "none is taken where none is asked for")
	c.accepts(t, map[string]in{"from it": {"snapshotName": "last"}})
}
