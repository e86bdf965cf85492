// Package schema knows what a provider accepts as inputs, and how it compares them: the facts that the real provider
// has in its own schema. The facts are data; see the simulation's README for their format.
package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// Schema is the types of one provider by their tokens.
type Schema map[string]*Type

// Type describes the inputs of a resource type.
type Type struct {
	// Source is where the facts are from, unless a property has its own.
	Source              []string `yaml:"source"`
	DeleteBeforeReplace bool     `yaml:"deleteBeforeReplace"`
	// Replacements are names of functions that find further changes which force a replacement.
	Replacements []string   `yaml:"replacements"`
	ExactlyOneOf [][]string `yaml:"exactlyOneOf"`
	AtLeastOneOf [][]string `yaml:"atLeastOneOf"`
	When         []When     `yaml:"when"`
	// Properties are by path: "ingress[].cidrBlocks[]" is each element of a list in each element of another,
	// "labels.{keys}" the keys of a map, and "labels.{values}" its values.
	Properties map[string]*Property `yaml:"properties"`

	paths []string
}

// When is a rule that depends on the value of a property. Other paths begin in the object that has the property.
type When struct {
	Property string `yaml:"property"`
	// Is or IsNot list the values for which the rule holds; without either, it holds for every value. A property without
	// a value has its default.
	Is    []any `yaml:"is"`
	IsNot []any `yaml:"isNot"`
	// Needs, NeedsOne and Forbids are properties: all, at least one and none of them must be set.
	Needs    []string `yaml:"needs"`
	NeedsOne []string `yaml:"needsOne"`
	Forbids  []string `yaml:"forbids"`
	// Expects are the values that other properties must have.
	Expects map[string][]any `yaml:"expects"`
}

// Property describes one input. Each condition that is set must be met.
type Property struct {
	// Required is set where the catalogue does not know it: by the API, and lists in objects. A property of an object is
	// required where the object exists.
	Required bool     `yaml:"required"`
	Enum     []any    `yaml:"enum"`
	Length   Bounds   `yaml:"length"` // characters
	Range    Bounds   `yaml:"range"`
	Also     []any    `yaml:"also"`    // accepted in addition to the range
	Items    Bounds   `yaml:"items"`   // elements
	Prefix   Bounds   `yaml:"prefix"`  // bits of a CIDR block
	Pattern  Patterns `yaml:"pattern"` // all must match
	Not      Patterns `yaml:"not"`     // none may match
	Format   string   `yaml:"format"`  // a name in formats
	// Known names a list of values. Another value is a warning.
	Known string `yaml:"known"`
	// Only lists the values that the simulation supports. AWS accepts more. An empty list means none.
	Only          []any    `yaml:"only"`
	ConflictsWith []string `yaml:"conflictsWith"`
	RequiredWith  []string `yaml:"requiredWith"`
	// Error replaces the description of a missing value, or of a refused one where none is required. {value} is the value.
	Error  string `yaml:"error"`
	Source string `yaml:"source"`

	ForceNew bool `yaml:"forceNew"`
	// NotAfter lists the values which a new value cannot follow.
	NotAfter map[string][]any `yaml:"notAfter"`
	Computed bool             `yaml:"computed"` // AWS chooses a value where the program gives none
	Set      bool             `yaml:"set"`      // a list without an order
	Default  any              `yaml:"default"`
	// Unset is the value that AWS reports for a property without one.
	Unset any `yaml:"unset"`
	// Equal names the comparison: a name in comparisons.
	Equal string `yaml:"equal"`
	// AppliesTo are the values of other properties of the object, or of the resource, for which the provider compares the
	// property at all.
	AppliesTo map[string][]any `yaml:"appliesTo"`
	AutoName  *AutoName        `yaml:"autoName"`

	list List
}

// AutoName is how the provider names a resource without a name.
type AutoName struct {
	Rival  string `yaml:"rival"`
	Prefix string `yaml:"prefix"`
	Limit  int    `yaml:"limit"`
	Lower  bool   `yaml:"lower"`
}

// List is a list of values in a dated file. A value that the list does not have can be newer than the file.
type List struct {
	File string
	Has  func(string) bool
}

// Read reads the files of a folder, which name some of the lists.
func Read(files fs.FS, folder string, lists map[string]List) (Schema, error) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}

	var (
		result   = Schema{}
		problems []error
	)

	for _, entry := range entries {
		name := path.Join(folder, entry.Name())

		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("reading the schema: %w", err)
		}

		decoder := yaml.NewDecoder(bytes.NewReader(text))
		decoder.KnownFields(true)

		var types Schema
		if err := decoder.Decode(&types); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}

		maps.Copy(result, types)
	}

	for token, described := range result {
		problems = append(problems, described.prepare(token, lists))
	}

	return result, errors.Join(problems...)
}

// Names are the paths of the properties for which a condition holds, without brackets: "ingress.cidrBlocks".
func (t *Type) Names(condition func(*Property) bool) []string {
	var names []string

	for _, at := range t.paths {
		if condition(t.Properties[at]) {
			names = append(names, strings.ReplaceAll(at, "[]", ""))
		}
	}

	return names
}

// Kept are the names of the inputs that keep the value of AWS where the program gives none.
func (t *Type) Kept() []string {
	return slices.DeleteFunc(t.Names(func(p *Property) bool { return p.Computed }), func(name string) bool {
		return strings.Contains(name, ".")
	})
}

// Defaults are the values that the provider fills in for the whole resource, and inside the objects that every
// resource has.
func (t *Type) Defaults(always func(name string) bool) map[string]any {
	defaults := map[string]any{}

	for _, at := range t.paths {
		value := t.Properties[at].Default
		if value == nil || strings.Contains(at, "[]") {
			continue
		}

		if name, _, inside := strings.Cut(at, "."); !inside || always(name) {
			property.Put(defaults, at, value)
		}
	}

	return property.Clone(defaults)
}

// prepare checks the names of functions and lists, and orders the paths.
func (t *Type) prepare(token string, lists map[string]List) error {
	var problems []error

	t.paths = slices.Sorted(maps.Keys(t.Properties))

	for _, at := range t.paths {
		p := t.Properties[at]
		if _, known := formats()[p.Format]; !known && p.Format != "" {
			problems = append(problems, fmt.Errorf("%s.%s: unknown format %q", token, at, p.Format))
		}

		if p.list = lists[p.Known]; p.Known != "" && p.list.Has == nil {
			problems = append(problems, fmt.Errorf("%s.%s: unknown list %q", token, at, p.Known))
		}

		if _, known := Comparisons()[p.Equal]; !known && p.Equal != "" {
			problems = append(problems, fmt.Errorf("%s.%s: unknown comparison %q", token, at, p.Equal))
		}
	}

	return errors.Join(problems...)
}
