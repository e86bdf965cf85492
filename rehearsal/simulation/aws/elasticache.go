package aws

import (
	"strings"

	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeReplicationGroup    = "aws:elasticache/replicationGroup:ReplicationGroup"
	typeCacheParameterGroup = "aws:elasticache/parameterGroup:ParameterGroup"
	typeCacheSubnetGroup    = "aws:elasticache/subnetGroup:SubnetGroup"
)

func cacheRules() map[string]rules {
	kept := snapshots{
		token: "aws:elasticache/snapshot:Snapshot",
		taken: "SnapshotAlreadyExistsFault: Snapshot with specified name already exists: {value}",
	}

	return map[string]rules{
		typeReplicationGroup: {
			outputs: makers{
				"engineVersionActual":    func(c *call) any { return valkeyVersions()[c.Text("engineVersion")] },
				"securityGroupIds":       func(c *call) any { return defaultGroups(c, cacheSubnets().of(c).Text("vpcId")) },
				"primaryEndpointAddress": primaryEndpoint,
			},
			local: []behaviour.Local{
				{Reads: []string{"engineVersion"}, Check: checkValkeyVersion}, {Reads: []string{"nodeType"}, Check: checkNodeType},
			},
			guards:  []check{kept.guard},
			deleted: kept.take,
		},
		typeCacheSubnetGroup: {outputs: makers{"vpcId": groupNetwork}, checks: []check{checkCacheSubnetsLeft}},
	}
}

// valkeyVersions are those that ElastiCache offers, and how it completes each. It makes a new group of an earlier one.
// Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
func valkeyVersions() map[string]string {
	return map[string]string{"8.0": "8.0.1", "8.1": "8.1.0", "8.2": "8.2.0"}
}

func checkValkeyVersion(c *call) error {
	if version := c.Text("engineVersion"); valkeyVersions()[version] == "" {
		return refuse("InvalidParameterCombination", "Cannot find version %s for valkey", version)
	}

	return nil
}

func checkNodeType(c *call) error {
	if nodeType := c.Text("nodeType"); !facts.RunsCaches(nodeType) {
		return refuse("InvalidParameterValue", "The specified cache node type is not supported: %s", nodeType)
	}

	return nil
}

// primaryEndpoint is the name that leads to the current primary. It has digits that each group gets anew, and the
// region as it begins the ids of its zones: use1 for us-east-1.
func primaryEndpoint(c *call) any {
	region, _, _ := strings.Cut(zonesOf(c.Place.Region)[0].id, "-")

	return c.Fill("master.{id}.{hex 6}." + region + ".cache.{domain}")
}

// checkCacheSubnetsLeft refuses to remove subnets from a group that has nodes, which can be in any of its subnets.
func checkCacheSubnetsLeft(c *call) error {
	if lost := removed(c); len(lost) > 0 && len(cacheSubnets().stores(c, c.Text("name"))) > 0 {
		return refuse("SubnetInUse", "The requested subnet %s is being used by another cache node.", lost[0])
	}

	return nil
}
