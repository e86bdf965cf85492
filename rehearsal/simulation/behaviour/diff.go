package behaviour

import (
	"encoding/json"
	"slices"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// Change is one property that differs.
type Change struct {
	Path string
	Kind plugin.DiffKind // the replacing form when it cannot be made in place
}

// Difference is the change from old inputs to new ones.
type Difference struct {
	Changes             []Change // by path
	DeleteBeforeReplace bool
}

// Diff compares inputs. Unknown values count as changed; the order of sets and secretness do not.
func Diff(kind Kind, old, inputs resource.PropertyMap) Difference {
	before, after := essence(kind, old), essence(kind, inputs)
	if kind.ForceNewFrom != nil {
		kind.ForceNew = append(slices.Clone(kind.ForceNew), kind.ForceNewFrom(before, after)...)
	}

	detailed := plugin.NewDetailedDiffFromObjectDiff(before.Diff(after), true)

	var result Difference

	for path, change := range detailed {
		if forcesNew(kind, path) {
			change.Kind = change.Kind.AsReplace()
			result.DeleteBeforeReplace = kind.DeleteBeforeReplace || kind.AutoName.taken(old, inputs)
		}

		result.Changes = append(result.Changes, Change{Path: path, Kind: change.Kind})
	}

	sort.Slice(result.Changes, func(i, j int) bool { return result.Changes[i].Path < result.Changes[j].Path })

	return result
}

// Effective returns the inputs, in which the state's values replace inputs that the provider ignores.
func Effective(kind Kind, held, old, inputs resource.PropertyMap) resource.PropertyMap {
	if kind.Ignored == nil || held == nil {
		return inputs
	}

	effective := inputs.Copy()
	for _, name := range kind.Ignored(held, inputs) {
		effective[resource.PropertyKey(name)] = old[resource.PropertyKey(name)]
	}

	return effective
}

// forcesNew reports whether a change at path forces a replacement. A change above a ForceNew property, such as a whole
// block added or removed, does as well.
func forcesNew(kind Kind, path string) bool {
	names := property.Names(path) + "."

	return slices.ContainsFunc(kind.ForceNew, func(forced string) bool {
		forced += "."

		return strings.HasPrefix(names, forced) || strings.HasPrefix(forced, names)
	})
}

// essence is the inputs without markers, nulls, secretness and the order of sets.
func essence(kind Kind, inputs resource.PropertyMap) resource.PropertyMap {
	result := resource.PropertyMap{}

	for name, value := range inputs {
		if !resource.IsInternalPropertyKey(name) && !value.IsNull() {
			result[name] = ordered(kind, string(name), value)
		}
	}

	return result
}

func ordered(kind Kind, path string, value resource.PropertyValue) resource.PropertyValue {
	value = property.Reveal(value)
	switch {
	case value.IsObject():
		result := resource.PropertyMap{}
		for name, element := range value.ObjectValue() {
			result[name] = ordered(kind, path+"."+string(name), element)
		}

		return resource.NewObjectProperty(result)
	case value.IsArray():
		result := make([]resource.PropertyValue, len(value.ArrayValue()))
		for i, element := range value.ArrayValue() {
			result[i] = ordered(kind, path, element)
		}

		if slices.Contains(kind.Sets, path) {
			sort.SliceStable(result, func(i, j int) bool { return text(result[i]) < text(result[j]) })
		}

		return resource.NewArrayProperty(result)
	}

	return value
}

// text is a value in a form that can be sorted; a value that contains an unknown has none, and keeps its position.
func text(value resource.PropertyValue) string {
	if value.ContainsUnknowns() {
		return ""
	}

	encoded, err := json.Marshal(value.Mappable())
	if err != nil {
		return ""
	}

	return string(encoded)
}
