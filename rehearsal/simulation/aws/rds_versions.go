package aws

import (
	"slices"
	"strconv"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const licenseOfMySQL = "general-public-license"

// mysqlVersions are the ones a database can be made with, by major version, the oldest first.
// Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
func mysqlVersions() []string {
	return []string{
		"8.0.40", "8.0.41", "8.0.42", "8.0.43", "8.0.44", "8.4.3", "8.4.4", "8.4.5", "8.4.6", "8.4.7",
	}
}

// newestMySQL is the newest version with that prefix, or "".
func newestMySQL(prefix string) string {
	for _, version := range slices.Backward(mysqlVersions()) {
		if prefix == "" || version == prefix || strings.HasPrefix(version, prefix+".") {
			return version
		}
	}

	return ""
}

// majorOf is 8.4 of 8.4.7.
func majorOf(version string) string {
	parts := append(strings.Split(version, "."), "")

	return parts[0] + "." + parts[1]
}

// familyOf is the family of parameter groups that fits a version.
func familyOf(version string) string {
	return "mysql" + majorOf(version)
}

// actualVersion is the one that runs. A prefix that it has leaves it as it is.
func actualVersion(c *behaviour.Call) any {
	wanted := c.Text("engineVersion")

	running := c.Text("engineVersionActual")
	if running == wanted || strings.HasPrefix(running, wanted+".") {
		return running
	}

	return newestMySQL(wanted)
}

// checkDatabaseVersion wants a version that RDS has, and no way back.
func checkDatabaseVersion(c *behaviour.Call) error {
	wanted := c.Text("engineVersion")
	if wanted == "" {
		return nil
	}

	before, exists := c.Tx.Get(c.Resource.Key)
	running := before.Text("engineVersionActual")

	if exists && (wanted == running || strings.HasPrefix(running, wanted+".")) {
		return nil
	}

	version := newestMySQL(wanted)
	if version == "" || !strings.Contains(wanted, ".") {
		return refuse("InvalidParameterCombination", "Cannot find version %s for mysql", wanted)
	}

	if !exists {
		return nil
	}

	return checkUpgrade(c, running, version)
}

// checkUpgrade wants a newer version, and to be told when it is a major one.
func checkUpgrade(c *behaviour.Call, running, version string) error {
	switch {
	case !isNewer(version, running):
		return refuse("InvalidParameterCombination", "Cannot upgrade mysql from %s to %s", running, version)
	case majorOf(version) != majorOf(running) && !c.True("allowMajorVersionUpgrade"):
		return refuse("InvalidParameterCombination",
			"The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
	}

	return nil
}

func isNewer(version, than string) bool {
	return slices.Compare(numbers(version), numbers(than)) > 0
}

func numbers(version string) []int {
	var found []int

	for part := range strings.SplitSeq(version, ".") {
		number, _ := strconv.Atoi(part) // the table's
		found = append(found, number)
	}

	return found
}

// checkDatabaseFamily wants a parameter group of the version's family.
func checkDatabaseFamily(c *behaviour.Call) error {
	name := c.Text("parameterGroupName")
	if name == "" {
		return nil
	}

	family, isDefault := strings.CutPrefix(name, "default.")
	if !isDefault {
		group, _ := c.Get(typeDatabaseParameterGroup, name)
		family = group.Text("family")
	}

	wanted := familyOf(c.Text("engineVersion"))
	if c.Text("engineVersion") == "" {
		wanted = familyOf(newestMySQL(""))
	}

	if family != wanted && (isGiven(c, "parameterGroupName") || !isUpdate(c)) {
		return refuse("InvalidParameterCombination", "The Parameter Group %s with DBParameterGroupFamily %s cannot be used "+
			"for this instance. Please use a Parameter Group with DBParameterGroupFamily %s", name, family, wanted)
	}

	return nil
}
