// Package engine says which versions of Valkey a cache can be of, and which node types run them.
package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Known returns the versions of Valkey that the platform is tried with, the oldest first.
func Known() []string { return []string{"8.0", "8.1"} }

// Family is the family of the parameter groups of all known versions.
const Family = "valkey8"

var typeForm = regexp.MustCompile(`^cache\.([a-z][a-z0-9]*)\.([0-9]*x?large|micro|small|medium)$`)

// families are those whose node types run every known version (Amazon ElastiCache User Guide, "Supported node types").
// The r6gd, which keep a part of the data on disk, are left out: they want other settings.
func families() []string {
	return []string{"t3", "t4g", "m5", "m6g", "m7g", "r5", "r6g", "r7g", "c7gn"}
}

// CheckNodeType refuses what is no node type, and one on which ElastiCache does not run the version.
func CheckNodeType(version, nodeType string) error {
	match := typeForm.FindStringSubmatch(nodeType)
	if match == nil {
		return fmt.Errorf("%q is no node type, as cache.t4g.micro is", nodeType)
	}

	if !slices.Contains(families(), match[1]) {
		return fmt.Errorf("ElastiCache does not run Valkey %s on cache.%s, but on those of %s", version, match[1],
			strings.Join(families(), ", "))
	}

	return nil
}
