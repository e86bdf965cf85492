package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/state"
)

// names returns the environments in the order of the columns.
func names() []string { return []string{"sandbox", "staging"} }

// asOf returns the day of the check, because Kubernetes versions go out of support (K2). It is fixed so that the page
// does not change without a commit.
func asOf() time.Time { return time.Date(2026, time.November, 25, 0, 0, 0, 0, time.UTC) }

// readAccount reads the golden graph of the account's project.
func readAccount(files fs.FS) (controls.Environment, error) {
	graph, err := readGraph(files, "infra/bootstrap/account/testdata/account.json")

	return controls.Environment{State: graph, Now: asOf()}, err
}

func readGraph(files fs.FS, file string) (*state.State, error) {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, fmt.Errorf("reading a golden graph: %w", err)
	}

	graph, err := state.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("decoding the golden graph %s: %w", file, err)
	}

	return graph, nil
}

// readEnvironments reads the golden graph and the policy of each environment.
func readEnvironments(files fs.FS) (map[string]controls.Environment, error) {
	environments := make(map[string]controls.Environment)

	for _, name := range names() {
		graph, err := readGraph(files, "stacks/testdata/"+name+".json")
		if err != nil {
			return nil, err
		}

		policy, err := readPolicy(files, name)
		if err != nil {
			return nil, err
		}

		environments[name] = controls.Environment{
			State: graph, HighlyAvailable: policy["highlyAvailable"], KeepsData: policy["keepsData"],
			OpenAPI: policy["openAPI"], Now: asOf(),
		}
	}

	for name, environment := range environments {
		for _, other := range slices.Sorted(maps.Keys(environments)) {
			if other != name {
				environment.Others = append(environment.Others, environments[other].State)
			}
		}

		environments[name] = environment
	}

	return environments, nil
}

// readPolicy reads what an environment is out of its file in stacks, whose package nothing here may import: its fields
// that are true or false.
func readPolicy(files fs.FS, name string) (map[string]bool, error) {
	file := "stacks/" + name + ".go"

	text, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, fmt.Errorf("reading what an environment is: %w", err)
	}

	source, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("reading what an environment is: %w", err)
	}

	policy := make(map[string]bool)

	ast.Inspect(source, func(node ast.Node) bool {
		if pair, is := node.(*ast.KeyValueExpr); is {
			key, _ := pair.Key.(*ast.Ident)
			value, _ := pair.Value.(*ast.Ident)

			if key != nil && value != nil {
				policy[key.Name] = value.Name == "true"
			}
		}

		return true
	})

	for _, field := range []string{"highlyAvailable", "keepsData", "openAPI"} {
		if _, said := policy[field]; !said {
			return nil, fmt.Errorf("%s does not say whether it is %s", file, field)
		}
	}

	return policy, nil
}
