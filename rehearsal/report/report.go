// Package report tells what a stack consists of: as JSON for tools, and as a table for people.
package report

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/state"
)

// SchemaVersion is that of the report's form. It grows when a reader of the former one would go wrong.
const SchemaVersion = 1

// Report is what out/<stack>/report.json holds.
type Report struct {
	SchemaVersion int    `json:"schemaVersion"`
	Stack         string `json:"stack"`
	// Commit is that of the checkout, with "-dirty" where files differ from it; empty outside of git.
	Commit    string     `json:"commit"`
	Resources []Resource `json:"resources"`
	// Changes are how many resources the run created, updated, replaced or deleted, by the engine's words.
	Changes map[string]int `json:"changes"`
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

// New reports on a stack.
func New(stack, commit string, known *state.State, changes map[string]int) *Report {
	r := &Report{
		SchemaVersion: SchemaVersion,
		Stack:         stack,
		Commit:        commit,
		Resources:     make([]Resource, 0, len(known.Resources)),
		Changes:       changes,
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

// Write writes the report into a folder and returns the path of its file.
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

	return file, nil
}

func isProvider(r state.Resource) bool { return r.Type.Module().Name() == "providers" }
