package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestCache(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	made := c.cache(nil)
	assert.Equal(t, "cache", made.ID)
	outputs(t, made, map[string]string{
		"arn":                          "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:cache",
		"primaryEndpointAddress":       `master\.cache\.[0-9a-f]{6}\.use1\.cache\.amazonaws\.com`,
		"readerEndpointAddress":        `replica\.cache\.[0-9a-f]{6}\.use1\.cache\.amazonaws\.com`,
		"configurationEndpointAddress": "", "engineVersionActual": `8\.0\.1`, "transitEncryptionMode": "required",
		"clusterMode": "disabled", "maintenanceWindow": `sun:\d\d:00-sun:\d\d:00`, "snapshotWindow": `\d\d:30-\d\d:30`,
	})

	plain := made.Outputs.Mappable()
	assert.Equal(t, []any{"cache-001", "cache-002"}, plain["memberClusters"])
	assert.InDelta(t, 6379, plain["port"], 0)
	assert.InDelta(t, 1, plain["numNodeGroups"], 0)
	assert.InDelta(t, 1, plain["replicasPerNodeGroup"], 0)
	assert.Equal(t, false, plain["clusterEnabled"])
}

func TestWhatACacheIsByDefault(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	bare := in{"description": "d", "nodeType": "cache.t4g.micro", "subnetGroupName": c.subnets.ID}
	preview := c.aws.Preview(cacheType, "Bare", bare)
	assert.True(t, preview.Outputs["primaryEndpointAddress"].IsComputed())

	redis := c.aws.Create(cacheType, "Bare", bare)
	assert.Regexp(t, `^bare-[0-9a-f]{7}$`, redis.ID)
	outputs(t, redis, map[string]string{
		"engine": "redis", "engineVersion": `7\.1`, "parameterGroupName": `default\.redis7`,
		"primaryEndpointAddress": redis.ID + `\.[0-9a-f]{6}\.ng\.0001\.use1\.cache\.amazonaws\.com`,
		"readerEndpointAddress":  redis.ID + `-ro\.[0-9a-f]{6}\.ng\.0001\.use1\.cache\.amazonaws\.com`,
	})
	assert.False(t, redis.Outputs["atRestEncryptionEnabled"].BoolValue())
	assert.Equal(t, []any{redis.ID + "-001"}, redis.Outputs.Mappable()["memberClusters"])
	assert.Equal(t, []any{c.vpc.Text("defaultSecurityGroupId")}, redis.Outputs.Mappable()["securityGroupIds"])

	valkey := c.aws.Create(cacheType, "valkey", changed(bare, in{"engine": "valkey", "engineVersion": "8.0"}))
	assert.Equal(t, "default.valkey8", valkey.Text("parameterGroupName"))
	assert.True(t, valkey.Outputs["atRestEncryptionEnabled"].BoolValue())
}

func TestACachesName(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	longest := "a23456789012345678901234567890123456789z"

	for _, id := range []string{"Cache", "1cache", "cache-", "ca--che", "ca_che", longest + "z"} {
		c.refuses(t, map[string]in{
			"InvalidParameterValue: The parameter ReplicationGroupId must": {"replicationGroupId": id},
		})
	}

	c.accepts(t, map[string]in{
		"digits": {"replicationGroupId": "cache-1"}, "long": {"replicationGroupId": longest},
	})

	made := c.cache(nil)
	refuses(t, c.aws, cacheType, map[string]in{"ReplicationGroupAlreadyExists": c.inputs(nil)})

	difference := c.aws.Diff(made, c.inputs(in{"port": 6380}))
	assert.Equal(t, []string{"port"}, difference.GetReplaces())
	assert.True(t, difference.GetDeleteBeforeReplace(), "the name is taken")
}

func TestWhatACacheReplaces(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	made := c.cache(nil)

	for want, change := range map[string]in{
		"atRestEncryptionEnabled": {"atRestEncryptionEnabled": false}, "kmsKeyId": {"kmsKeyId": "arn:other"},
		"subnetGroupName": {"subnetGroupName": "other"}, "replicationGroupId": {"replicationGroupId": "other"},
		"snapshotName": {"snapshotName": "s"}, "engineVersion": {"engineVersion": "7.2"},
		"engine": {"engine": "redis", "engineVersion": "8.0"},
	} {
		assert.Equal(t, []string{want}, c.aws.Diff(made, c.inputs(change)).GetReplaces())
	}

	for name, change := range map[string]in{
		"a later version": {"engineVersion": "8.1"}, "no version": {"engineVersion": nil}, "no engine": {"engine": nil},
		"a version to come": {"engineVersion": enginetest.Unknown()}, "nodes": {"nodeType": "cache.m7g.large"},
		"TLS": {"transitEncryptionEnabled": false}, "users": {"userGroupIds": nil}, "groups": {"securityGroupIds": nil},
		"more": {"numCacheClusters": 3}, "a version that is not there": {"engineVersion": "9.9"},
	} {
		assert.Empty(t, c.aws.Diff(made, c.inputs(change)).GetReplaces(), name)
	}

	old := c.cache(redis("6.2", in{"replicationGroupId": "old"}))
	assert.Equal(t, []string{"transitEncryptionEnabled"}, c.aws.Diff(old, c.inputs(redis("6.2", in{
		"replicationGroupId": "old", "transitEncryptionEnabled": false,
	}))).GetReplaces())
}

