package controls

import (
	"fmt"
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

const (
	typeCache        = "aws:elasticache/replicationGroup:ReplicationGroup"
	typeCacheSubnets = "aws:elasticache/subnetGroup:SubnetGroup"
	typeCacheUsers   = "aws:elasticache/userGroup:UserGroup"
	typeCacheUser    = "aws:elasticache/user:User"
)

// cache is D9.
func cache(c *check) {
	c.noOtherStores("aws:elasticache/cluster:Cluster", "aws:elasticache/serverlessCache:ServerlessCache")
	c.each(typeCache, requirements{
		{"atRestEncryptionEnabled", is(true), "stored data is not encrypted; expected true"},
		{"transitEncryptionEnabled", is(true), "connections are not encrypted; expected true"},
		{"transitEncryptionMode", is(nil, "", "required"), "connections without TLS are accepted; expected required"},
		{"kmsKeyId", c.ownKey, notOwnKey},
		{"autoMinorVersionUpgrade", is(nil, true), noUpgrades},
		{"snapshotRetentionLimit", atLeast(1), "there are no snapshots; expected a number of days"},
		{"automaticFailoverEnabled", c.redundant, noSpareZone},
		{"multiAzEnabled", c.redundant, noSpareZone},
		{"authToken", is(nil), "the state contains a password"},
	})

	for _, cache := range c.all(typeCache) {
		c.dataSubnets(cache, "subnetGroupName", c.all(typeCacheSubnets))
		c.onlyNodes(cache, "securityGroupIds")
		c.iamUsers(cache)
	}
}

// iamUsers requires that a cache admits only users in groups of the stack, and that they log in with IAM.
func (c *check) iamUsers(cache state.Resource) {
	ids := list(cache, "userGroupIds")
	groups := filter(c.all(typeCacheUsers), func(group state.Resource) bool {
		return slices.Contains(ids, any(text(group, "userGroupId")))
	})
	c.hold(cache, "userGroupIds", len(groups) > 0 && len(groups) == len(ids),
		"any client is admitted, or users of an unknown group; expected user groups of the stack")

	for _, group := range groups {
		users := list(group, "userIds")
		for _, association := range where(c.all("aws:elasticache/userGroupAssociation:UserGroupAssociation"),
			"userGroupId", text(group, "userGroupId")) {
			users = append(users, text(association, "userId"))
		}

		for _, id := range users {
			user, ok := first(c.all(typeCacheUser), func(user state.Resource) bool { return text(user, "userId") == id })
			if ok {
				c.hold(user, "authenticationMode", text(user, "authenticationMode.type") == "iam",
					"the user logs in with a password; expected type iam")
			} else {
				c.hold(group, "userIds", false, fmt.Sprintf("%v is not a user of the stack", id))
			}
		}
	}
}

// dataSubnets requires that a store's subnet group is in the stack, and that its subnets have no route out of the VPC.
func (c *check) dataSubnets(store state.Resource, property string, groups []state.Resource) {
	used := named(groups, text(store, property))
	c.hold(store, property, len(used) > 0, "expected a subnet group of the stack")

	for _, group := range used {
		ids := list(group, "subnetIds")
		c.hold(group, "subnetIds", len(ids) > 0, "the group has no subnets")

		if c.hasForeignVPC() {
			continue
		}

		for _, id := range ids {
			subnet, ok := byID(c.all(typeSubnet), id)
			if !ok {
				c.hold(group, "subnetIds", false, fmt.Sprintf("%v is not a subnet of the stack", id))

				continue
			}

			_, own := byID(tables(c.State), tableOf(c.State, subnet))
			c.hold(subnet, "id", own && len(routesOf(c.State, subnet)) == 0,
				"a subnet with data has a route out of the VPC, or a route table that is not in the stack")
		}
	}
}

// onlyNodes requires that the security groups of a store are in the stack and admit only nodes.
func (c *check) onlyNodes(store state.Resource, property string) {
	ids := list(store, property)
	c.hold(store, property, len(ids) > 0, "the store has the VPC's default group")

	for _, id := range ids {
		if _, ok := byID(c.all(typeGroup), id); !ok {
			c.hold(store, property, false, fmt.Sprintf("%v is not a security group of the stack", id))
		}
	}

	for _, rules := range ruleSets(c.State) {
		if rules.direction != ingress || !slices.Contains(ids, any(rules.group())) {
			continue
		}

		for _, at := range rules.paths {
			source := text(rules.holder, at+"referencedSecurityGroupId")
			c.hold(rules.holder, rules.property("referencedSecurityGroupId"), c.onlyNodesHave(source),
				"expected a security group that only nodes have")
		}
	}
}

// onlyNodesHave reports whether a security group is in the stack and only nodes have it. The group that EKS creates is
// neither: it is also attached to the control plane.
func (c *check) onlyNodesHave(id string) bool {
	_, ok := byID(c.all(typeGroup), id)
	holders := c.holdersOf(id)

	return ok && len(holders) > 0 && !slices.ContainsFunc(holders, func(r state.Resource) bool {
		return string(r.Type) != typeLaunchTemplate
	})
}

// noOtherStores requires that the stack has no stores of types that no control checks.
func (c *check) noOtherStores(types ...string) {
	for _, store := range c.all(types...) {
		c.hold(store, "id", false, "no control checks stores of this type")
	}
}
