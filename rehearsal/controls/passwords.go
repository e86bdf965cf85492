package controls

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// noPasswords is D7.
func noPasswords(c *check) {
	for _, database := range c.all(typeDatabase) {
		c.require(database, requirements{
			{"manageMasterUserPassword", is(true), "the admin's password is chosen by hand and never rotated; expected true"},
			{"masterUserSecretKmsKeyId", c.ownKey, notOwnKey},
			{"iamDatabaseAuthenticationEnabled", is(true), "services log in with passwords; expected true"},
		})
		c.hold(database, "password", secretIn(database) == "", "the state contains a password")
	}

	for _, r := range c.State.Resources {
		if name := secretIn(r); name != "" {
			c.hold(r, name, false, "the state contains a secret")
		}
	}
}

// secretIn returns the name of a property of a resource that contains a secret, be it an input or an output; "" if
// there is none.
func secretIn(r state.Resource) string {
	if is("kubernetes:core/v1:Secret", "random:index/randomPassword:RandomPassword")(string(r.Type)) {
		return "id"
	}

	if !strings.HasPrefix(string(r.Type), "aws:") {
		return ""
	}

	secrets := []string{ // of all types in the AWS provider
		"authToken", "masterPassword", "masterPasswordWo", "masterUserPassword", "password", "passwordWo", "passwords",
		"secretBinary", "secretString", "secretStringWo",
	}

	var found string

	isSecret := func(name string, value any) bool {
		if slices.Contains(secrets, name) && !blank(value) {
			found = name
		}

		return found != ""
	}
	_ = contains(r.Inputs, isSecret) || contains(r.Outputs, isSecret)

	return found
}
