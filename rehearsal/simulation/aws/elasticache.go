package aws

import (
	"fmt"
	"strings"
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
				"engineVersionActual":    func(c *call) any { return completeValkey(c.Text("engineVersion")) },
				"securityGroupIds":       func(c *call) any { return defaultGroups(c, cacheSubnets().of(c).Text("vpcId")) },
				"primaryEndpointAddress": primaryEndpoint,
				"readerEndpointAddress":  readerEndpoint,
				"memberClusters":         memberClusters,
				"replicasPerNodeGroup":   func(c *call) any { return c.Number("numCacheClusters") - 1 },
			},
			guards:  []check{kept.guard},
			deleted: kept.take,
		},
		typeCacheSubnetGroup: {outputs: makers{"vpcId": groupNetwork}, checks: []check{checkCacheSubnetsLeft}},
	}
}

// primaryEndpoint is the name that leads to the current primary. It has digits that each group gets anew, and the
// region as it begins the ids of its zones: use1 for us-east-1.
func primaryEndpoint(c *call) any {
	region, _, _ := strings.Cut(zonesOf(c.Place.Region)[0].id, "-")

	return c.Fill("master.{id}.{hex 6}." + region + ".cache.{domain}")
}

// readerEndpoint is the name that leads to the replicas.
func readerEndpoint(c *call) any {
	return "replica" + strings.TrimPrefix(c.Text("primaryEndpointAddress"), "master")
}

// memberClusters are the ids of a group's nodes.
func memberClusters(c *call) any {
	members := make([]any, c.Number("numCacheClusters"))
	for i := range members {
		members[i] = fmt.Sprintf("%s-%03d", c.Resource.ID, i+1)
	}

	return members
}

// checkCacheSubnetsLeft refuses to remove subnets from a group that has nodes, which can be in any of its subnets.
func checkCacheSubnetsLeft(c *call) error {
	if lost := removed(c); len(lost) > 0 && len(cacheSubnets().stores(c, c.Text("name"))) > 0 {
		return refuse("SubnetInUse", "The requested subnet %s is being used by another cache node.", lost[0])
	}

	return nil
}
