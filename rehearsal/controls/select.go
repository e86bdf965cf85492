package controls

import (
	"slices"
	"strings"

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

// ofName returns those whose name, or the one that the account made of their prefix, is the given one.
func ofName(resources []state.Resource, name string) []state.Resource {
	return slices.DeleteFunc(slices.Clone(resources), func(r state.Resource) bool {
		return name == "" || text(r, "name") != name && string(r.ID) != name
	})
}

// byID returns the resource of an id, and reports whether it is one of them.
func byID(resources []state.Resource, id any) (state.Resource, bool) {
	return first(resources, func(r state.Resource) bool { return r.ID != "" && string(r.ID) == id })
}

// byARN returns the resource of an ARN, whose last part is the id where it is not the whole, and reports whether it is
// one of them. That r waits for one says nothing: it may use another.
func byARN(resources []state.Resource, arn string) (state.Resource, bool) {
	return first(resources, func(r state.Resource) bool {
		id := string(r.ID)

		return id != "" && (arn == id || strings.HasSuffix(arn, ":"+id) || strings.HasSuffix(arn, "/"+id))
	})
}

// first returns the first resource that is as asked for, and reports whether there is one.
func first(resources []state.Resource, is func(state.Resource) bool) (state.Resource, bool) {
	at := slices.IndexFunc(resources, is)
	if at < 0 {
		return state.Resource{}, false
	}

	return resources[at], true
}

// anywhere reports whether a member of a value, or of what is in it, is as asked for.
func anywhere(value any, is func(name string, value any) bool) bool {
	switch v := value.(type) {
	case []any:
		return slices.ContainsFunc(v, func(element any) bool { return anywhere(element, is) })
	case map[string]any:
		for name, member := range v {
			if is(name, member) || anywhere(member, is) {
				return true
			}
		}
	}

	return false
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
