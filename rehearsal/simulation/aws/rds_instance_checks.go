package aws

import (
	"regexp"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// checkSimulated refuses what RDS has and the simulation has not, rather than make something else.
func checkSimulated(c *behaviour.Call) error {
	for _, property := range []string{"replicateSourceDb", "restoreToPointInTime", "s3Import"} {
		if isGiven(c, property) {
			return fail("%s of RDS DB Instances is not simulated", property)
		}
	}

	if engine := c.Text("engine"); engine != "" && engine != "mysql" {
		return fail("engine %q of RDS DB Instances is not simulated; known: mysql", engine)
	}

	return nil
}

// checkDatabaseNames wants what the provider wants before it calls RDS, and RDS itself.
func checkDatabaseNames(c *behaviour.Call) error {
	required := []struct{ property, name string }{
		{"allocatedStorage", "allocated_storage"}, {"engine", "engine"}, {"username", "username"},
	}
	for _, field := range required {
		if c.Resource.Outputs[field.property] == nil {
			return fail(`"%s": required field is not set`, field.name)
		}
	}

	if isGiven(c, "identifier") && isGiven(c, "identifierPrefix") {
		return fail(`"identifier": conflicts with identifier_prefix`)
	}

	for _, field := range []struct{ property, name string }{
		{"identifier", "identifier"}, {"finalSnapshotIdentifier", "final_snapshot_identifier"},
	} {
		if err := checkIdentifier(field.name, c.Text(field.property)); err != nil {
			return err
		}
	}

	if name := c.Text("dbName"); name != "" && !regexp.MustCompile(`^[A-Za-z][0-9A-Za-z_]{0,63}$`).MatchString(name) {
		return refuse("InvalidParameterValue",
			"DBName must begin with a letter and contain only alphanumeric characters.")
	}

	return nil
}

// checkIdentifier wants letters, digits and single hyphens, and for instances, which have
// names in DNS, small letters.
func checkIdentifier(name, value string) error {
	form, characters := `^[A-Za-z][0-9A-Za-z]*(-[0-9A-Za-z]+)*$`, "alphanumeric"
	if name == "identifier" {
		form, characters = `^[a-z][0-9a-z]*(-[0-9a-z]+)*$`, "lowercase alphanumeric"
	}

	if value == "" || regexp.MustCompile(form).MatchString(value) && len(value) <= 255 {
		return checkIdentifierLength(name, value)
	}

	return fail("only %s characters and single hyphens allowed in %q, behind a letter and not at the end: %q",
		characters, name, value)
}

func checkIdentifierLength(name, value string) error {
	if name == "identifier" && len(value) > 63 {
		return refuse("InvalidParameterValue", "The parameter DBInstanceIdentifier is not a valid identifier. "+
			"Identifiers must have 1 to 63 characters; got %d.", len(value))
	}

	return nil
}

// checkMasterUser wants a user and one way to its password.
func checkMasterUser(c *behaviour.Call) error {
	user := c.Text("username")
	if !regexp.MustCompile(`^[A-Za-z][0-9A-Za-z_]{0,15}$`).MatchString(user) {
		return refuse("InvalidParameterValue", "The parameter MasterUsername is not a valid identifier: "+
			"1 to 16 letters and numbers, a letter first")
	}

	if slices.Contains([]string{"rdsadmin", "mysql", "rdsrepladmin"}, user) {
		return refuse("InvalidParameterValue", "MasterUsername %s cannot be used as it is a reserved word used by the engine",
			user)
	}

	if c.True("manageMasterUserPassword") {
		if isGiven(c, "password") {
			return refuse("InvalidParameterCombination",
				"You can't specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.")
		}

		return nil
	}

	if isGiven(c, "masterUserSecretKmsKeyId") {
		return refuse("InvalidParameterCombination",
			"You must enable ManageMasterUserPassword to specify MasterUserSecretKmsKeyId.")
	}

	return checkPassword(c)
}

// checkPassword looks at a password of the program's own. No text of it is in an error.
func checkPassword(c *behaviour.Call) error {
	password := c.Text("password")
	if password == "" && isGiven(c, "snapshotIdentifier") {
		return nil // the one of the snapshot
	}

	switch {
	case password == "":
		return refuse("InvalidParameterValue", "The parameter MasterUserPassword must be provided and must not be blank.")
	case len(password) < 8:
		return refuse("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password because it is "+
			"shorter than 8 characters.")
	case len(password) > 41:
		return refuse("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password because it is "+
			"longer than 41 characters.")
	case regexp.MustCompile(`[^!-~]|[/@"]`).MatchString(password):
		return refuse("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password. Only printable "+
			"ASCII characters besides '/', '@', '\"', ' ' may be used.")
	}

	return nil
}

// guardProtection keeps a protected database.
func guardProtection(c *behaviour.Call) error {
	if c.True("deletionProtection") {
		return refuse("InvalidParameterCombination",
			"Cannot delete protected DB Instance, please disable deletion protection and try again.")
	}

	return nil
}
