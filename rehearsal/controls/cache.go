package controls

import (
	"fmt"
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

// The types that controls of caches look at.
const (
	typeCache        = "aws:elasticache/replicationGroup:ReplicationGroup"
	typeCacheSubnets = "aws:elasticache/subnetGroup:SubnetGroup"
	typeCacheUsers   = "aws:elasticache/userGroup:UserGroup"
	typeCacheUser    = "aws:elasticache/user:User"
)

// guardedCache is D9.
func guardedCache(environment Environment, v *verdict) {
	v.holdNone(environment.State,
		"aws:elasticache/cluster:Cluster", "aws:elasticache/serverlessCache:ServerlessCache")

	for _, cache := range of(environment.State, typeCache) {
		for property, reason := range map[string]string{
			"atRestEncryptionEnabled":  "what it keeps is not encrypted",
			"transitEncryptionEnabled": "connections are not encrypted",
		} {
			encrypted, _ := input(cache, property).(bool)
			v.hold(cache, property, encrypted, reason)
		}

		mode := text(cache, "transitEncryptionMode") // AWS requires it where nothing is said
		v.hold(cache, "transitEncryptionMode", mode == "" || mode == "required", "connections need not be encrypted")

		v.holdKey(environment.State, cache, "kmsKeyId")

		manual, said := input(cache, "autoMinorVersionUpgrade").(bool)
		v.hold(cache, "autoMinorVersionUpgrade", !said || manual, "nobody mends its minor version")

		days, _ := input(cache, "snapshotRetentionLimit").(float64)
		v.hold(cache, "snapshotRetentionLimit", days > 0, "it has no snapshots")

		for _, property := range []string{"automaticFailoverEnabled", "multiAzEnabled"} {
			spare, _ := input(cache, property).(bool)
			v.hold(cache, property, spare || !environment.HighlyAvailable, "it goes with its zone")
		}

		subnets := ofName(of(environment.State, typeCacheSubnets), text(cache, "subnetGroupName"))
		v.hold(cache, "subnetGroupName", len(subnets) > 0, "its subnets are not ours")

		for _, group := range subnets {
			v.holdSubnets(environment.State, group, "subnetIds")
		}

		v.holdClients(environment.State, cache, "securityGroupIds")
		v.holdUsers(environment.State, cache)
	}
}

// holdUsers holds a cache to let in users of a group, and those by IAM.
func (v *verdict) holdUsers(s *state.State, cache state.Resource) {
	v.hold(cache, "authToken", input(cache, "authToken") == nil, "a password is in the state")

	groups := slices.DeleteFunc(of(s, typeCacheUsers), func(group state.Resource) bool {
		return !slices.Contains(list(cache, "userGroupIds"), any(text(group, "userGroupId")))
	})
	known := len(groups) == len(list(cache, "userGroupIds"))
	v.hold(cache, "userGroupIds", len(groups) > 0 && known, "it lets in whoever reaches it, or a group that is not ours")

	for _, group := range groups {
		for _, id := range usersOf(s, group) {
			user, ours := first(of(s, typeCacheUser), func(user state.Resource) bool { return text(user, "userId") == id })
			if !ours {
				v.hold(group, "userIds", false, fmt.Sprintf("how its user %v logs in is not known", id))

				continue
			}

			v.hold(user, "authenticationMode", text(user, "authenticationMode.type") == "iam", "it does not log in by IAM")
		}
	}
}

// usersOf are the ids of a group's users, whichever resource puts them in it.
func usersOf(s *state.State, group state.Resource) []any {
	users := list(group, "userIds")

	for _, association := range of(s, "aws:elasticache/userGroupAssociation:UserGroupAssociation") {
		if text(association, "userGroupId") == text(group, "userGroupId") {
			users = append(users, text(association, "userId"))
		}
	}

	return users
}
