package settings

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

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
