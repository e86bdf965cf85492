package plan

import (
	_ "embed"
	"maps"
	"slices"
	"time"
)

//go:embed support.yaml
var supportYAML []byte

//go:embed addons.yaml
var addonsYAML []byte

//go:embed addonnames.yaml
var addonNamesYAML []byte

// ends returns the last day of standard support of each minor.
func ends() map[string]time.Time { return decoded[map[string]time.Time](supportYAML) }

// Minors returns the known minors, the oldest first. All have two digits, so they sort as strings.
func Minors() []string { return slices.Sorted(maps.Keys(ends())) }

// SupportEnd returns the last day of standard support for a minor such as "1.35", and whether the minor is known.
func SupportEnd(minor string) (time.Time, bool) {
	end, known := ends()[minor]

	return end, known
}

// Supported reports whether a minor is known and in standard support at a time. The last day counts.
func Supported(minor string, now time.Time) bool {
	end, known := SupportEnd(minor)

	return known && now.Before(end.AddDate(0, 0, 1))
}

// Addons returns the pinned versions of the essential add-ons for a Kubernetes minor, by name. It returns none for an
// unknown minor.
func Addons(minor string) map[string]string {
	pinned := make(map[string]string)

	for _, pin := range decoded[[]struct{ Minor, Addon, Version string }](addonsYAML) {
		if pin.Minor == minor {
			pinned[pin.Addon] = pin.Version
		}
	}

	return pinned
}

// KnownAddons returns the names of add-ons that EKS has, for suggestions: EKS has more, and gets new ones.
func KnownAddons() []string { return decoded[[]string](addonNamesYAML) }
