package aws

import (
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const typeCacheUser = "aws:elasticache/user:User"

// defaultUser is the name of whoever does not say who they are. The account has a user of
// that id from the start.
const defaultUser = "default"

const (
	byIAM      = "iam"
	byPassword = "password"
	byNothing  = "no-password-required"
)

// cacheUser goes when it is told to, out of all its groups.
func cacheUser() behaviour.Kind {
	return behaviour.Kind{
		Type: typeCacheUser, Title: "ElastiCache User", Service: "ElastiCache",
		Verbs:    behaviour.Verbs{Create: "CreateUser", Update: "ModifyUser", Delete: "DeleteUser"},
		ID:       func(c *behaviour.Call) (string, error) { return c.Text("userId"), nil },
		Defaults: map[string]any{"noPasswordRequired": false},
		Computed: []behaviour.Output{
			behaviour.Format("arn", "arn:{partition}:elasticache:{region}:{account}:user:{id}"), tagsAll(),
			{Name: "authenticationMode.type", Volatile: true, Make: func(c *behaviour.Call) any {
				return authenticationOf(c.Resource)
			}},
			{Name: "authenticationMode.passwordCount", Volatile: true, Make: func(c *behaviour.Call) any {
				return len(passwordsOf(c))
			}},
		},
		ForceNew: []string{"userId", "userName"},
		Sets:     []string{"authenticationMode.passwords", "passwords"},
		Unique: []behaviour.Unique{{
			Properties: []string{"userId"},
			Taken:      taken("UserAlreadyExists", "User %s already exists.", "userId"),
		}},
		Checks:  []func(*behaviour.Call) error{checkCacheUserID, checkCacheAuthentication, checkAccessString},
		Guards:  []func(*behaviour.Call) error{guardDefaultUser},
		Deleted: leaveCacheGroups,
		Missing: missing("UserNotFound", "User %s not found."),
	}
}

// checkCacheID is that of users and of their groups.
func checkCacheID(property, id string) error {
	if len(id) > 40 || !regexp.MustCompile(`^[a-zA-Z](-?[0-9a-zA-Z])*$`).MatchString(id) {
		return refuse("InvalidParameterValue", "The parameter %s must have at most 40 letters, digits and single hyphens, "+
			"begin with a letter and not end with a hyphen: %q", property, id)
	}

	return nil
}

func checkCacheUserID(c *behaviour.Call) error {
	if engine := strings.ToLower(c.Text("engine")); engine != engineRedis && engine != engineValkey {
		return fail(`expected engine to be one of ["redis" "valkey"], got %s`, c.Text("engine"))
	}

	if c.Text("userId") == defaultUser {
		return refuse("UserAlreadyExists", "User %s already exists.", defaultUser)
	}

	return checkCacheID("UserId", c.Text("userId"))
}

// authenticationOf is how a user says who it is, in the two ways that a program says it.
func authenticationOf(user account.Resource) string {
	given := user.Texts("authenticationMode.type")

	switch {
	case len(given) > 0:
		return given[0]
	case len(user.Texts("passwords")) > 0:
		return byPassword
	case user.Outputs["noPasswordRequired"] == true:
		return byNothing
	}

	return ""
}

func passwordsOf(c *behaviour.Call) []string {
	return append(c.Texts("passwords"), c.Texts("authenticationMode.passwords")...)
}

// checkCacheAuthentication wants one way to say who a user is, and one that its engine has.
func checkCacheAuthentication(c *behaviour.Call) error {
	mode := authenticationOf(account.Resource{Outputs: c.Resource.Inputs})
	if !slices.Contains([]string{byIAM, byPassword, byNothing}, mode) {
		return refuse("InvalidParameterCombination",
			"Input Authentication type: %q is not in the allowed list: [password,no-password-required,iam]", mode)
	}

	if mode == byNothing && strings.EqualFold(c.Text("engine"), engineValkey) {
		return refuse("InvalidParameterCombination", "Users of engine valkey need a password or IAM.")
	}

	if mode == byIAM && c.Text("userId") != c.Text("userName") {
		return refuse("InvalidParameterCombination", "User Id and User name must be same for authentication type: iam")
	}

	return checkPasswords(mode, passwordsOf(c))
}

func checkPasswords(mode string, passwords []string) error {
	const most, shortest, longest = 2, 16, 128

	switch {
	case mode != byPassword && len(passwords) > 0:
		return refuse("InvalidParameterCombination", "Passwords cannot be given for authentication type: %s", mode)
	case mode == byPassword && (len(passwords) == 0 || len(passwords) > most):
		return refuse("InvalidParameterCombination", "A user needs one or two passwords, got %d", len(passwords))
	}

	if slices.ContainsFunc(passwords, func(text string) bool { return len(text) < shortest || len(text) > longest }) {
		return refuse("InvalidParameterValue", "Passwords length must be between %d-%d characters.", shortest, longest)
	}

	return nil
}

// accessRule is one word of an access string. Passwords and reset are not among them:
// ElastiCache keeps passwords itself.
var accessRule = regexp.MustCompile(`^(on|off|[~&].+|%R?W?~.+|[+-]@?[a-z|-]+|allkeys|allchannels|` +
	`allcommands|nocommands|resetkeys|resetchannels|clearselectors|\(.*|.*\))$`)

func checkAccessString(c *behaviour.Call) error {
	for rule := range strings.FieldsSeq(c.Text("accessString")) {
		if !accessRule.MatchString(rule) {
			return refuse("InvalidParameterValue", "Access String is not valid: %s", rule)
		}
	}

	return nil
}

// guardDefaultUser keeps in the groups of Redis whom they need.
func guardDefaultUser(c *behaviour.Call) error {
	if c.Text("userName") == defaultUser && len(cacheGroupsOf(c)) > 0 {
		return refuse("DefaultUserAssociatedToUserGroup",
			"The default user %s is associated with a user group and cannot be deleted.", c.Resource.ID)
	}

	return nil
}

func cacheGroupsOf(c *behaviour.Call) []account.Resource {
	return slices.DeleteFunc(c.Siblings(typeCacheUserGroup), func(group account.Resource) bool {
		return !slices.Contains(group.Texts("userIds"), c.Resource.ID)
	})
}

// leaveCacheGroups takes a user that is gone out of its groups, which the program sees only
// when it looks at them again.
func leaveCacheGroups(c *behaviour.Call) error {
	for _, group := range cacheGroupsOf(c) {
		group.Outputs["userIds"] = slices.DeleteFunc(property.At(group.Outputs, "userIds"), func(id any) bool {
			return id == c.Resource.ID
		})
		c.Tx.Put(group)
	}

	return nil
}