func TestACacheInPlace(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	made := c.cache(nil)
	grown := c.aws.Update(made, c.inputs(in{"numCacheClusters": 3, "engineVersion": "8.1", "nodeType": "cache.m7g.large"}))
	assert.Equal(t, []any{"cache-001", "cache-002", "cache-003"}, grown.Outputs.Mappable()["memberClusters"])
	assert.Equal(t, "8.1.0", grown.Text("engineVersionActual"))
	assert.Equal(t, made.Text("primaryEndpointAddress"), grown.Text("primaryEndpointAddress"), "clients go on working")

	unsaid := c.aws.Update(grown, c.inputs(in{"numCacheClusters": nil, "engineVersion": nil}))
	assert.InDelta(t, 3, unsaid.Outputs["numCacheClusters"].NumberValue(), 0, "unsaid, it stays")
	assert.Equal(t, "8.1", unsaid.Text("engineVersion"))

	preview := c.aws.PreviewUpdate(unsaid, c.inputs(in{
		"numCacheClusters": 3, "engineVersion": "8.1", "tags": in{"a": "b"},
	}))
	assert.Equal(t, made.Text("primaryEndpointAddress"), preview.Text("primaryEndpointAddress"))

	moved := c.cache(redis("7.1", in{"replicationGroupId": "moved"}))
	upgraded := c.aws.Update(moved, c.inputs(in{"replicationGroupId": "moved", "parameterGroupName": nil}))
	assert.Equal(t, "default.valkey8", upgraded.Text("parameterGroupName"))
}

func TestTransitEncryptionComesAndGoesByWayOfPreferred(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	without := in{"transitEncryptionEnabled": false, "userGroupIds": nil}
	preferred := in{"transitEncryptionMode": "preferred", "userGroupIds": nil}

	made := c.cache(without)
	_, err := c.aws.TryUpdate(made, c.inputs(in{"userGroupIds": nil}))
	require.ErrorContains(t, err, "api error InvalidParameterCombination: Encryption in transit of an existing")

	made = c.aws.Update(made, c.inputs(preferred))
	made = c.aws.Update(made, c.inputs(nil))
	assert.Equal(t, "required", made.Text("transitEncryptionMode"))

	_, err = c.aws.TryUpdate(made, c.inputs(without))
	require.ErrorContains(t, err, "api error InvalidParameterCombination: Encryption in transit can be disabled only")

	made = c.aws.Update(made, c.inputs(preferred))
	c.aws.Update(made, c.inputs(without))
}

// The fault for which a cache has one zone where two were asked for.
func TestACacheThatLacksItsSecondZone(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	c.Engine = enginetest.StartOn(t, c.Account, "lack create "+cacheType+" multiAzEnabled")
	c.aws = c.AWS("us-east-1")

	made := c.cache(nil)
	assert.True(t, made.Outputs["multiAzEnabled"].BoolValue(), "the answer says nothing")

	found := c.aws.Read(made)
	assert.False(t, found.Outputs["multiAzEnabled"].BoolValue())
	assert.Equal(t, []string{"multiAzEnabled"}, c.aws.Diff(found, c.inputs(nil)).GetDiffs())

	c.aws.Update(found, c.inputs(nil))
	assert.True(t, c.aws.Read(made).Outputs["multiAzEnabled"].BoolValue(), "the second try")
}

func TestACacheIsSpreadLater(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	alone := in{"numCacheClusters": 1, "automaticFailoverEnabled": false, "multiAzEnabled": false}
	made := c.cache(alone)
	assert.Empty(t, c.aws.Diff(made, c.inputs(nil)).GetReplaces())

	spread := c.aws.Update(made, c.inputs(nil))
	assert.True(t, spread.Outputs["multiAzEnabled"].BoolValue())
	assert.Equal(t, []any{"cache-001", "cache-002"}, spread.Outputs.Mappable()["memberClusters"])
	assert.Equal(t, []any{"cache-001"}, c.aws.Update(spread, c.inputs(alone)).Outputs.Mappable()["memberClusters"])
}
