package aws

import (
	"regexp"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// cacheSizes are the sizes of each family of node types that runs all engines. Families
// that are older than these, t2, m4 and r4, run Redis before 7 alone and are left out.
// Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
func cacheSizes() map[string][]string {
	burstable := []string{"micro", "small", "medium"}
	intel := []string{"large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"}
	graviton := []string{"large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"}

	return map[string][]string{
		"t3": burstable, "t4g": burstable, "m5": intel, "r5": intel,
		"m6g": graviton, "m7g": graviton, "r6g": graviton, "r7g": graviton, "c7gn": graviton,
		tieredFamily: graviton[1:],
	}
}

// tieredFamily keeps a part of the data on disk.
const tieredFamily = "r6gd"

// checkCacheNodeType wants a type that runs the engine, and data on disk where that is what it is for.
func checkCacheNodeType(c *behaviour.Call) error {
	nodeType := c.Text("nodeType")
	if nodeType == "" {
		return fail(`"node_type" is required unless "global_replication_group_id" is set.`)
	}

	parts := regexp.MustCompile(`^cache\.([a-z0-9]+)\.([a-z0-9]+)$`).FindStringSubmatch(nodeType)
	if parts == nil || !slices.Contains(cacheSizes()[parts[1]], parts[2]) {
		return refuse("InvalidParameterValue", "The specified cache node type is not supported: %s", nodeType)
	}

	if tiered := parts[1] == tieredFamily; tiered != c.True("dataTieringEnabled") {
		return refuse("InvalidParameterCombination",
			"Data tiering must be enabled for node types of r6gd, and can be for no other: %s", nodeType)
	}

	return nil
}

// cacheNodes is how many nodes a replication group has: what the program says, or what it had.
func cacheNodes(c *behaviour.Call) int {
	before, _ := c.Tx.Get(c.Resource.Key)
	had, _ := before.Outputs["numCacheClusters"].(float64)

	switch {
	case isGiven(c, "numCacheClusters"):
		return c.Number("numCacheClusters")
	case isGiven(c, "replicasPerNodeGroup"):
		return 1 + c.Number("replicasPerNodeGroup")
	case had > 0:
		return int(had)
	}

	return 1
}

// checkCacheNodes wants as many nodes as one node group has, and at least two to fail over.
func checkCacheNodes(c *behaviour.Call) error {
	const most = 6 // a primary and five replicas

	if isGiven(c, "numCacheClusters") && (isGiven(c, "numNodeGroups") || isGiven(c, "replicasPerNodeGroup")) {
		return fail(`"num_cache_clusters": conflicts with num_node_groups and replicas_per_node_group`)
	}

	nodes := cacheNodes(c)

	switch {
	case nodes < 1 || nodes > most:
		return refuse("InvalidParameterValue", "The number of cache clusters must be between 1 and %d, got %d", most, nodes)
	case c.True("multiAzEnabled") && !c.True("automaticFailoverEnabled"):
		return fail("automatic_failover_enabled must be true if multi_az_enabled is true")
	case c.True("automaticFailoverEnabled") && nodes < 2:
		return refuse("InvalidParameterCombination", "Automatic failover needs at least 2 cache clusters, got %d", nodes)
	}

	return checkCacheZones(c, nodes)
}

// checkCacheZones wants two zones for what survives one, and subnets in all zones that are preferred.
func checkCacheZones(c *behaviour.Call, nodes int) error {
	zones := subnetZones(c, cacheSubnets().of(c).Texts("subnetIds"))
	preferred := c.Texts("preferredCacheClusterAzs")

	if isUpdate(c) {
		preferred = nil // the provider does not look at them again
	}

	if len(preferred) > 0 && len(preferred) != nodes {
		return refuse("InvalidParameterValue", "The number of preferred availability zones must match the number of "+
			"cache clusters: %d and %d", len(preferred), nodes)
	}

	for _, name := range preferred {
		if !slices.ContainsFunc(zones, func(known zone) bool { return known.name == name }) {
			return refuse("InvalidParameterValue", "The cache subnet group %s has no subnet in the availability zone %s",
				c.Text("subnetGroupName"), name)
		}
	}

	slices.Sort(preferred)

	alone := len(preferred) > 0 && len(slices.Compact(preferred)) < 2
	if c.True("multiAzEnabled") && (len(zones) < 2 || alone) {
		return refuse("InvalidParameterCombination", "Multi-AZ needs cache clusters in at least 2 availability zones")
	}

	return nil
}
