package aws

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeReplicationGroup = "aws:elasticache/replicationGroup:ReplicationGroup"

func elastiCacheKinds() []behaviour.Kind {
	return []behaviour.Kind{
		cacheParameterGroup(), cacheSubnetGroup(), cacheUser(), cacheUserGroup(), replicationGroup(),
	}
}

// replicationGroup has nodes with interfaces in the subnets of its group, which carry its
// security groups: both stay as long as it does. Its key could go.
func replicationGroup() behaviour.Kind {
	return behaviour.Kind{
		Type: typeReplicationGroup, Title: "ElastiCache Replication Group", Service: "ElastiCache",
		Verbs: behaviour.Verbs{
			Create: "CreateReplicationGroup", Update: "ModifyReplicationGroup", Delete: "DeleteReplicationGroup",
		},
		ID:       func(c *behaviour.Call) (string, error) { return c.Text("replicationGroupId"), nil },
		AutoName: &behaviour.AutoName{Property: "replicationGroupId", Limit: 40, Lower: true},
		Defaults: map[string]any{"automaticFailoverEnabled": false, "multiAzEnabled": false},
		Computed: replicationGroupOutputs(),
		ForceNew: []string{
			"atRestEncryptionEnabled", "dataTieringEnabled", "globalReplicationGroupId", "kmsKeyId", "networkType", "port",
			"replicationGroupId", "securityGroupNames", "snapshotArns", "snapshotName", "subnetGroupName",
		},
		ForceNewFrom: fromCache,
		Sets:         []string{"logDeliveryConfigurations", "securityGroupIds", "snapshotArns", "userGroupIds"},
		References:   replicationGroupReferences(),
		Unique: []behaviour.Unique{{
			Properties: []string{"replicationGroupId"},
			Taken: taken("ReplicationGroupAlreadyExists", "Replication group already exists: %s.",
				"replicationGroupId"),
		}},
		Checks: []func(*behaviour.Call) error{
			checkSimulatedCache, checkReplicationGroupID, checkCacheVersion, checkCacheNodeType, checkCachePlace,
			checkCacheNodes, checkCacheParameterFamily, checkCacheEncryption, checkTransit, checkTransitChange,
			checkCacheAccess, checkCacheSnapshots, checkCacheWindows,
		},
		Guards:  []func(*behaviour.Call) error{guardCacheSnapshot},
		Deleted: takeCacheSnapshot,
		Missing: missing("ReplicationGroupNotFoundFault", "ReplicationGroup %s not found."),
	}
}

func replicationGroupReferences() []behaviour.Reference {
	return []behaviour.Reference{
		{Property: "subnetGroupName", Types: []string{typeCacheSubnetGroup}},
		{Property: "parameterGroupName", Types: []string{typeCacheParameterGroup}, Skip: isDefaultCacheParameters},
		{
			Property: "securityGroupIds", Types: groupTypes(),
			Missing: missing("InvalidParameterValue", "Some security groups are invalid: [%s]"),
		},
		{Property: "userGroupIds", Types: []string{typeCacheUserGroup}},
		{
			Property: "kmsKeyId", Types: []string{typeKey}, By: []string{"arn"}, OnDelete: behaviour.Ignore,
			Missing: missing("InvalidKMSKeyFault", "The KMS key supplied is not valid: %s"),
		},
	}
}

// fromCache says what the provider makes anew: what goes back to an earlier version or to
// Redis, and encryption in transit where the version has it from the start or never.
func fromCache(old, inputs resource.PropertyMap) []string {
	forced := fromValkey(old, inputs)

	was := engineIn(old, engineRedis)

	before, after := versionIn(old, was), versionIn(inputs, engineIn(inputs, was))
	if len(forced) == 0 && after.age() < before.age() {
		forced = append(forced, "engineVersion")
	}

	if slices.Contains([]string{"redis5.0", "redis6.x"}, before.family) {
		forced = append(forced, "transitEncryptionEnabled")
	}

	return forced
}

// versionIn is the version that inputs ask for, by default the newest. One that there is
// not is none, and for the API to refuse.
func versionIn(inputs resource.PropertyMap, engine string) cacheVersion {
	version := ""
	if given := inputs["engineVersion"]; given.IsString() {
		version = given.StringValue()
	}

	found, _ := findCacheVersion(engine, version)

	return found
}

// checkSimulatedCache refuses what ElastiCache has and the simulation has not, rather than make something else.
func checkSimulatedCache(c *behaviour.Call) error {
	for _, property := range []string{"globalReplicationGroupId", "securityGroupNames", "snapshotArns"} {
		if isGiven(c, property) {
			return fail("%s of ElastiCache Replication Groups is not simulated", property)
		}
	}

	cluster := []string{"enabled", "compatible"}
	if c.Number("numNodeGroups") > 1 || slices.Contains(cluster, c.Text("clusterMode")) || wantsCluster(c) {
		return fail("cluster mode of ElastiCache Replication Groups is not simulated")
	}

	return nil
}

func wantsCluster(c *behaviour.Call) bool {
	group, _ := c.Get(typeCacheParameterGroup, c.Text("parameterGroupName"))
	for _, set := range parametersOf(group) {
		if set.name == "cluster-enabled" && set.value == "yes" {
			return true
		}
	}

	return c.Text("parameterGroupName") == defaultCacheParameters(cacheVersionOf(c).family)+".cluster.on"
}
