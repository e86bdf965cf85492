package schema

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
)

// given are inputs in which the properties have values.
func given(names ...string) resource.PropertyMap {
	inputs := resource.PropertyMap{}
	for _, name := range names {
		inputs = with(inputs, name, "x")
	}

	return inputs
}

// broken are the rules between properties that refuse the inputs.
func broken(described *Type, inputs resource.PropertyMap) []string {
	var rules []string
	for _, problem := range described.relations(inputs) {
		rules = append(rules, problem.Rule)
	}

	return rules
}

func TestEveryRuleBetweenPropertiesRefusesAndAccepts(t *testing.T) {
	t.Parallel()

	for token, described := range realSchema(t) {
		for at, p := range described.Properties {
			for _, other := range p.ConflictsWith {
				assert.Contains(t, broken(described, given(at, other)), "conflictsWith", "%s %s %s", token, at, other)
				assert.NotContains(t, broken(described, given(at)), "conflictsWith", "%s %s", token, at)
			}

			for i, other := range p.RequiredWith {
				rest := slices.Delete(slices.Clone(p.RequiredWith), i, i+1)
				assert.Contains(t, broken(described, given(append(rest, at)...)), "requiredWith", "%s %s %s", token, at, other)
			}

			if p.RequiredWith != nil {
				all := given(append(slices.Clone(p.RequiredWith), at)...)
				assert.NotContains(t, broken(&Type{Properties: map[string]*Property{at: p}, paths: []string{at}}, all),
					"requiredWith", "%s %s", token, at)
			}
		}

		for _, group := range described.ExactlyOneOf {
			alone := &Type{ExactlyOneOf: [][]string{group}}
			assert.Equal(t, []string{"exactlyOneOf"}, broken(alone, around(group[0])), "%s %s", token, group)
			assert.Equal(t, []string{"exactlyOneOf"}, broken(alone, given(group...)), "%s %s", token, group)

			for _, one := range group {
				assert.Empty(t, broken(alone, given(one)), "%s %s", token, one)
			}
		}

		for _, group := range described.AtLeastOneOf {
			assert.Contains(t, broken(described, around(group[0])), "atLeastOneOf", "%s %s", token, group)
			assert.NotContains(t, broken(described, given(group...)), "atLeastOneOf", "%s %s", token, group)
		}
	}
}

// around are inputs with the object that has a property, and without the property.
func around(at string) resource.PropertyMap { return with(nil, at, nil) }

func TestEveryConditionRefusesAndAccepts(t *testing.T) {
	t.Parallel()

	for token, described := range realSchema(t) {
		for _, rule := range described.When {
			alone := &Type{When: []When{rule}, Properties: map[string]*Property{}}
			object := prefixOf(rule.Property)
			holds, name := with(nil, rule.Property, conditionOf(rule)), fmt.Sprintf("%s %s %v", token, rule.Property, rule.Is)

			complete := completed(rule, holds)
			assert.Empty(t, broken(alone, complete), name)

			if rule.Needs != nil || rule.NeedsOne != nil {
				assert.Contains(t, broken(alone, holds), "when", name)
			}

			for _, forbidden := range rule.Forbids {
				assert.Contains(t, broken(alone, with(complete, object+forbidden, "x")), "when", name)
			}

			for other := range rule.Expects {
				assert.Contains(t, broken(alone, with(complete, object+other, "none of them")), "when", name)
			}
		}
	}
}

// completed are inputs with all that a rule requires.
func completed(rule When, inputs resource.PropertyMap) resource.PropertyMap {
	object := prefixOf(rule.Property)
	for _, needed := range rule.Needs {
		inputs = with(inputs, object+needed, "x")
	}

	if rule.NeedsOne != nil {
		inputs = with(inputs, object+rule.NeedsOne[0], "x")
	}

	for other, values := range rule.Expects {
		inputs = with(inputs, object+other, values[0])
	}

	return inputs
}

func conditionOf(rule When) any {
	if rule.Is != nil {
		return rule.Is[0]
	}

	return "none of them"
}

// prefixOf is the path to the element of a list that has a property.
func prefixOf(at string) string {
	if i := strings.LastIndex(at, "[]."); i >= 0 {
		return at[:i+len("[].")]
	}

	return ""
}

// An unknown value can turn out to be null or any value: no rule refuses it.
func TestUnknownsPass(t *testing.T) {
	t.Parallel()

	unknown := resource.MakeComputed(resource.NewStringProperty(""))

	for token, described := range realSchema(t) {
		inputs := resource.PropertyMap{}

		for at := range described.Properties {
			name, _, _ := strings.Cut(at, ".")
			inputs[resource.PropertyKey(strings.TrimSuffix(name, "[]"))] = unknown
		}

		for _, problem := range described.Problems(inputs) {
			assert.Empty(t, problem, token)
		}
	}
}

func TestUnknownsInListsAndObjectsPass(t *testing.T) {
	t.Parallel()

	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	described := &Type{Properties: map[string]*Property{
		"all[].name": {Enum: []any{"a"}, Required: true}, "all": {Items: Bounds{nil, new(float64)}},
	}, paths: []string{"all", "all[].name"}}

	list := func(elements ...resource.PropertyValue) resource.PropertyMap {
		return resource.PropertyMap{"all": resource.NewArrayProperty(elements)}
	}
	named := func(name resource.PropertyValue) resource.PropertyValue {
		return resource.NewObjectProperty(resource.PropertyMap{"name": name})
	}

	assert.Empty(t, described.Problems(list(unknown)))
	assert.Empty(t, described.Problems(list(named(unknown))))
	assert.Len(t, described.Problems(list(named(resource.NewStringProperty("b")))), 2, "too many, and none of the values")
}

func TestSecretsAreNotInMessages(t *testing.T) {
	t.Parallel()

	word := &Property{Enum: []any{"a"}, Error: "no {value}"}
	described := &Type{Properties: map[string]*Property{"word": word}, paths: []string{"word"}}
	problems := described.Problems(resource.PropertyMap{"word": resource.MakeSecret(resource.NewStringProperty("hush"))})
	assert.Equal(t, []Problem{{Path: "word", Rule: "enum", Reason: "no a secret value"}}, problems)
}
