package schema

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// example is a value for a property that a rule refuses, and one at the boundary that the rule accepts.
type example struct {
	rule           string
	refuse, accept any
}

// realSchema is AWS's.
func realSchema(t *testing.T) Schema {
	t.Helper()

	list := List{File: "file", Has: func(text string) bool { return text != "unknown" }}
	read, err := Read(os.DirFS("../aws"), "schema", map[string]List{
		"addons": list, "cacheNodes": list, "databaseClasses": list, "kubernetes": list, "mysql": list,
		"valkey": list,
	})
	require.NoError(t, err)

	return read
}

// A rule that nothing can violate is a mistake in the file.
func TestEveryRuleOfAValueRefusesAndAccepts(t *testing.T) {
	t.Parallel()

	for token, described := range realSchema(t) {
		for at, p := range described.Properties {
			for _, e := range examples(t, p) {
				name := fmt.Sprintf("%s %s %s", token, at, e.rule)
				require.NotNil(t, e.refuse, "%s: nothing violates it", name)
				assert.Contains(t, rulesAgainst(described, at, e.refuse), e.rule, name)

				if e.rule != "only" || e.accept != nil {
					require.NotNil(t, e.accept, "%s: nothing meets it", name)
					assert.NotContains(t, rulesAgainst(described, at, e.accept), e.rule, name)
				}
			}
		}
	}
}

// rulesAgainst are the rules that refuse the inputs in which one property has the value.
func rulesAgainst(described *Type, at string, value any) []string {
	var rules []string

	for _, problem := range described.Problems(with(nil, at, value)) {
		if strings.HasPrefix(nameOf(problem.Path), nameOf(at)) {
			rules = append(rules, problem.Rule)
		}
	}

	return rules
}

var brackets = regexp.MustCompile(`\[\d*\]`)

func nameOf(path string) string {
	path, _, _ = strings.Cut(brackets.ReplaceAllString(path, ""), ".{")

	return path
}

// with are inputs that have the value at a path.
func with(inputs resource.PropertyMap, at string, value any) resource.PropertyMap {
	name, rest, deeper := strings.Cut(at, ".")
	name, isList := strings.CutSuffix(name, "[]")

	result := resource.PropertyMap{}
	maps.Copy(result, inputs)

	member := resource.NewPropertyValue(value)

	if deeper {
		inside, _ := result[resource.PropertyKey(name)].V.(resource.PropertyMap)
		if list, ok := result[resource.PropertyKey(name)].V.([]resource.PropertyValue); ok {
			inside, _ = list[0].V.(resource.PropertyMap)
		}

		member = resource.NewObjectProperty(with(inside, rest, value))
	}

	if isList {
		member = resource.NewArrayProperty([]resource.PropertyValue{member})
	}

	if name == "{values}" {
		name = "a"
	}

	if name == "{keys}" {
		name, member = fmt.Sprint(value), resource.NewStringProperty("a")
	}

	result[resource.PropertyKey(name)] = member

	return result
}

func examples(t *testing.T, p *Property) []example {
	t.Helper()

	var found []example

	if p.Only != nil {
		found = append(found, example{rule: "only", refuse: "none of them", accept: first(p.Only)})
	}

	if p.Enum != nil {
		found = append(found, example{rule: "enum", refuse: "none of them", accept: first(p.Enum)})
	}

	text := func(length float64) any { return strings.Repeat("a", int(length)) }
	number := func(value float64) any { return value }
	elements := func(length float64) any { return make([]any, int(length)) }

	found = append(found, bounds("length", p.Length, 0, text)...)
	found = append(found, bounds("range", p.Range, -1<<31, number)...)
	found = append(found, bounds("items", p.Items, 0, elements)...)
	found = append(found, bounds("prefix", p.Prefix, 0, func(bits float64) any {
		return fmt.Sprintf("%s/%d", map[bool]string{true: "::", false: "0.0.0.0"}[*p.Prefix[1] > 32], int(bits))
	})...)

	for _, pattern := range p.Pattern {
		found = append(found, example{rule: "pattern", refuse: other(pattern), accept: matchOf(t, p.Pattern, pattern)})
	}

	for _, pattern := range p.Not {
		found = append(found, example{rule: "not", refuse: matchOf(t, nil, pattern), accept: "a"})
	}

	if p.Format != "" {
		texts := formatExamples()[p.Format]
		found = append(found, example{rule: "format", refuse: texts[1], accept: texts[0]})
	}

	return found
}

func first(values []any) any {
	if len(values) == 0 {
		return nil
	}

	return values[0]
}

// bounds are the examples around the least and the most.
func bounds(rule string, b Bounds, lowest float64, value func(float64) any) []example {
	var found []example

	if b[0] != nil && *b[0] > lowest {
		found = append(found, example{rule: rule, refuse: value(*b[0] - 1), accept: value(*b[0])})
	}

	if b[1] != nil {
		found = append(found, example{rule: rule, refuse: value(*b[1] + 1), accept: value(*b[1])})
	}

	return found
}

// other is a text that does not match.
func other(pattern *regexp.Regexp) any {
	for _, text := range []string{"", "–", " ", "\x00", "a b", "--", strings.Repeat("a", 600)} {
		if !pattern.MatchString(text) {
			return text
		}
	}

	return nil
}

// matchOf is a text that matches a pattern, and the other patterns too where such a text is found.
func matchOf(t *testing.T, all []*regexp.Regexp, pattern *regexp.Regexp) any {
	t.Helper()

	for _, one := range append(slices.Clone(all), pattern) {
		parsed, err := syntax.Parse(one.String(), syntax.Perl)
		require.NoError(t, err)

		text := write(parsed.Simplify())
		misses := func(r *regexp.Regexp) bool { return !r.MatchString(text) }

		if !misses(pattern) && !slices.ContainsFunc(all, misses) {
			return text
		}
	}

	return nil
}

// write writes the shortest match of a simplified expression.
func write(e *syntax.Regexp) string {
	if e.Op == syntax.OpLiteral {
		return string(e.Rune)
	}

	if e.Op == syntax.OpCharClass {
		return string(e.Rune[0])
	}

	if e.Op == syntax.OpAnyCharNotNL {
		return "a"
	}

	if slices.Contains([]syntax.Op{syntax.OpCapture, syntax.OpPlus, syntax.OpAlternate}, e.Op) {
		return write(e.Sub[0])
	}

	var text strings.Builder

	if e.Op == syntax.OpConcat {
		for _, part := range e.Sub {
			text.WriteString(write(part))
		}
	}

	return text.String()
}
