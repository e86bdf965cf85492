// Package report describes a run and the resulting stack: as JSON for tools, as a table for a terminal, and as Markdown
// for a pull request.
package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/cost"
	"github.com/msur/platform/rehearsal/duration"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/sarif"
	"github.com/msur/platform/rehearsal/state"
)

// SchemaVersion is the version of the report's schema. It increases when a change would break a reader.
const SchemaVersion = 3

// Report is the content of out/<stack>/report.json, which report.schema.json describes.
type Report struct {
	SchemaVersion int    `json:"schemaVersion"`
	Stack         string `json:"stack"`
	// Operation is up, preview or destroy.
	Operation string `json:"operation"`
	// Commit is the checked out commit, with "-dirty" if files differ from it; empty outside of git.
	Commit string `json:"commit"`
	// Resources are those after the run, or those that an `up` would leave if the run is a preview.
	Resources []Resource `json:"resources"`
	// Deleted are the resources that the run deletes, as they were before it.
	Deleted []Resource `json:"deleted"`
	// Plan is the list of steps that change something, in the engine's order.
	Plan []plan.Step `json:"plan"`
	// Changes is the number of resources by the engine's name of the operation, such as create or update.
	Changes map[string]int `json:"changes"`
	// Outputs are the stack's outputs before a preview, or after another run. Secrets are replaced by "[secret]".
	Outputs map[string]any `json:"outputs"`
	// Time is how long AWS would need for the plan.
	Time duration.Estimate `json:"time"`
	// Cost is what the resources cost in a month.
	Cost Cost `json:"cost"`
	// Controls are the results of all controls after an up, or before it. Those that a preview cannot check, or that only
	// tests check, are unknown.
	Controls []controls.Finding `json:"controls"`
	// Differences are those to the last report, or to the one to compare with; nil if there is none.
	Differences *Differences `json:"differences,omitempty"`

	// stackFile is the path of the stack's file in the repository.
	stackFile string
}

// Cost is what the resources cost in a month, and the change.
type Cost struct {
	cost.Estimate

	Change cost.Change `json:"change"`
	// ComparedWith is what the change is relative to: the commit of the report to compare with, or "before the run".
	ComparedWith string `json:"comparedWith"`
}

// Run is the run to report on.
type Run struct {
	Stack, Operation, Commit string
	// Before and After are the resources before the run, and those after it. Those after a preview are what an `up` would
	// leave.
	Before, After *state.State
	Steps         []plan.Step
	Changes       map[string]int
	// Outputs are the stack's outputs.
	Outputs map[string]any
	// Assumptions are those for the cost.
	Assumptions map[string]cost.Assumption
	// Repository has the files that controls check.
	Repository fs.FS
	// Base is the report to compare the cost with; nil means the state before the run.
	Base *Report
	// Last is the report of the run before, or nil.
	Last *Report
	// Now is the time for the controls.
	Now time.Time
}

// Resource is one resource of the stack.
type Resource struct {
	URN  resource.URN `json:"urn"`
	Type string       `json:"type"`
	// Component is the name of the outermost component that contains the resource; "-" if there is none.
	Component    string         `json:"component"`
	Dependencies []resource.URN `json:"dependencies"`
	// References are the resources whose outputs the value of a property has.
	References map[string][]resource.URN `json:"references,omitempty"`
	// Properties are the inputs. Secrets are replaced by "[secret]".
	Properties map[string]any `json:"properties,omitempty"`
	// InAccount is true for resources that exist in the account: all but components and providers.
	InAccount bool `json:"inAccount"`
}

// New returns the report of a run.
func New(run Run) *Report {
	r := &Report{
		SchemaVersion: SchemaVersion,
		Stack:         run.Stack,
		Operation:     run.Operation,
		Commit:        run.Commit,
		Resources:     make([]Resource, 0, len(run.After.Resources)),
		Deleted:       run.deleted(),
		Plan:          []plan.Step{},
		Changes:       make(map[string]int),
		Outputs:       make(map[string]any),
		Time:          duration.Of(run.Steps, run.Before, run.After),
		Cost:          run.cost(),
		Controls:      []controls.Finding{},
		stackFile:     controls.StackFile(run.Repository, run.Stack),
	}

	maps.Copy(r.Changes, run.Changes)

	for _, step := range run.Steps {
		if step.Op != apitype.OpSame {
			r.Plan = append(r.Plan, step)
		}
	}

	for _, known := range run.After.Resources {
		r.Resources = append(r.Resources, newResource(run.After, known))
	}

	for name, value := range run.Outputs {
		r.Outputs[name] = state.Printable(value)
	}

	if run.Operation != "destroy" {
		r.Controls = run.controls()
	}

	if last := cmp.Or(run.Base, run.Last); last != nil {
		r.Differences = r.compare(last)
	}

	return r
}

// deleted returns the resources that exist only before the run.
func (run Run) deleted() []Resource {
	exists := make(map[resource.URN]bool)
	for _, known := range run.After.Resources {
		exists[known.URN] = true
	}

	deleted := []Resource{}

	for _, known := range run.Before.Resources {
		if !exists[known.URN] {
			deleted = append(deleted, newResource(run.Before, known))
		}
	}

	return deleted
}

// controls returns the results of the controls.
func (run Run) controls() []controls.Finding {
	environment := controls.NewEnvironment(run.After, run.Repository, run.Now)

	if run.Operation == "preview" {
		return controls.Score(environment, plan.Changed(run.Steps))
	}

	return controls.Score(environment, nil)
}

func newResource(all *state.State, known state.Resource) Resource {
	r := Resource{
		URN:          known.URN,
		Type:         string(known.Type),
		Component:    all.Component(known),
		Dependencies: append([]resource.URN{}, known.Dependencies...),
		References:   make(map[string][]resource.URN),
		InAccount:    known.Custom && known.Type.Module().Name() != "providers",
	}

	if r.InAccount {
		r.Properties, _ = state.Printable(known.Inputs).(map[string]any)
	}

	for property, urns := range known.PropertyDependencies {
		if len(urns) > 0 {
			r.References[string(property)] = urns
		}
	}

	return r
}

// cost returns the cost after the run, and its change.
func (run Run) cost() Cost {
	after := Cost{Estimate: cost.Of(run.After, run.Assumptions, run.Now), ComparedWith: "before the run"}
	before := cost.Of(run.Before, run.Assumptions, run.Now)

	if run.Base != nil {
		before, after.ComparedWith = run.Base.Cost.Estimate, run.Base.Commit
	}

	after.Change = cost.Compare(before, after.Estimate)

	return after
}

// Read reads a report from a file.
func Read(file string) (*Report, error) {
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return nil, fmt.Errorf("reading a report: %w", err)
	}

	var r Report
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("reading the report %s: %w", file, err)
	}

	if r.SchemaVersion != SchemaVersion {
		return nil, fmt.Errorf("reading the report %s: it has version %d of the schema, expected %d", file, r.SchemaVersion,
			SchemaVersion)
	}

	return &r, nil
}

// Write writes report.json, report.md and report.sarif into a folder, and returns the path of report.json.
func (r *Report) Write(folder string) (string, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}

	results, err := sarif.Of(r.Stack, r.stackFile, r.Controls)
	if err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}

	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}

	for name, content := range map[string][]byte{
		"report.json": append(text, '\n'), "report.md": []byte(r.Markdown()), "report.sarif": results,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return "", fmt.Errorf("writing the report: %w", err)
		}
	}

	return filepath.Join(folder, "report.json"), nil
}
