package settings

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/internal/config"
)

//go:embed addon_values.yaml
var addonValuesYAML []byte

// addonValues returns the types of values that an add-on's schema states, by path. A step * stands for every name.
func addonValues(addon string) map[string]string {
	var types map[string]map[string]string
	if err := yaml.Unmarshal(addonValuesYAML, &types); err != nil {
		panic(err) // embedded
	}

	return types[addon]
}

// checkAddonValues requires the types of an add-on's values, below the path prefix. EKS checks everything else, during
// up.
func (c *checker) checkAddonValues(at string, values map[string]any, types map[string]string, prefix string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		path, value, key := config.Member(at, name), values[name], prefix+name
		if _, known := types[prefix+"*"]; known {
			key = prefix + "*"
		}

		if expected, known := types[key]; known && typeOf(value) != expected {
			c.Report(path, expected, c.convert(path, value, expected))
		} else if object, ok := value.(map[string]any); ok {
			c.checkAddonValues(path, object, types, key+".")
		}
	}
}

// A MisspeltValue is the path of a value in an add-on's values that its schema, as far as the platform lists it, does
// not have, and the path that is meant. Both are below platform:cluster.
type MisspeltValue struct{ Path, Meant string }

// MisspeltAddonValues returns the values of add-ons whose names resemble a listed one that is not set. The list is not
// complete, so other values are not suspicious.
func (c Cluster) MisspeltAddonValues() []MisspeltValue {
	var found []MisspeltValue

	for _, name := range slices.Sorted(maps.Keys(c.Addons)) {
		at := config.Member(addonsPath, name) + ".values"
		found = append(found, misspelt(at, c.Addons[name].Values, addonValues(name), "")...)
	}

	return found
}

// misspelt returns the misspelt values of one object of an add-on, whose listed members start with the prefix.
func misspelt(at string, values map[string]any, types map[string]string, prefix string) []MisspeltValue {
	if _, anyName := types[prefix+"*"]; anyName {
		return nil
	}

	var found []MisspeltValue

	for _, name := range slices.Sorted(maps.Keys(values)) {
		path := config.Member(at, name)

		if _, listed := types[prefix+name]; listed {
			object, _ := values[name].(map[string]any)
			found = append(found, misspelt(path, object, types, prefix+name+".")...)
		} else if meant := config.Nearest(name, unset(values, types, prefix)); meant != "" {
			found = append(found, MisspeltValue{path, config.Member(at, meant)})
		}
	}

	return found
}

// unset returns the listed members of an object that it does not have.
func unset(values map[string]any, types map[string]string, prefix string) []string {
	var names []string

	for _, key := range slices.Sorted(maps.Keys(types)) {
		name, within := strings.CutPrefix(key, prefix)
		if _, set := values[name]; within && !set && !strings.Contains(name, ".") {
			names = append(names, name)
		}
	}

	return names
}

const (
	aBoolean = "true or false, without quotes"
	aNumber  = "a whole number, without quotes"
	aString  = "a string, in quotes if it is true, false or a number"
	aList    = "a list"
	anObject = "an object"
)

// typeOf returns the type of a value, in the words of addon_values.yaml. Null counts as an object.
func typeOf(value any) string {
	switch value := value.(type) {
	case bool:
		return aBoolean
	case json.Number:
		if _, err := value.Int64(); err == nil {
			return aNumber
		}

		return "a number"
	case string:
		return aString
	case []any:
		return aList
	default:
		return anObject
	}
}

// convert returns the command that sets the value as the expected type, or removes it if that is impossible.
func (c *checker) convert(path string, value any, expected string) string {
	text := fmt.Sprint(value)

	switch kind := typeOf(value); {
	case kind == aList || kind == anObject:
	case expected == aString:
		return c.SetString(path, text)
	case expected == aBoolean && (text == "true" || text == "false"):
		return c.Set(path, text)
	case expected == aNumber:
		if _, err := strconv.Atoi(text); err == nil {
			return c.Set(path, text)
		}
	}

	return c.Remove(path)
}
