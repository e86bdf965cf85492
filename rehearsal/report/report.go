// Package report tells what a run did to a stack, and of what it consists: as JSON for tools, as a table for a
// terminal, and as Markdown for a pull request.
package report

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/state"
)

// SchemaVersion is that of the report's form. It grows when a reader of the former one would go wrong.
const SchemaVersion = 1

// Report is what out/<stack>/report.json holds.
type Report struct {
	SchemaVersion int    `json:"schemaVersion"`
	Stack         string `json:"stack"`
	// Operation is what was done: up, preview or destroy.
	Operation string `json:"operation"`
	// Commit is that of the checkout, with "-dirty" where files differ from it; empty outside of git.
	Commit string `json:"commit"`
	// Resources are those that the engine knows, after an up or a destroy, or before whatever a preview shows.
	Resources []Resource `json:"resources"`
	// Plan are the steps that change something, in the engine's order.
	Plan []plan.Step `json:"plan"`
	// Changes are how many resources the run created, updated, replaced or deleted, by the engine's words.
	Changes map[string]int `json:"changes"`
	// Outputs are the stack's. In place of a secret there is [secret].
	Outputs map[string]any `json:"outputs"`
	// Controls are how each stands in what is up; a preview and a destroy have none.
	Controls []controls.Finding `json:"controls"`
}

// Run is what is reported on.
type Run struct {
	Stack, Operation, Commit string
	State                    *state.State
	Steps                    []plan.Step
	Changes                  map[string]int
	// Now is when the controls are checked.
	Now time.Time
}

// Resource is one resource of the stack.
type Resource struct {
	URN  resource.URN `json:"urn"`
	Type string       `json:"type"`
	// Component is the name of the component at the top that it belongs to; "-" where it belongs to none.
	Component    string         `json:"component"`
	Dependencies []resource.URN `json:"dependencies"`
	// Held says that the account holds it: it is neither a component nor a provider.
	Held bool `json:"held"`
}

// New reports on a run.
func New(run Run) *Report {
	known := run.State
	r := &Report{
		SchemaVersion: SchemaVersion,
		Stack:         run.Stack,
		Operation:     run.Operation,
		Commit:        run.Commit,
		Resources:     make([]Resource, 0, len(known.Resources)),
		Plan:          slices.DeleteFunc(slices.Clone(run.Steps), func(s plan.Step) bool { return s.Op == apitype.OpSame }),
		Changes:       run.Changes,
		Outputs:       outputs(known),
	}

	if run.Operation == "up" {
		r.Controls = controls.Check(environment(r.Outputs, known, run.Now))
	}

	for _, held := range known.Resources {
		r.Resources = append(r.Resources, Resource{
			URN:          held.URN,
			Type:         string(held.Type),
			Component:    known.Component(held),
			Dependencies: append([]resource.URN{}, held.Dependencies...),
			Held:         held.Custom && !isProvider(held),
		})
	}

	return r
}

// environment is what the controls are checked against: the outputs say what it is.
func environment(outputs map[string]any, known *state.State, now time.Time) controls.Environment {
	policy, _ := outputs["policy"].(map[string]any)
	says := func(what string) bool {
		said, _ := policy[what].(bool)

		return said
	}

	return controls.Environment{
		State: known, HighlyAvailable: says("highlyAvailable"), KeepsData: says("keepsData"), OpenAPI: says("openAPI"),
		Now: now,
	}
}

// outputs are those of the stack, without its secrets.
func outputs(known *state.State) map[string]any {
	shown := make(map[string]any)

	for _, r := range known.Resources {
		if r.Type != resource.RootStackType {
			continue
		}

		for name, value := range r.Outputs {
			shown[name] = withoutSecrets(value)
		}
	}

	return shown
}

func withoutSecrets(value any) any {
	switch value := value.(type) {
	case map[string]any:
		if value[resource.SigKey] == resource.SecretSig {
			return "[secret]"
		}

		inner := make(map[string]any, len(value))
		for name, one := range value {
			inner[name] = withoutSecrets(one)
		}

		return inner
	case []any:
		inner := make([]any, len(value))
		for i, one := range value {
			inner[i] = withoutSecrets(one)
		}

		return inner
	default:
		return value
	}
}

// Read reads the report of a file.
func Read(file string) (*Report, error) {
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return nil, fmt.Errorf("reading a report: %w", err)
	}

	var r Report
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("reading the report %s: %w", file, err)
	}

	return &r, nil
}

// Write writes the report into a folder, as report.json and as report.md, and returns the path of the first.
func (r *Report) Write(folder string) (string, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}

	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}

	file := filepath.Join(folder, "report.json")
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}

	if err := os.WriteFile(filepath.Join(folder, "report.md"), []byte(r.Markdown()), 0o600); err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}

	return file, nil
}

func isProvider(r state.Resource) bool { return r.Type.Module().Name() == "providers" }
