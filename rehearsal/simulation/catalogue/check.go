package catalogue

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/property"
	"github.com/msur/platform/rehearsal/simulation/suggest"
)

// suggestions is how many known names a refusal lists.
const suggestions = 5

// Failure is one property that the catalogue refuses.
type Failure struct {
	Path   string // "ingress[0].fromPort"
	Reason string
	// Warning is set where the property may be right.
	Warning bool
}

// CheckType checks a resource's inputs at any depth, and returns every failure in the order of the paths. The type must
// be known.
func (c *Catalogue) CheckType(token string, inputs resource.PropertyMap) []Failure {
	return c.check(token, c.Types[token].Inputs, inputs)
}

// CheckFunction checks a function's arguments.
func (c *Catalogue) CheckFunction(token string, arguments resource.PropertyMap) []Failure {
	return c.check(token, c.Functions[token].Arguments, arguments)
}

// CheckConfiguration refuses unknown settings of the provider. It does not check kinds: the engine encodes nested
// settings as JSON.
func (c *Catalogue) CheckConfiguration(configuration resource.PropertyMap) []Failure {
	w := walk{catalogue: c, token: "provider"}
	for _, name := range configuration.StableKeys() {
		if _, known := c.Configuration[string(name)]; !known && !internal(name) {
			w.fail(string(name), unknown(name, c.Configuration))
		}
	}

	return w.failures
}

// internal reports whether a name is the engine's or the bridge's own: version, __defaults.
func internal(name resource.PropertyKey) bool {
	return resource.IsInternalPropertyKey(name) || name == "version" || name == "pluginDownloadURL"
}

func (c *Catalogue) check(token string, known map[string]string, values resource.PropertyMap) []Failure {
	w := walk{catalogue: c, token: token}
	w.object("", known, values)

	return w.failures
}

// walk gathers the failures of one check.
type walk struct {
	catalogue *Catalogue
	token     string
	failures  []Failure
}

func (w *walk) fail(path, reason string) {
	w.failures = append(w.failures, Failure{Path: path, Reason: w.token + ": " + reason})
}

func (w *walk) object(path string, known map[string]string, values resource.PropertyMap) {
	for _, name := range values.StableKeys() {
		kind, ok := known[string(name)]
		switch {
		case resource.IsInternalPropertyKey(name):
		case !ok:
			w.fail(join(path, string(name)), unknown(name, known))
		default:
			w.value(join(path, string(name)), strings.TrimSuffix(kind, Required), values[name])
		}
	}

	for _, name := range slices.Sorted(maps.Keys(known)) {
		if _, given := values[resource.PropertyKey(name)]; !given && strings.HasSuffix(known[name], Required) {
			w.fail(join(path, name), fmt.Sprintf("missing required property %q", name))
		}
	}
}

func (w *walk) value(path, kind string, value resource.PropertyValue) {
	value = property.Reveal(value)
	if value.IsComputed() || value.IsNull() || kind == Any {
		return
	}

	if !w.inside(path, kind, value) && !scalar(kind, value) {
		w.fail(path, fmt.Sprintf("property %q is %s, expected %s", path, describe(value), kind))
	}
}

// inside walks into a list, map or object, and reports whether the value is one of its kind.
func (w *walk) inside(path, kind string, value resource.PropertyValue) bool {
	if element, isList := strings.CutPrefix(kind, List); isList && value.IsArray() {
		for i, item := range value.ArrayValue() {
			w.value(fmt.Sprintf("%s[%d]", path, i), element, item)
		}

		return true
	}

	if !value.IsObject() {
		return false
	}

	if entry, isMap := strings.CutPrefix(kind, Map); isMap {
		for _, name := range value.ObjectValue().StableKeys() {
			w.value(join(path, string(name)), entry, value.ObjectValue()[name])
		}

		return true
	}

	properties, isObject := w.catalogue.Objects[kind]
	if isObject {
		w.object(path, properties, value.ObjectValue())
	}

	return isObject
}

func scalar(kind string, value resource.PropertyValue) bool {
	switch kind {
	case String:
		return value.IsString()
	case Integer:
		return value.IsNumber() && value.NumberValue() == float64(int64(value.NumberValue()))
	case Number:
		return value.IsNumber()
	case Boolean:
		return value.IsBool()
	}

	return false
}

// describe names a value's kind, never the value, which can be secret.
func describe(value resource.PropertyValue) string {
	switch {
	case value.IsArray():
		return "a list"
	case value.IsObject():
		return "an object"
	case value.IsNumber():
		return "a number"
	}

	return "a " + value.TypeString()
}

func unknown(name resource.PropertyKey, known map[string]string) string {
	if len(known) == 0 {
		return fmt.Sprintf("unknown property %q; there are none", name)
	}

	nearest := suggest.Nearest(string(name), slices.Sorted(maps.Keys(known)), suggestions)

	return fmt.Sprintf("unknown property %q; known: %s", name, strings.Join(nearest, ", "))
}

func join(path, name string) string {
	return strings.TrimPrefix(path+"."+name, ".")
}
