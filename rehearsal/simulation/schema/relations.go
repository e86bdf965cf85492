package schema

import (
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// relations applies the rules between properties. An unknown value can turn out to be null, so that it is set where a
// rule requires a value, and unset where a rule forbids one (terraform-plugin-sdk, helper/schema/schema.go,
// validateConflictingAttributes and its neighbours).
func (t *Type) relations(inputs resource.PropertyMap) []Problem {
	var problems []Problem

	for _, at := range t.paths {
		p := t.Properties[at]
		if len(p.ConflictsWith) > 0 {
			problems = append(problems, within(inputs, at, func(o object, name string) []Problem {
				return o.conflicts(name, o.relative(p.ConflictsWith))
			})...)
		}

		if len(p.RequiredWith) > 0 {
			problems = append(problems, within(inputs, at, func(o object, name string) []Problem {
				return o.required(name, o.relative(p.RequiredWith))
			})...)
		}
	}

	for _, group := range t.ExactlyOneOf {
		problems = append(problems, within(inputs, group[0], func(o object, _ string) []Problem {
			return o.exactlyOne(o.relative(group))
		})...)
	}

	for _, group := range t.AtLeastOneOf {
		problems = append(problems, within(inputs, group[0], func(o object, _ string) []Problem {
			return o.atLeastOne("atLeastOneOf", o.relative(group))
		})...)
	}

	for _, rule := range t.When {
		problems = append(problems, within(inputs, rule.Property, func(o object, name string) []Problem {
			return t.when(rule, o, name)
		})...)
	}

	return problems
}

// object is one that has properties of a rule: the resource, or an object inside it.
type object struct {
	path, prefix string // where it is, and the rule's path to it
	values       resource.PropertyMap
}

// within calls a rule for each object that can have the property at a path, with the property's name in the object.
func within(inputs resource.PropertyMap, at string, rule func(o object, name string) []Problem) []Problem {
	prefix, name := "", at
	if i := strings.LastIndex(at, "[]."); i >= 0 {
		prefix, name = at[:i+2], at[i+3:]
	}

	objects := []object{{values: inputs}}
	if prefix != "" {
		objects = nil

		found, _ := find(inputs, prefix)
		for _, place := range found {
			if place.value.IsObject() {
				objects = append(objects, object{path: place.path, prefix: prefix + ".", values: place.value.ObjectValue()})
			}
		}
	}

	var problems []Problem

	for _, o := range objects {
		if o.has(name) {
			problems = append(problems, rule(o, name)...)
		}
	}

	return problems
}

// has reports whether the object around a property exists. Rules of a block that the program omits do not apply.
func (o object) has(name string) bool {
	i := strings.LastIndex(name, ".")
	if i < 0 {
		return true
	}

	_, is := o.state(name[:i])

	return is == set
}

func (o object) relative(paths []string) []string {
	result := make([]string, len(paths))
	for i, at := range paths {
		result[i] = strings.TrimPrefix(at, o.prefix)
	}

	return result
}

// at is the path of a property in a message.
func (o object) at(name string) string { return strings.TrimPrefix(o.path+"."+name, ".") }

// state is whether a property has a value.
type state int

const (
	unset state = iota
	set
	unknown
)

// state of a property: a list without elements is unset, for the provider gets no block.
func (o object) state(name string) (place, state) {
	found, behindUnknown := find(o.values, name)

	for _, at := range found {
		switch {
		case at.value.IsComputed():
			return at, unknown
		case at.value.IsArray() && len(at.value.ArrayValue()) == 0:
		case !at.value.IsNull():
			return at, set
		}
	}

	if behindUnknown {
		return place{}, unknown
	}

	return place{}, unset
}

// with are the names in one of the states.
func (o object) with(names []string, states ...state) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, is := o.state(name)

		return !slices.Contains(states, is)
	})
}

func (o object) conflicts(name string, others []string) []Problem {
	given := o.with(others, set)
	if _, is := o.state(name); is != set || len(given) == 0 {
		return nil
	}

	return o.problem(name, "conflictsWith", "conflicts with "+strings.Join(given, ", "))
}

func (o object) required(name string, others []string) []Problem {
	missing := o.with(others, unset)
	if _, is := o.state(name); is != set || len(missing) == 0 {
		return nil
	}

	return o.problem(name, "requiredWith", "requires "+strings.Join(missing, ", "))
}

func (o object) exactlyOne(group []string) []Problem {
	given := o.with(group, set)
	if len(given) > 1 {
		return o.problem(given[0], "exactlyOneOf", "expected exactly one of "+strings.Join(group, ", ")+
			", got "+strings.Join(given, ", "))
	}

	return o.atLeastOne("exactlyOneOf", group)
}

func (o object) atLeastOne(rule string, group []string) []Problem {
	if len(o.with(group, set, unknown)) > 0 {
		return nil
	}

	return o.problem(group[0], rule, "one of "+strings.Join(group, ", ")+" must be set")
}

func (o object) problem(name, rule, reason string) []Problem {
	return []Problem{{Path: o.at(name), Rule: rule, Reason: o.at(name) + ": " + reason}}
}

// when applies a rule that depends on a value.
func (t *Type) when(rule When, o object, name string) []Problem {
	found, is := o.state(name)
	if is == unset {
		found.value = t.fallback(rule.Property)
	}

	if is == unknown || !rule.holds(found.value) {
		return nil
	}

	var (
		problems  []Problem
		condition = "while " + name + " is " + found.text()
	)

	if found.value.IsNull() {
		condition = "without " + name
	}

	for _, missing := range o.with(rule.Needs, unset) {
		problems = append(problems, o.problem(missing, "when", "is required "+condition)...)
	}

	for _, given := range o.with(rule.Forbids, set) {
		problems = append(problems, o.problem(given, "when", "must not be set "+condition)...)
	}

	if rule.NeedsOne != nil && len(o.with(rule.NeedsOne, set, unknown)) == 0 {
		problems = append(problems, o.problem(name, "when",
			"one of "+strings.Join(rule.NeedsOne, ", ")+" must be set "+condition)...)
	}

	return append(problems, t.expects(rule, o, name, condition)...)
}

// expects applies the values that a rule expects of other properties, unless these have neither a value nor a default.
func (t *Type) expects(rule When, o object, name, condition string) []Problem {
	var problems []Problem

	for _, other := range slices.Sorted(maps.Keys(rule.Expects)) {
		given, is := o.state(other)
		if is == unset {
			given.value = t.fallback(strings.TrimSuffix(rule.Property, name) + other)
		}

		if is != unknown && !given.value.IsNull() && o.has(other) && !listed(rule.Expects[other], given.value, false) {
			problems = append(problems, o.problem(other, "when", "must be "+list(rule.Expects[other])+" "+condition)...)
		}
	}

	return problems
}

func (w When) holds(value resource.PropertyValue) bool {
	if value.IsNull() {
		return w.Is == nil
	}

	return (w.Is == nil || listed(w.Is, value, false)) && !listed(w.IsNot, value, false)
}

// fallback is the default of a property, or null.
func (t *Type) fallback(at string) resource.PropertyValue {
	if p := t.Properties[at]; p != nil && p.Default != nil {
		return resource.NewPropertyValue(p.Default)
	}

	return resource.NewNullProperty()
}
