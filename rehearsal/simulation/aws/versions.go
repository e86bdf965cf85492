package aws

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/simulation/schema"
)

//go:embed versions.yaml
var versionsYAML []byte

// versionsFile is where the repository has the versions.
const versionsFile = "rehearsal/simulation/aws/versions.yaml"

// offers are the versions that AWS offers; versions.yaml describes them.
type offers struct {
	AsOf       string                  `yaml:"asOf"`
	Kubernetes []string                `yaml:"kubernetes"`
	MySQL      []string                `yaml:"mysql"`
	Valkey     map[string]string       `yaml:"valkey"`
	Addons     map[string]offeredAddon `yaml:"addons"`
}

// offeredAddon is one of EKS's add-ons.
type offeredAddon struct {
	Replicas bool                 `yaml:"replicas"`
	Versions map[string][2]string `yaml:"versions"`
}

func versions() offers {
	var read offers
	if err := yaml.Unmarshal(versionsYAML, &read); err != nil {
		panic(err) // the file is embedded, and every test reads it
	}

	return read
}

// lists are what schema/*.yaml name as known: a value that a list does not have is a warning.
func lists() map[string]schema.List {
	offered := versions()

	addons := func(version string) bool {
		return slices.ContainsFunc(slices.Collect(maps.Values(offered.Addons)), func(addon offeredAddon) bool {
			return addon.has(version)
		})
	}

	return map[string]schema.List{
		"kubernetes": {File: versionsFile, Has: func(version string) bool {
			return slices.Contains(offered.Kubernetes, version)
		}},
		"mysql":           {File: versionsFile, Has: func(version string) bool { return newestMySQL(version) != "" }},
		"valkey":          {File: versionsFile, Has: func(version string) bool { return offered.Valkey[version] != "" }},
		"addons":          {File: versionsFile, Has: addons},
		"databaseClasses": {File: "rehearsal/facts/classes.yaml", Has: runsDatabases},
		"cacheNodes":      {File: "rehearsal/facts/nodetypes.yaml", Has: facts.RunsCaches},
	}
}

func runsDatabases(class string) bool { return facts.DatabaseMemoryMiB(class) > 0 }

// minor is the number of a Kubernetes version such as "1.35", or 0.
func minor(version string) int {
	number, _ := strconv.Atoi(strings.TrimPrefix(version, "1."))

	return number
}

// newestMySQL is the newest known version that fits the wanted one, or "".
func newestMySQL(wanted string) string {
	for _, version := range slices.Backward(versions().MySQL) {
		if fits(version, wanted) {
			return version
		}
	}

	return ""
}

// completeValkey is how ElastiCache completes a version.
func completeValkey(version string) string {
	return cmp.Or(versions().Valkey[version], version+".0")
}

// of are the versions for a minor. A minor that the file does not know has those of the newest known one.
func (o offeredAddon) of(kubernetes string) [2]string {
	known := versions().Kubernetes
	for _, name := range []string{"all", kubernetes, known[len(known)-1]} {
		if found, exists := o.Versions[name]; exists {
			return found
		}
	}

	return [2]string{}
}

// has reports whether the file knows a version, for any minor.
func (o offeredAddon) has(version string) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(o.Versions)), func(known [2]string) bool {
		return slices.Contains(known[:], version)
	})
}
