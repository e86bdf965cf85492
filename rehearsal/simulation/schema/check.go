package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// tagRules is the entry of the rules for every type with tags.
const tagRules = "tags"

// Problem is an input that a rule refuses.
type Problem struct {
	Path   string // "ingress[0].fromPort"
	Rule   string // the rule's key in the file
	Reason string
	// Warning is set where AWS may accept the input.
	Warning bool
}

// Check returns a failure for each input that the provider or its API refuses. Unknown values pass.
func (s Schema) Check(token string, old, inputs resource.PropertyMap) []catalogue.Failure {
	var failures []catalogue.Failure

	for _, described := range []*Type{s[token], s[tagRules]} {
		if described == nil {
			continue
		}

		for _, problem := range append(described.Problems(inputs), described.changes(old, inputs)...) {
			failures = append(failures, catalogue.Failure{
				Path: problem.Path, Reason: fmt.Sprintf("%s: %s", token, problem.Reason), Warning: problem.Warning,
			})
		}
	}

	return failures
}

// Problems returns what the rules of the type refuse, by path.
func (t *Type) Problems(inputs resource.PropertyMap) []Problem {
	var problems []Problem

	for _, at := range t.paths {
		found, _ := find(inputs, at)
		for _, place := range found {
			problems = append(problems, t.Properties[at].problems(place)...)
		}
	}

	problems = append(problems, t.relations(inputs)...)
	slices.SortStableFunc(problems, func(a, b Problem) int { return strings.Compare(a.Path, b.Path) })

	return problems
}

// changes returns values that cannot follow those of the old inputs.
func (t *Type) changes(old, inputs resource.PropertyMap) []Problem {
	var problems []Problem

	for _, at := range t.paths {
		before, was := lookup(old, at)
		after, is := lookup(inputs, at)

		if p := t.Properties[at]; was && is && after.IsString() && listed(p.NotAfter[after.StringValue()], before, false) {
			problems = append(problems, Problem{
				Path: at, Rule: "notAfter", Reason: fmt.Sprintf("%s: cannot change from %s to %s", at, plain(before), plain(after)),
			})
		}
	}

	return problems
}

// problems applies the property's rules to a value, or to its absence.
func (p *Property) problems(at place) []Problem {
	switch {
	case at.value.IsComputed():
		return nil
	case at.value.IsNull() && p.Required:
		return []Problem{{
			Path: at.path, Rule: "required", Reason: cmp.Or(p.Error, at.path+": got nothing, expected "+p.needed()),
		}}
	case at.value.IsNull():
		return nil
	}

	var problems []Problem

	for _, rule := range valueRules() {
		if expected := rule.expects(p, at.value); expected != "" {
			problems = append(problems, Problem{Path: at.path, Rule: rule.key, Reason: p.reason(at, expected)})
		}
	}

	if problems == nil {
		return p.warnings(at)
	}

	return problems
}

// needed describes a value that must not be missing.
func (p *Property) needed() string {
	if len(p.Only) == 0 {
		return "a value"
	}

	return list(p.Only) + ": others are not simulated"
}

// warnings are for a value that the property's list does not have.
func (p *Property) warnings(at place) []Problem {
	if p.list.Has == nil || at.secret || p.list.Has(plain(at.value)) {
		return nil
	}

	return []Problem{{
		Path: at.path, Rule: "known", Warning: true,
		Reason: fmt.Sprintf("%s: %s does not know %s: if AWS does, add it there", at.path, p.list.File, at.text()),
	}}
}

// reason says what is wrong with a value.
func (p *Property) reason(at place, expected string) string {
	got := at.text()

	switch {
	case p.Error != "" && (!p.Required || expected == notSimulated):
		return strings.ReplaceAll(p.Error, "{value}", got)
	case expected == notSimulated && (at.secret || len(p.Only) == 0):
		return at.path + " is not simulated: remove it"
	case expected == notSimulated:
		return fmt.Sprintf("%s %s is not simulated, expected %s", at.path, got, list(p.Only))
	case p.Source != "":
		return fmt.Sprintf("%s: got %s, expected %s (%s)", at.path, got, expected, p.Source)
	}

	return fmt.Sprintf("%s: got %s, expected %s", at.path, got, expected)
}

// text is the value in a message, which never contains a secret.
func (p place) text() string {
	switch {
	case p.secret:
		return "a secret value"
	case p.value.IsString():
		return shorten(p.value.StringValue())
	case p.value.IsNumber():
		return decimal(p.value.NumberValue())
	case p.value.IsArray():
		return fmt.Sprintf("%d elements", len(p.value.ArrayValue()))
	}

	return fmt.Sprint(p.value.V)
}

// longest is how much of a value a message quotes: a policy document can have thousands of characters.
const longest = 80

func shorten(text string) string {
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}

	return text
}

func list(values []any) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = fmt.Sprint(value)
	}

	return strings.Join(texts, ", ")
}

// place is where a path leads: a value, which is null where the object does not have it.
type place struct {
	path   string
	value  resource.PropertyValue
	secret bool
}

// find returns the places to which a path leads, and whether more can be behind unknown values.
func find(inputs resource.PropertyMap, path string) ([]place, bool) {
	return follow(place{value: resource.NewObjectProperty(inputs)}, strings.Split(path, "."))
}

func follow(at place, steps []string) ([]place, bool) {
	at.secret = at.secret || at.value.IsSecret() || at.value.IsOutput() && at.value.OutputValue().Secret
	at.value = property.Reveal(at.value)

	switch {
	case len(steps) == 0:
		return []place{at}, false
	case at.value.IsComputed():
		return nil, true
	case !at.value.IsObject():
		return nil, false
	}

	var (
		found   []place
		unknown bool
	)

	for _, next := range step(at, steps[0]) {
		inside, more := follow(next, steps[1:])
		found, unknown = append(found, inside...), unknown || more
	}

	return found, unknown
}

// step follows a name, a name with [] for the elements of its list, or the {keys} or {values} of a map.
func step(at place, name string) []place {
	object := at.value.ObjectValue()

	if name == "{keys}" || name == "{values}" {
		return entries(at, name)
	}

	name, isList := strings.CutSuffix(name, "[]")
	inside := strings.TrimPrefix(at.path+"."+name, ".")

	member := object[resource.PropertyKey(name)]
	if !isList {
		return []place{{path: inside, value: member, secret: at.secret}}
	}

	secret := at.secret || member.IsSecret()

	member = property.Reveal(member)
	if !member.IsArray() {
		// An unknown list can have elements.
		return slices.DeleteFunc([]place{{path: inside, value: member, secret: secret}}, func(p place) bool {
			return !p.value.IsComputed()
		})
	}

	var elements []place
	for i, element := range member.ArrayValue() {
		elements = append(elements, place{path: fmt.Sprintf("%s[%d]", inside, i), value: element, secret: secret})
	}

	return elements
}

// entries are those of a map, unless it is secret: the path to an entry contains its key.
func entries(at place, name string) []place {
	if at.secret {
		return nil
	}

	var found []place

	for _, key := range at.value.ObjectValue().StableKeys() {
		value := at.value.ObjectValue()[key]
		if name == "{keys}" {
			value = resource.NewStringProperty(string(key))
		}

		if !resource.IsInternalPropertyKey(key) {
			found = append(found, place{path: at.path + "." + string(key), value: value, secret: at.secret})
		}
	}

	return found
}
