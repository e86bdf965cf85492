package aws

import (
	"fmt"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

func replicationGroupOutputs() []behaviour.Output {
	return append([]behaviour.Output{
		behaviour.Format("arn", "arn:{partition}:elasticache:{region}:{account}:replicationgroup:{id}"), tagsAll(),
		behaviour.Constant("engine", engineRedis),
		{Name: "engineVersion", Make: func(c *behaviour.Call) any { return cacheVersionOf(c).version }},
		{Name: "engineVersionActual", Volatile: true, Make: func(c *behaviour.Call) any { return cacheVersionOf(c).actual }},
		{Name: "parameterGroupName", Volatile: true, Make: func(c *behaviour.Call) any {
			return defaultCacheParameters(cacheVersionOf(c).family)
		}},
		behaviour.Constant("port", 6379),
		{Name: "atRestEncryptionEnabled", Make: func(c *behaviour.Call) any { return cacheEngine(c) == engineValkey }},
		behaviour.Constant("transitEncryptionEnabled", false),
		{Name: "transitEncryptionMode", Volatile: true, Make: transitMode},
		{Name: "securityGroupIds", Make: cacheSubnets().securityGroups},
		behaviour.Constant("securityGroupNames", []any{}),
		behaviour.Constant("applyImmediately", false), behaviour.Constant("autoMinorVersionUpgrade", true),
		behaviour.Constant("dataTieringEnabled", false), behaviour.Constant("globalReplicationGroupId", ""),
		behaviour.Constant("ipDiscovery", "ipv4"), behaviour.Constant("networkType", "ipv4"),
		behaviour.Constant("maintenanceWindow", "sun:05:00-sun:06:00"),
		behaviour.Constant("snapshotWindow", "06:30-07:30"), behaviour.Constant("snapshotRetentionLimit", 0),
	}, nodeOutputs()...)
}

// nodeOutputs are the group's nodes and their names. What follows from how many nodes
// there are follows every update; a name never changes.
func nodeOutputs() []behaviour.Output {
	return []behaviour.Output{
		{Name: "numCacheClusters", Volatile: true, Make: func(c *behaviour.Call) any { return cacheNodes(c) }},
		{Name: "replicasPerNodeGroup", Volatile: true, Make: func(c *behaviour.Call) any { return cacheNodes(c) - 1 }},
		{Name: "memberClusters", Volatile: true, Make: memberClusters},
		behaviour.Constant("numNodeGroups", 1),
		behaviour.Constant("clusterEnabled", false), behaviour.Constant("clusterMode", "disabled"),
		behaviour.Constant("configurationEndpointAddress", ""), // only in cluster mode
		{Name: "primaryEndpointAddress", Make: primaryEndpoint},
		{Name: "readerEndpointAddress", Make: readerEndpoint},
	}
}

func defaultCacheParameters(family string) string { return "default." + family }

func isDefaultCacheParameters(name string) bool { return strings.HasPrefix(name, "default.") }

func transitMode(c *behaviour.Call) any {
	if c.True("transitEncryptionEnabled") {
		return transitRequired
	}

	return ""
}

func memberClusters(c *behaviour.Call) any {
	var members []any
	for number := range cacheNodes(c) {
		members = append(members, fmt.Sprintf("%s-%03d", c.Resource.ID, number+1))
	}

	return members
}

// primaryEndpoint is the name that leads to whichever node is the primary: with TLS, one
// that a certificate is for. It has digits that each group has anew.
func primaryEndpoint(c *behaviour.Call) any {
	const length = 6

	domain := c.Digits(length)
	if c.True("transitEncryptionEnabled") {
		return "master." + c.Resource.ID + "." + domain + "." + cacheDomain(c)
	}

	return c.Resource.ID + "." + domain + ".ng.0001." + cacheDomain(c)
}

// readerEndpoint is the name that leads to the replicas, and to the primary where there are none.
func readerEndpoint(c *behaviour.Call) any {
	primary := c.Text("primaryEndpointAddress")
	if tls, found := strings.CutPrefix(primary, "master."); found {
		return "replica." + tls
	}

	return strings.Replace(primary, ".", "-ro.", 1)
}

// cacheDomain has the region as it begins the ids of its zones: use1 for us-east-1.
func cacheDomain(c *behaviour.Call) string {
	region, _, _ := strings.Cut(zonesOf(c.Place.Region)[0].id, "-")

	return region + ".cache.amazonaws.com"
}
