package schema

import (
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// Comparable returns two versions of the inputs in a form whose differences are those that the provider sees: with
// defaults and the values that AWS chose, equal documents in one form, and without properties that have no effect.
// State has what AWS holds.
func (t *Type) Comparable(state, old, inputs resource.PropertyMap) (resource.PropertyMap, resource.PropertyMap) {
	before, after := old, inputs

	for _, at := range t.paths {
		p := t.Properties[at]
		before, after = t.fill(p, at, before), t.fill(p, at, after)

		if p.Computed && !strings.ContainsAny(at, "[{") {
			before = keep(before, after, state, at)
			after = keep(after, before, before, at)
		}
	}

	for _, at := range t.paths {
		p := t.Properties[at]
		if p.Equal != "" || p.AppliesTo != nil {
			before, after = t.normalize(p, at, before), t.normalize(p, at, after)
		}
	}

	return before, after
}

// fill adds the default of a property to each object that can have it.
func (t *Type) fill(p *Property, at string, inputs resource.PropertyMap) resource.PropertyMap {
	fallback := p.Default
	if fallback == nil {
		fallback = p.Unset
	}

	if fallback == nil {
		return inputs
	}

	return rewrite(inputs, strings.Split(at, "."), func(_ resource.PropertyMap, value resource.PropertyValue,
	) resource.PropertyValue {
		if value.IsNull() {
			return resource.NewPropertyValue(fallback)
		}

		return value
	})
}

// keep adds the value that AWS has chosen for a property which one version sets and the other does not.
func keep(without, with, held resource.PropertyMap, at string) resource.PropertyMap {
	_, isSet := lookup(with, at)
	value, isHeld := lookup(held, at)

	if _, own := lookup(without, at); own || !isSet || !isHeld {
		return without
	}

	return rewrite(without, strings.Split(at, "."), func(resource.PropertyMap, resource.PropertyValue,
	) resource.PropertyValue {
		return value
	})
}

func lookup(inputs resource.PropertyMap, at string) (resource.PropertyValue, bool) {
	found, _ := find(inputs, at)
	if len(found) != 1 || found[0].value.IsNull() {
		return resource.PropertyValue{}, false
	}

	return found[0].value, true
}

// normalize brings a property into the form of its comparison, and removes it where it has no effect.
func (t *Type) normalize(p *Property, at string, inputs resource.PropertyMap) resource.PropertyMap {
	return rewrite(inputs, strings.Split(at, "."), func(
		object resource.PropertyMap, value resource.PropertyValue,
	) resource.PropertyValue {
		for name, values := range p.AppliesTo {
			other := property.Reveal(object[resource.PropertyKey(name)])
			if other.IsNull() {
				other = property.Reveal(inputs[resource.PropertyKey(name)])
			}

			if !other.IsComputed() && !other.IsNull() && !listed(values, other, false) {
				return resource.NewNullProperty()
			}
		}

		return p.canonical(property.Reveal(value))
	})
}

// change is a new value for the property of an object.
type change = func(object resource.PropertyMap, value resource.PropertyValue) resource.PropertyValue

// rewrite changes the values to which a path leads, in a copy. A null is removed.
func rewrite(object resource.PropertyMap, steps []string, apply change) resource.PropertyMap {
	name, isList := strings.CutSuffix(steps[0], "[]")
	key := resource.PropertyKey(name)

	value := object[key]
	if isList || len(steps) > 1 {
		value = property.Reveal(value)
	}

	switch {
	case isList && value.IsArray():
		elements := slices.Clone(value.ArrayValue())
		for i, element := range elements {
			elements[i] = inside(object, property.Reveal(element), steps[1:], apply)
		}

		value = resource.NewArrayProperty(elements)
	case !isList:
		value = inside(object, value, steps[1:], apply)
	}

	result := maps.Clone(object)
	if result == nil {
		result = resource.PropertyMap{}
	}

	result[key] = value
	if value.IsNull() {
		delete(result, key)
	}

	return result
}

func inside(
	object resource.PropertyMap, value resource.PropertyValue, steps []string, apply change,
) resource.PropertyValue {
	switch {
	case len(steps) == 0:
		return apply(object, value)
	case value.IsObject():
		return resource.NewObjectProperty(rewrite(value.ObjectValue(), steps, apply))
	}

	return value
}
