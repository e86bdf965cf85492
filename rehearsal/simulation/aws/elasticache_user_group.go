package aws

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeCacheUserGroup = "aws:elasticache/userGroup:UserGroup"

// cacheUserGroup keeps none of its users, and is kept by the caches that let them in. One of Valkey may have none: the
// provider does not send an empty list, which the API would refuse.
// Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html
func cacheUserGroup() behaviour.Kind {
	return behaviour.Kind{
		Type: typeCacheUserGroup, Title: "ElastiCache User Group", Service: "ElastiCache",
		Verbs: behaviour.Verbs{Create: "CreateUserGroup", Update: "ModifyUserGroup", Delete: "DeleteUserGroup"},
		ID:    func(c *behaviour.Call) (string, error) { return c.Text("userGroupId"), nil },
		Computed: []behaviour.Output{
			behaviour.Format("arn", "arn:{partition}:elasticache:{region}:{account}:usergroup:{id}"), tagsAll(),
		},
		ForceNew:     []string{"userGroupId"},
		ForceNewFrom: fromValkey,
		Sets:         []string{"userIds"},
		References: []behaviour.Reference{{
			Property: "userIds", Types: []string{typeCacheUser}, OnDelete: behaviour.Ignore,
			Skip: func(id string) bool { return id == defaultUser },
		}},
		Unique: []behaviour.Unique{{
			Properties: []string{"userGroupId"},
			Taken:      taken("UserGroupAlreadyExists", "User Group %s already exists.", "userGroupId"),
		}},
		Checks:  []func(*behaviour.Call) error{checkCacheUserGroup, checkCacheUsers},
		Missing: missing("UserGroupNotFound", "User Group %s not found."),
		InUse: inUse("InvalidUserGroupState",
			"User Group %s is associated with a replication group and cannot be deleted."),
	}
}

// fromValkey says that nothing goes back from Valkey to Redis: it is made anew.
func fromValkey(old, inputs resource.PropertyMap) []string {
	if engineIn(old, "") == engineValkey && engineIn(inputs, "") == engineRedis {
		return []string{"engine"}
	}

	return nil
}

// engineIn is the engine that inputs ask for, if they say so.
func engineIn(inputs resource.PropertyMap, otherwise string) string {
	if given := inputs["engine"]; given.IsString() {
		return strings.ToLower(given.StringValue())
	}

	return otherwise
}

func checkCacheUserGroup(c *behaviour.Call) error {
	if engine := strings.ToLower(c.Text("engine")); engine != engineRedis && engine != engineValkey {
		return fail(`expected engine to be one of ["redis" "valkey"], got %s`, c.Text("engine"))
	}

	return checkCacheID("UserGroupId", c.Text("userGroupId"))
}

// checkCacheUsers wants each name once, in a group of Redis the default one, and in one of
// Valkey nobody who comes in without saying who they are.
// Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
func checkCacheUsers(c *behaviour.Call) error {
	names := map[string]bool{}
	isValkey := strings.EqualFold(c.Text("engine"), engineValkey)

	for _, user := range cacheUsersOf(c, c.Resource) {
		name := user.Text("userName")
		if names[name] {
			return refuse("DuplicateUserName", "User group can't contain two users with the same user name: %s", name)
		}

		if isValkey && authenticationOf(user) == byNothing {
			return refuse("InvalidParameterCombination", "User group of engine valkey can't contain a user without "+
				"authentication: %s", user.ID)
		}

		names[name] = true
	}

	if !isValkey && !names[defaultUser] {
		return refuse("DefaultUserRequired", "User group needs to contain a user with the user name default.")
	}

	return nil
}

// cacheUsersOf are a group's users, the one that the account has from the start included.
func cacheUsersOf(c *behaviour.Call, group account.Resource) []account.Resource {
	var users []account.Resource

	for _, id := range group.Texts("userIds") {
		user, exists := c.Get(typeCacheUser, id)
		if !exists {
			user = account.Resource{Key: account.Key{ID: id}, Outputs: map[string]any{
				"userName": id, "authenticationMode": map[string]any{"type": byNothing},
			}}
		}

		users = append(users, user)
	}

	return users
}
