package property

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Clone copies plain values deeply, into the form that JSON decoding gives them: integers become float64, lists of
// strings become lists of any.
func Clone(values map[string]any) map[string]any {
	result := make(map[string]any, len(values))
	for name, element := range values {
		result[name] = clone(element)
	}

	return result
}

func clone(value any) any {
	switch value := value.(type) {
	case map[string]any:
		return Clone(value)
	case []any:
		result := make([]any, len(value))
		for i, element := range value {
			result[i] = clone(element)
		}

		return result
	case []string:
		result := make([]any, len(value))
		for i, element := range value {
			result[i] = element
		}

		return result
	case map[string]string:
		result := make(map[string]any, len(value))
		for name, element := range value {
			result[name] = element
		}

		return result
	case int:
		return float64(value)
	}

	return value
}

// Merge returns defaults overlaid by the given values, object by object: a value inside an object keeps the object's
// other defaults.
func Merge(defaults, given map[string]any) map[string]any {
	result := Clone(defaults)

	for name, value := range given {
		object, isObject := value.(map[string]any)

		base, hasBase := result[name].(map[string]any)
		if isObject && hasBase {
			result[name] = Merge(base, object)
		} else {
			result[name] = clone(value)
		}
	}

	return result
}

// At returns all values at a path of names, through lists: "vpcs.vpcId" is the vpcId of each element of vpcs, and
// "subnetIds" each subnet.
func At(values map[string]any, path string) []any {
	found := []any{values}

	for name := range strings.SplitSeq(path, ".") {
		var next []any

		for _, value := range found {
			if object, ok := value.(map[string]any); ok {
				next = append(next, elements(object[name])...)
			}
		}

		found = next
	}

	return found
}

// Lookup returns the value at a path of names through objects, and whether it exists.
func Lookup(values map[string]any, path string) (any, bool) {
	name, rest, deeper := strings.Cut(path, ".")

	value, exists := values[name]
	if !deeper {
		return value, exists
	}

	object, _ := value.(map[string]any)

	return Lookup(object, rest)
}

// Put sets the value at a path of names. Where the path leads through something that is no object, Put does nothing.
func Put(values map[string]any, path string, value any) {
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		values[name] = value

		return
	}

	if _, exists := values[name]; !exists {
		values[name] = map[string]any{}
	}

	if object, ok := values[name].(map[string]any); ok {
		Put(object, rest, value)
	}
}

// Texts is At for strings that are not empty.
func Texts(values map[string]any, path string) []string {
	var texts []string

	for _, value := range At(values, path) {
		if text, ok := value.(string); ok && text != "" {
			texts = append(texts, text)
		}
	}

	return texts
}

func elements(value any) []any {
	if list, ok := value.([]any); ok {
		return slices.Clone(list)
	}

	if value == nil {
		return nil
	}

	return []any{value}
}

// Names removes the indexes from a property path: "ingress[0].cidrBlocks[1]" becomes "ingress.cidrBlocks".
func Names(path string) string {
	parsed, err := resource.ParsePropertyPath(path)
	if err != nil {
		return path
	}

	var names []string

	for _, step := range parsed {
		if name, ok := step.(string); ok {
			names = append(names, name)
		}
	}

	return strings.Join(names, ".")
}

// Reveal unwraps a secret or an output.
func Reveal(value resource.PropertyValue) resource.PropertyValue {
	switch {
	case value.IsSecret():
		return Reveal(value.SecretValue().Element)
	case value.IsOutput() && value.OutputValue().Known:
		return Reveal(value.OutputValue().Element)
	case value.IsOutput():
		return resource.MakeComputed(resource.NewStringProperty(""))
	}

	return value
}
