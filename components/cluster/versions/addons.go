package versions

import (
	_ "embed"
	"fmt"

	"go.yaml.in/yaml/v3"
)

//go:embed addons.yaml
var addonsYAML []byte

// Addons returns the pinned versions of the essential add-ons for a Kubernetes minor, by name: none for a minor that is
// not known.
func Addons(minor string) (map[string]string, error) {
	var pins []struct{ Minor, Addon, Version string }
	if err := yaml.Unmarshal(addonsYAML, &pins); err != nil {
		return nil, fmt.Errorf("reading the pinned versions of add-ons: %w", err)
	}

	pinned := make(map[string]string)

	for _, pin := range pins {
		if pin.Minor == minor {
			pinned[pin.Addon] = pin.Version
		}
	}

	return pinned, nil
}
