package aws

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/property"
	"github.com/msur/platform/rehearsal/simulation/schema"
)

//go:embed types/*.yaml
var typeFiles embed.FS

// declaration is a type in types/*.yaml. The simulation's README describes the format.
type declaration struct {
	behaviour.Kind `yaml:",inline"`

	Outputs    outputs           `yaml:"outputs"`
	Forms      map[string]string `yaml:"forms"`
	References []reference       `yaml:"references"`
	Unique     []unique          `yaml:"unique"`
	Missing    string            `yaml:"missing"`
	InUse      string            `yaml:"inUse"`
}

// reference is a property that names another resource.
type reference struct {
	behaviour.Reference `yaml:",inline"`

	Skip    string `yaml:"skip"`
	Missing string `yaml:"missing"`
}

type unique struct {
	behaviour.Unique `yaml:",inline"`

	Taken string `yaml:"taken"`
}

// outputs keep the order of the file: an output can use those before it.
type outputs []behaviour.Output

// UnmarshalYAML reads a mapping. The tag of a value determines when it is computed; code computes a value without text.
func (o *outputs) UnmarshalYAML(node *yaml.Node) error {
	for i := 0; i < len(node.Content); i += 2 {
		value := node.Content[i+1]
		output := behaviour.Output{
			Name: node.Content[i].Value, Volatile: value.Tag == "!volatile", Follows: value.Tag == "!follows",
		}

		switch {
		case output.Volatile || output.Follows:
			output.Value = value.Value
		case value.Tag == "!computed":
			output.Value = nil
		default:
			if err := value.Decode(&output.Value); err != nil {
				return fmt.Errorf("output %s: %w", output.Name, err)
			}

			output.Value = property.Clone(map[string]any{"": output.Value})[""] // numbers as they are in properties
		}

		*o = append(*o, output)
	}

	return nil
}

// rules are the parts of a type's behaviour that a declaration cannot express.
type rules struct {
	id                        func(*call) string
	outputs                   map[string]func(*call) any
	ignored                   func(held, inputs properties) []string
	local                     []behaviour.Local
	checks, guards            []check
	created, updated, deleted check
}

// declaredKinds reads the types declared in the files, and joins each with its rules.
func declaredKinds(
	files fs.ReadFileFS, described *catalogue.Catalogue, facts schema.Schema, byType map[string]rules,
) ([]behaviour.Kind, error) {
	entries, err := fs.ReadDir(files, "types")
	if err != nil {
		return nil, fmt.Errorf("reading the declared types: %w", err)
	}

	var (
		kinds    []behaviour.Kind
		problems []error
	)

	for _, entry := range entries {
		text, err := files.ReadFile(path.Join("types", entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading the declared types: %w", err)
		}

		var declared map[string]declaration

		decoder := yaml.NewDecoder(bytes.NewReader(text))
		decoder.KnownFields(true)

		if err := decoder.Decode(&declared); err != nil {
			problems = append(problems, fmt.Errorf("types/%s: %w", entry.Name(), err))
		}

		for _, token := range slices.Sorted(maps.Keys(declared)) {
			kind, err := declared[token].kind(token, described.Types[token], facts[token], byType[token])
			kinds, problems = append(kinds, kind), append(problems, err)

			delete(byType, token)
		}
	}

	for token := range byType {
		problems = append(problems, fmt.Errorf("rules of %s: no file in types declares it", token))
	}

	return kinds, errors.Join(problems...)
}

func (d declaration) kind(
	token string, described catalogue.Type, facts *schema.Type, own rules,
) (behaviour.Kind, error) {
	kind := d.Kind
	kind.Type, kind.Computed = token, d.Outputs
	kind.MakeID, kind.Ignored = own.id, own.ignored
	kind.Checks, kind.Guards, kind.Local = own.checks, own.guards, own.local
	kind.Created, kind.Updated, kind.Deleted = own.created, own.updated, own.deleted
	kind.Missing = func(id string) error { return answer(d.Missing, constant(id)) }
	kind.InUse = func(target, dependent account.Resource) error {
		return answer(d.InUse, func(name string, _ int) string {
			if path, ok := strings.CutPrefix(name, "dependent."); ok {
				return dependent.Text(path)
			}

			return target.Text(name)
		})
	}

	problems := []error{apply(facts, described, &kind)}

	for _, local := range kind.Local {
		kind.Checks = append(kind.Checks, local.Check)
	}

	if slices.Contains(described.Outputs, "tagsAll") {
		kind.Computed = append(kind.Computed, behaviour.Output{Name: "tagsAll", Same: "tags"})
	}

	for _, declared := range d.Unique {
		kind.Unique = append(kind.Unique, declared.unique())
	}

	problems = append(problems, own.join(&kind), d.form(&kind))

	for _, declared := range d.References {
		reference, err := declared.reference()
		if err != nil {
			problems = append(problems, fmt.Errorf("type %s: reference %s: %w", token, declared.Property, err))
		}

		kind.References = append(kind.References, reference)
	}

	return kind, errors.Join(problems...)
}

// join gives the outputs that code makes to a kind.
func (r rules) join(kind *behaviour.Kind) error {
	var problems []error

	for i, output := range kind.Computed {
		if maker, exists := r.outputs[output.Name]; exists {
			kind.Computed[i].Make = maker
		}

		if output = kind.Computed[i]; output.Make == nil && output.Same == "" && output.Value == nil {
			problems = append(problems, fmt.Errorf("rules of %s: nothing computes the output %s", kind.Type, output.Name))
		}

		delete(r.outputs, output.Name)
	}

	for name := range r.outputs {
		problems = append(problems, fmt.Errorf("rules of %s: its declaration has no output %s", kind.Type, name))
	}

	return errors.Join(problems...)
}

func (u unique) unique() behaviour.Unique {
	result := u.Unique
	result.Taken = func(c *call, other account.Resource) error {
		return answer(u.Taken, func(name string, _ int) string {
			return cmp.Or(other.Text(name), c.Fill("{"+name+"}"))
		})
	}

	return result
}

func (r reference) reference() (behaviour.Reference, error) {
	result := r.Reference
	if slices.Contains(result.Types, typeSecurityGroup) {
		result.Types = groupTypes()
	}

	if r.Skip != "" {
		pattern, err := regexp.Compile(r.Skip)
		if err != nil {
			return result, fmt.Errorf("skip: %w", err)
		}

		result.Skip = pattern.MatchString
	}

	if r.Missing != "" {
		result.Missing = func(value string) error { return answer(r.Missing, constant(value)) }
	}

	return result, nil
}

func constant(value string) func(string, int) string {
	return func(string, int) string { return value }
}
