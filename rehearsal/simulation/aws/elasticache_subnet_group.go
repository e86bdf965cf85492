package aws

import (
	"regexp"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeCacheSubnetGroup = "aws:elasticache/subnetGroup:SubnetGroup"

// cacheSubnets are the groups of caches' subnets.
func cacheSubnets() subnetGroups {
	return subnetGroups{group: typeCacheSubnetGroup, store: typeReplicationGroup, property: "subnetGroupName"}
}

// cacheSubnetGroup is a list of subnets, and no more: it keeps none of them. The
// interfaces of its nodes do.
func cacheSubnetGroup() behaviour.Kind {
	return behaviour.Kind{
		Type: typeCacheSubnetGroup, Title: "ElastiCache Subnet Group", Service: "ElastiCache",
		Verbs: behaviour.Verbs{
			Create: "CreateCacheSubnetGroup", Update: "ModifyCacheSubnetGroup", Delete: "DeleteCacheSubnetGroup",
		},
		ID:       func(c *behaviour.Call) (string, error) { return c.Text("name"), nil },
		AutoName: &behaviour.AutoName{Property: "name", Limit: 255, Lower: true},
		Defaults: map[string]any{"description": "Managed by Pulumi"},
		Computed: []behaviour.Output{
			behaviour.Format("arn", "arn:{partition}:elasticache:{region}:{account}:subnetgroup:{id}"), tagsAll(),
			{Name: "vpcId", Make: groupNetwork},
		},
		ForceNew: []string{"name"},
		Sets:     []string{"subnetIds"},
		References: []behaviour.Reference{{
			Property: "subnetIds", Types: []string{typeSubnet}, OnDelete: behaviour.Ignore,
			Missing: missing("InvalidSubnet", "Some input subnets in :[%s] are invalid."),
		}},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken:      taken("CacheSubnetGroupAlreadyExists", "Cache Subnet Group %s already exists.", "name"),
		}},
		Checks: []func(*behaviour.Call) error{
			checkCacheGroupName, checkCacheSubnets, checkOneNetwork, checkCacheSubnetsLeft,
		},
		Missing: missing("CacheSubnetGroupNotFoundFault", "Cache Subnet Group %s does not exist."),
		InUse: inUse("CacheSubnetGroupInUse",
			"Cache Subnet group %s is currently in use by a cache cluster."),
	}
}

// checkCacheGroupName is that of groups of subnets and of parameters.
func checkCacheGroupName(c *behaviour.Call) error {
	name := c.Text("name")
	if len(name) > 255 || name == "default" || !regexp.MustCompile(`^[a-z](-?[.0-9a-z])*$`).MatchString(name) {
		return refuse("InvalidParameterValue", "The name %q must begin with a letter, contain only lowercase letters, "+
			"digits and single hyphens, and not end with a hyphen.", name)
	}

	return nil
}

// checkCacheSubnets wants one at least.
func checkCacheSubnets(c *behaviour.Call) error {
	if len(c.Texts("subnetIds")) == 0 {
		return refuse("InvalidParameterValue", "At least one subnet must be specified.")
	}

	return nil
}

// checkCacheSubnetsLeft keeps in the group what its nodes are in: any of its subnets.
func checkCacheSubnetsLeft(c *behaviour.Call) error {
	before, exists := c.Tx.Get(c.Resource.Key)
	if !exists || len(cacheSubnets().stores(c, before.ID)) == 0 {
		return nil
	}

	for _, id := range before.Texts("subnetIds") {
		if !slices.Contains(c.Texts("subnetIds"), id) {
			return refuse("SubnetInUse", "The requested subnet %s is being used by another cache node.", id)
		}
	}

	return nil
}
