package controls

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/state"
)

// of returns the environment's resources of a type.
func of(s *state.State, resourceType string) []state.Resource {
	var found []state.Resource

	for _, r := range s.Resources {
		if string(r.Type) == resourceType {
			found = append(found, r)
		}
	}

	return found
}

// refersTo returns those whose input at path is the id of the other resource.
func refersTo(resources []state.Resource, path string, other state.Resource) []state.Resource {
	return slices.DeleteFunc(slices.Clone(resources), func(r state.Resource) bool {
		return text(r, path) != string(other.ID)
	})
}

// dependencies returns those of the resources that r waits for.
func dependencies(r state.Resource, among []state.Resource) []state.Resource {
	return slices.DeleteFunc(slices.Clone(among), func(other state.Resource) bool {
		return !slices.Contains(r.Dependencies, other.URN)
	})
}

// input returns the input at path, nil where there is none.
func input(r state.Resource, path string) any {
	parsed, err := resource.ParsePropertyPath(path)
	if err != nil {
		return nil
	}

	value, found := parsed.Get(resource.NewProperty(resource.NewPropertyMapFromMap(r.Inputs)))
	if !found {
		return nil
	}

	return value.Mappable()
}

// text returns the input at path where it is a text, else "".
func text(r state.Resource, path string) string {
	value, _ := input(r, path).(string)

	return value
}

// list returns the input at path where it is a list, else nil.
func list(r state.Resource, path string) []any {
	value, _ := input(r, path).([]any)

	return value
}
