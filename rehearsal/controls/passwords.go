package controls

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// noPasswords is D7.
func noPasswords(environment Environment, v *verdict) {
	for _, database := range of(environment.State, typeDatabase) {
		managed, _ := input(database, "manageMasterUserPassword").(bool)
		v.hold(database, "manageMasterUserPassword", managed, "somebody chose the admin's password, and nobody renews it")
		v.holdKey(environment.State, database, "masterUserSecretKmsKeyId")
		v.hold(database, "password", secretIn(database) == "", "a password is in the state")

		byIAM, _ := input(database, "iamDatabaseAuthenticationEnabled").(bool)
		v.hold(database, "iamDatabaseAuthenticationEnabled", byIAM, "services log in with passwords")
	}

	for _, r := range environment.State.Resources {
		if name := secretIn(r); name != "" {
			v.hold(r, name, false, "a secret is in the state")
		}
	}
}

// secretNames are what the AWS provider calls what only its owner should know.
func secretNames() []string {
	return []string{
		"authToken", "masterPassword", "masterPasswordWo", "masterUserPassword", "password", "passwordWo", "passwords",
		"secretBinary", "secretString", "secretStringWo",
	}
}

// secretIn returns the name of a secret that the state knows of a resource, be it one that somebody chose or one that
// AWS told; empty where it knows none.
func secretIn(r state.Resource) string {
	switch string(r.Type) {
	case "kubernetes:core/v1:Secret", "random:index/randomPassword:RandomPassword":
		return "id"
	}

	if !strings.HasPrefix(string(r.Type), "aws:") {
		return ""
	}

	var found string

	is := func(name string, value any) bool {
		if slices.Contains(secretNames(), name) && !blank(value) {
			found = name
		}

		return found != ""
	}
	_ = anywhere(r.Inputs, is) || anywhere(r.Outputs, is)

	return found
}

// blank reports whether a value says nothing.
func blank(value any) bool {
	elements, isList := value.([]any)

	return value == nil || value == "" || isList && len(elements) == 0
}
