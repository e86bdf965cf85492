package engine

import (
	_ "embed"
	"slices"

	"go.yaml.in/yaml/v3"
)

//go:embed rootless.yaml
var rootlessYAML []byte

// LacksRoots reports whether the services have no root certificates of Amazon RDS for a region.
func LacksRoots(region string) bool {
	var regions []string
	if err := yaml.Unmarshal(rootlessYAML, &regions); err != nil {
		panic(err) // the embedded file is invalid
	}

	return slices.Contains(regions, region)
}
