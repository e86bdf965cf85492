// Package engine lists the versions of MySQL that a database can have, and the instance classes that run them.
package engine

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Known returns the versions of MySQL in RDS's standard support that the platform is tested with, the oldest first. 8.4
// is supported until 2029-07-31. Support for 8.0 ended on 2026-07-31, and running it costs extra (Amazon RDS User
// Guide, "Supported MySQL major versions").
func Known() []string { return []string{"8.4"} }

// Family is the family of the parameter groups of a version.
func Family(version string) string { return "mysql" + version }

var classForm = regexp.MustCompile(`^db\.([a-z][a-z0-9]*)\.([a-z0-9]+)$`)

//go:embed classes.yaml
var classesYAML []byte

// classes returns the memory of each size in GiB, for each family whose classes run every known version.
func classes() map[string]map[string]int {
	var memory map[string]map[string]int
	if err := yaml.Unmarshal(classesYAML, &memory); err != nil {
		panic(err) // the embedded file is invalid
	}

	return memory
}

// CheckClass refuses an instance class that does not exist, or on which RDS does not run the version.
func CheckClass(version, class string) error {
	match := classForm.FindStringSubmatch(class)
	if match == nil {
		return fmt.Errorf("%q is not an instance class such as db.t4g.micro", class)
	}

	family, size := match[1], match[2]

	switch memory := classes()[family]; {
	case memory == nil:
		return fmt.Errorf("RDS does not run MySQL %s on db.%s, only on %s", version, family,
			strings.Join(slices.Sorted(maps.Keys(classes())), ", "))
	case memory[size] == 0:
		sizes := slices.SortedFunc(maps.Keys(memory), func(a, b string) int { return memory[a] - memory[b] })

		return fmt.Errorf("db.%[2]s has no size %[1]s, only %[3]s", size, family, strings.Join(sizes, ", "))
	}

	return nil
}

// reserved are the parameters that the platform sets; the settings cannot change them.
func reserved() []string {
	return []string{"log_output", "require_secure_transport", "slow_query_log"}
}

//go:embed parameters.yaml
var parametersYAML []byte

// parameter is what RDS documents about a parameter.
type parameter struct {
	Values Values `yaml:"values"`
	Static bool   `yaml:"static"`
	Fixed  bool   `yaml:"fixed"`
}

func parameters() map[string]parameter {
	var known map[string]parameter
	if err := yaml.Unmarshal(parametersYAML, &known); err != nil {
		panic(err) // the embedded file is invalid
	}

	return known
}

// Parameters returns the names of the parameters that the platform knows. RDS has more.
func Parameters() []string { return slices.Sorted(maps.Keys(parameters())) }

// CheckParameter refuses a parameter that the platform or RDS sets, and one that takes effect only after a restart: no
// run restarts a database, so a run would succeed without effect.
func CheckParameter(name string) error {
	switch {
	case slices.Contains(reserved(), name):
		return fmt.Errorf("the platform sets %s: connections are encrypted, and slow queries are logged to a file", name)
	case parameters()[name].Fixed:
		return fmt.Errorf("RDS sets %s", name)
	case parameters()[name].Static:
		return fmt.Errorf("%s takes effect only after a restart of the database, and no run restarts it", name)
	}

	return nil
}

// Values are the values of a parameter as RDS lists them: "0,1" or "1-100000". Empty means that any string may be one.
type Values string

// ValuesOf returns the values of a parameter. Those of an unknown one are empty.
func ValuesOf(name string) Values { return parameters()[name].Values }

// Accept reports whether a value is a number of the range, a formula over the instance's memory in its place, or
// consists of values of the list.
func (v Values) Accept(value string) bool {
	from, to, _ := strings.Cut(string(v), "-")
	least, first := strconv.ParseFloat(from, 64)
	most, second := strconv.ParseFloat(to, 64)

	if first == nil && second == nil {
		number, err := strconv.ParseFloat(value, 64)

		return strings.Contains(value, "{") || err == nil && number >= least && number <= most
	}

	known := strings.Split(string(v), ",")

	return v == "" || !slices.ContainsFunc(strings.Split(value, ","), func(part string) bool {
		return !slices.Contains(known, part)
	})
}
