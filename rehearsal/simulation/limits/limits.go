// Package limits knows which strings AWS accepts as names, descriptions and tags. The real provider checks few of them,
// so that a string with a wrong character fails at create, when half of an environment exists. The simulation refuses
// it in the preview.
package limits

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/property"
)

//go:embed aws.yaml
var awsYAML []byte

// tagRules is the entry of the rules for every type with tags.
const tagRules = "tags"

// Rule describes the strings that AWS accepts.
type Rule struct {
	// Length is the fewest and the most characters.
	Length [2]int `yaml:"length"`
	// Pattern is a regular expression that matches the whole string; empty where any character is accepted.
	Pattern string `yaml:"pattern"`
	// Source is where AWS states the rule.
	Source string `yaml:"source"`

	whole *regexp.Regexp
}

// Limits are the rules by type and property path.
type Limits map[string]map[string]*Rule

// AWS reads the rules of AWS's types.
func AWS() Limits {
	var limits Limits
	if err := yaml.Unmarshal(awsYAML, &limits); err != nil {
		panic(err) // a test reads the file
	}

	for _, rules := range limits {
		for _, rule := range rules {
			rule.whole = regexp.MustCompile(`^(?:` + rule.Pattern + `)$`)
		}
	}

	return limits
}

// Check returns a failure for each string among the inputs of a type that AWS refuses. Unknown values pass, and so do
// secret ones, which no failure may quote.
func (l Limits) Check(token string, inputs resource.PropertyMap) []catalogue.Failure {
	var failures []catalogue.Failure

	for _, rules := range []map[string]*Rule{l[token], l[tagRules]} {
		for path, rule := range rules {
			found := make(map[string]string)
			find(found, resource.NewObjectProperty(inputs), strings.Split(path, "."), "")

			for at, text := range found {
				if reason := rule.refuse(text); reason != "" {
					failures = append(failures, catalogue.Failure{Path: at, Reason: token + ": " + at + ": " + reason})
				}
			}
		}
	}

	slices.SortFunc(failures, func(a, b catalogue.Failure) int { return strings.Compare(a.Path, b.Path) })

	return failures
}

// refuse returns why AWS refuses a string, or nothing.
func (r *Rule) refuse(text string) string {
	switch length := utf8.RuneCountInString(text); {
	case length < r.Length[0] || length > r.Length[1]:
		return fmt.Sprintf("%q has %d characters; AWS accepts %d to %d (%s)", text, length, r.Length[0], r.Length[1],
			r.Source)
	case r.Pattern != "" && !r.whole.MatchString(text):
		return fmt.Sprintf("%q does not match %s (%s)", text, r.Pattern, r.Source)
	}

	return ""
}

// find adds the strings that a path leads to, by where they are. A step of the path is a name, a name with [] for the
// elements of its list, or the keys or values of a map.
func find(found map[string]string, value resource.PropertyValue, steps []string, at string) {
	if value.IsSecret() {
		return
	}

	value = property.Reveal(value)

	switch {
	case len(steps) == 0 && value.IsString():
		found[at] = value.StringValue()
	case len(steps) > 0 && value.IsObject():
		step(found, value.ObjectValue(), steps, at)
	}
}

// step takes the first step of a path into an object.
func step(found map[string]string, object resource.PropertyMap, steps []string, at string) {
	name, isList := strings.CutSuffix(steps[0], "[]")
	member := object[resource.PropertyKey(name)]
	inside := strings.TrimPrefix(at+"."+name, ".")

	switch {
	case name == "{keys}" || name == "{values}":
		for key, member := range object {
			if name == "{keys}" {
				member = resource.NewStringProperty(string(key))
			}

			if !resource.IsInternalPropertyKey(key) {
				find(found, member, steps[1:], at+"."+string(key))
			}
		}
	case !isList:
		find(found, member, steps[1:], inside)
	case member.IsArray():
		for i, element := range member.ArrayValue() {
			find(found, element, steps[1:], fmt.Sprintf("%s[%d]", inside, i))
		}
	}
}
