// Package engine says which versions of MySQL a database can be of, and which instance classes run them.
package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Known returns the versions of MySQL in RDS's standard support that the platform is tried with, the oldest first. 8.4
// is supported until 2029-07-31; 8.0 was until 2026-07-31, and costs extra since (Amazon RDS User Guide, "Supported
// MySQL major versions").
func Known() []string { return []string{"8.4"} }

// Family is the family of the parameter groups of a version.
func Family(version string) string { return "mysql" + version }

var classForm = regexp.MustCompile(`^db\.([a-z][a-z0-9]*)\.([0-9]*x?large|micro|small|medium)$`)

// families are those whose classes run every known version (Amazon RDS User Guide, "Supported DB engines for DB
// instance classes").
func families() []string {
	return []string{
		"t3", "t4g", "m5", "m5d", "m6g", "m6gd", "m6i", "m6id", "m7g", "m7i", "m8g", "r5", "r5b", "r5d", "r6g", "r6gd", "r6i",
		"r6id", "r7g", "r7i", "r8g", "x2g", "x2idn", "x2iedn",
	}
}

// CheckClass refuses what is no instance class, and one on which RDS does not run the version.
func CheckClass(version, class string) error {
	match := classForm.FindStringSubmatch(class)
	if match == nil {
		return fmt.Errorf("%q is no instance class, as db.t4g.micro is", class)
	}

	if !slices.Contains(families(), match[1]) {
		return fmt.Errorf("RDS does not run MySQL %s on db.%s, but on those of %s", version, match[1],
			strings.Join(families(), ", "))
	}

	return nil
}

// reserved are the parameters that are not tuned: what they say is not for choice.
func reserved() []string {
	return []string{"log_output", "require_secure_transport", "slow_query_log"}
}

// CheckParameter refuses the name of a parameter that a database sets by itself.
func CheckParameter(name string) error {
	if slices.Contains(reserved(), name) {
		return fmt.Errorf("%s is set already: connections are encrypted, and slow queries logged to a file", name)
	}

	return nil
}
