// Package engine says which versions of Valkey a cache can be of, and which node types run them.
package engine

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Known returns the versions of Valkey that the platform is tried with, the oldest first: all minors of Valkey 8, or
// ElastiCache could upgrade a cache by itself to one that the settings cannot name (Amazon ElastiCache User Guide,
// "Engine versions and upgrading").
func Known() []string { return []string{"8.0", "8.1", "8.2"} }

// Family is the family of the parameter groups of all known versions.
const Family = "valkey8"

var typeForm = regexp.MustCompile(`^cache\.([a-z][a-z0-9]*)\.([a-z0-9]+)$`)

// sizes are those of each family whose node types run every known version, the smallest first (Amazon ElastiCache User
// Guide, "Supported node types"). The r6gd, which keep a part of the data on disk, are left out: they want other
// settings.
func sizes() map[string][]string {
	burstable := []string{"micro", "small", "medium"}
	intel := []string{"large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"}
	graviton := []string{"large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"}

	return map[string][]string{
		"t3": burstable, "t4g": burstable, "m5": intel, "r5": intel,
		"m6g": graviton, "m7g": graviton, "r6g": graviton, "r7g": graviton, "c7gn": graviton,
	}
}

// CheckNodeType refuses what is no node type, and one on which ElastiCache does not run the version.
func CheckNodeType(version, nodeType string) error {
	match := typeForm.FindStringSubmatch(nodeType)
	if match == nil {
		return fmt.Errorf("%q is no node type, as cache.t4g.micro is", nodeType)
	}

	family, size := match[1], match[2]

	switch known := sizes()[family]; {
	case known == nil:
		return fmt.Errorf("ElastiCache does not run Valkey %s on cache.%s, but on those of %s", version, family,
			strings.Join(slices.Sorted(maps.Keys(sizes())), ", "))
	case !slices.Contains(known, size):
		return fmt.Errorf("ElastiCache has no %s of cache.%s, but %s", size, family, strings.Join(known, ", "))
	}

	return nil
}
