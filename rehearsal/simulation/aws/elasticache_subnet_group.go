package aws

import (
	"regexp"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeCacheSubnetGroup = "aws:elasticache/subnetGroup:SubnetGroup"

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
			{Name: "vpcId", Make: func(c *behaviour.Call) any {
				subnet, _ := c.Get(typeSubnet, c.Text("subnetIds"))

				return subnet.Text("vpcId")
			}},
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
		Checks:  []func(*behaviour.Call) error{checkCacheGroupName, checkCacheNetwork, checkCacheSubnetsLeft},
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

func checkCacheNetwork(c *behaviour.Call) error {
	networks := map[string]bool{}

	for _, id := range c.Texts("subnetIds") {
		subnet, _ := c.Get(typeSubnet, id)
		networks[subnet.Text("vpcId")] = true
	}

	switch len(networks) {
	case 0:
		return refuse("InvalidParameterValue", "At least one subnet must be specified.")
	case 1:
		return nil
	}

	return refuse("InvalidSubnet", "The requested subnets are not all in a common VPC.")
}

// checkCacheSubnetsLeft keeps in the group what its nodes are in: any of its subnets.
func checkCacheSubnetsLeft(c *behaviour.Call) error {
	before, exists := c.Tx.Get(c.Resource.Key)
	if !exists || len(cachesIn(c, before.ID)) == 0 {
		return nil
	}

	for _, id := range before.Texts("subnetIds") {
		if !slices.Contains(c.Texts("subnetIds"), id) {
			return refuse("SubnetInUse", "The requested subnet %s is being used by another cache node.", id)
		}
	}

	return nil
}

// cacheSubnetsOf is the group of a cache's subnets.
func cacheSubnetsOf(c *behaviour.Call) account.Resource {
	group, _ := c.Get(typeCacheSubnetGroup, c.Text("subnetGroupName"))

	return group
}

// cachesIn are those of a subnet group.
func cachesIn(c *behaviour.Call, group string) []account.Resource {
	return slices.DeleteFunc(c.Siblings(typeReplicationGroup), func(cache account.Resource) bool {
		return cache.Text("subnetGroupName") != group
	})
}

// guardCacheInterfaces keeps a subnet in which caches can have interfaces: those of a
// group's nodes. A group without nodes does not keep it.
func guardCacheInterfaces(c *behaviour.Call) error {
	for _, group := range c.Siblings(typeCacheSubnetGroup) {
		if slices.Contains(group.Texts("subnetIds"), c.Resource.ID) && len(cachesIn(c, group.ID)) > 0 {
			return refuse("DependencyViolation", "The subnet '%s' has dependencies and cannot be deleted.", c.Resource.ID)
		}
	}

	return nil
}
