package controls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// all returns the environment's resources of the types.
func (c *check) all(types ...string) []state.Resource { return ofTypes(c.State, types...) }

func ofTypes(s *state.State, types ...string) []state.Resource {
	return filter(s.Resources, func(r state.Resource) bool { return slices.Contains(types, string(r.Type)) })
}

func filter(resources []state.Resource, keep func(state.Resource) bool) []state.Resource {
	var kept []state.Resource

	for _, r := range resources {
		if keep(r) {
			kept = append(kept, r)
		}
	}

	return kept
}

// where returns the resources whose input at path is the string.
func where(resources []state.Resource, path, value string) []state.Resource {
	return filter(resources, func(r state.Resource) bool { return text(r, path) == value })
}

// named returns the resources with the name. If AWS generated the name from a prefix, it is the id.
func named(resources []state.Resource, name string) []state.Resource {
	return filter(resources, func(r state.Resource) bool {
		return name != "" && (text(r, "name") == name || string(r.ID) == name)
	})
}

// byID returns the resource with the id, and whether there is one.
func byID(resources []state.Resource, id any) (state.Resource, bool) {
	return first(resources, func(r state.Resource) bool { return r.ID != "" && string(r.ID) == id })
}

// byARN returns the resource with the ARN, and whether there is one. A resource's id is its ARN or the last part of it.
// (A dependency on the resource would not be enough: the property may name another one.)
func byARN(resources []state.Resource, arn string) (state.Resource, bool) {
	return first(resources, func(r state.Resource) bool {
		id := string(r.ID)

		return id != "" && (arn == id || strings.HasSuffix(arn, ":"+id) || strings.HasSuffix(arn, "/"+id))
	})
}

func first(resources []state.Resource, matches func(state.Resource) bool) (state.Resource, bool) {
	index := slices.IndexFunc(resources, matches)
	if index < 0 {
		return state.Resource{}, false
	}

	return resources[index], true
}

// contains reports whether a map inside the value, at any depth, has a matching entry.
func contains(value any, matches func(name string, value any) bool) bool {
	switch v := value.(type) {
	case []any:
		return slices.ContainsFunc(v, func(element any) bool { return contains(element, matches) })
	case map[string]any:
		for name, member := range v {
			if matches(name, member) || contains(member, matches) {
				return true
			}
		}
	}

	return false
}

// input returns the input at path, such as "vpcConfig.subnetIds", or nil.
func input(r state.Resource, path string) any { return state.Input(r, path) }

// text returns the input at path if it is a string, else "".
func text(r state.Resource, path string) string {
	value, _ := input(r, path).(string)

	return value
}

// list returns the input at path if it is a list, else nil.
func list(r state.Resource, path string) []any {
	value, _ := input(r, path).([]any)

	return value
}

// elements returns the paths of the elements of the list at path, such as "routes[0]".
func elements(r state.Resource, path string) []string {
	var paths []string
	for i := range list(r, path) {
		paths = append(paths, fmt.Sprintf("%s[%d]", path, i))
	}

	return paths
}
