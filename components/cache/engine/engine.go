// Package engine lists the versions of Valkey that a cache can have, and the node types that run them.
package engine

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Known returns the versions of Valkey that the platform is tested with, the oldest first. They are all minors of
// Valkey 8, so that an automatic minor upgrade by ElastiCache never leads to a version that the settings cannot name
// (Amazon ElastiCache User Guide, "Engine versions and upgrading").
func Known() []string { return []string{"8.0", "8.1", "8.2"} }

// Family is the family of the parameter groups of all known versions.
const Family = "valkey8"

var typeForm = regexp.MustCompile(`^cache\.([a-z][a-z0-9]*)\.([a-z0-9]+)$`)

//go:embed nodetypes.yaml
var nodeTypesYAML []byte

// sizes returns the sizes of each family whose node types run every known version, the smallest first.
func sizes() map[string][]string {
	var sizes map[string][]string
	if err := yaml.Unmarshal(nodeTypesYAML, &sizes); err != nil {
		panic(err) // the embedded file is invalid
	}

	return sizes
}

// CheckNodeType refuses a node type that does not exist, or on which ElastiCache does not run the version.
func CheckNodeType(version, nodeType string) error {
	match := typeForm.FindStringSubmatch(nodeType)
	if match == nil {
		return fmt.Errorf("%q is not a node type such as cache.t4g.micro", nodeType)
	}

	family, size := match[1], match[2]

	switch known := sizes()[family]; {
	case known == nil:
		return fmt.Errorf("ElastiCache does not run Valkey %s on cache.%s, only on %s", version, family,
			strings.Join(slices.Sorted(maps.Keys(sizes())), ", "))
	case !slices.Contains(known, size):
		return fmt.Errorf("cache.%[2]s has no size %[1]s, only %[3]s", size, family, strings.Join(known, ", "))
	}

	return nil
}
