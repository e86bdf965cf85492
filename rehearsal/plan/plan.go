// Package plan reads the engine's plan and finds the data that it would lose. A replacement deletes the old resource, a
// changed name does so too, and some deleted resources cannot be restored.
package plan

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"github.com/msur/platform/rehearsal/state"
)

// Step is an operation of the engine on a resource, planned or done.
type Step struct {
	URN resource.URN   `json:"urn"`
	Op  apitype.OpType `json:"op"`
	// Component is the name of the outermost component that contains the resource; "-" if there is none.
	Component string `json:"component,omitempty"`
	// Differs are the properties that cause the update or replacement.
	Differs []string `json:"differs,omitempty"`
	// Before and After are the values of these properties, without secrets. One that is not set is missing.
	Before map[string]any `json:"before,omitempty"`
	After  map[string]any `json:"after,omitempty"`
}

// Loses reports whether the step deletes or replaces a resource that holds data, or contains resources that do.
func (s Step) Loses() bool {
	return slices.Contains(protectedTypes(), string(s.URN.Type())) && (isReplacement(s.Op) || s.Op == apitype.OpDelete)
}

// protectedTypes hold data, or contain everything else. Subnets contain the control plane's network interfaces, which
// stay in the subnets of its creation: deleting one, because a zone was removed or the range changed, makes `up` fail
// with a DependencyViolation.
func protectedTypes() []string {
	return []string{
		"aws:ec2/subnet:Subnet",
		"aws:ec2/vpc:Vpc",
		"aws:eks/cluster:Cluster",
		"aws:elasticache/replicationGroup:ReplicationGroup",
		"aws:rds/instance:Instance",
	}
}

// Replaces reports whether the step is a part of a replacement.
func (s Step) Replaces() bool { return isReplacement(s.Op) }

func isReplacement(op apitype.OpType) bool {
	return slices.Contains([]apitype.OpType{
		apitype.OpReplace, apitype.OpCreateReplacement, apitype.OpDeleteReplaced, apitype.OpReadReplacement,
		apitype.OpDiscardReplaced, apitype.OpImportReplacement,
	}, op)
}

// Changed returns the resources that the steps change. A refresh only reads.
func Changed(steps []Step) map[resource.URN]bool {
	changed := make(map[resource.URN]bool)

	for _, step := range steps {
		if step.Op != apitype.OpSame && step.Op != apitype.OpRefresh {
			changed[step.URN] = true
		}
	}

	return changed
}

// Check returns an error that names the resources whose data the steps would lose.
func Check(steps []Step) error {
	var lost []string

	for _, step := range steps {
		if !step.Loses() {
			continue
		}

		fate := "replaced"
		if step.Op == apitype.OpDelete {
			fate = "deleted"
		}

		lost = append(lost, fmt.Sprintf("%s (%s) %s", step.URN.Name(), step.URN.Type(), fate))
	}

	if len(lost) == 0 {
		return nil
	}

	slices.Sort(lost)

	return fmt.Errorf("these resources would be lost with their data: %s. Revert the setting that causes this, add an "+
		"alias to a resource whose name or parent has changed (CONTRIBUTING.md), or destroy the environment and "+
		"deploy it again", strings.Join(slices.Compact(lost), ", "))
}

// CheckFile checks the plan in the file that the variable FILE names.
func CheckFile(file string) error {
	if file == "" {
		return errors.New("FILE is not set; expected a file with the output of `pulumi preview --json`")
	}

	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return fmt.Errorf("FILE: %w", err)
	}

	steps, err := Read(text)
	if err != nil {
		return fmt.Errorf("FILE: %s: %w", file, err)
	}

	return Check(steps)
}

// Read reads the output of `pulumi preview --json`. If the preview failed, its plan is incomplete, and Read returns its
// errors.
func Read(text []byte) ([]Step, error) {
	var preview struct {
		Steps       []Step `json:"steps"`
		Diagnostics []struct {
			Severity string `json:"severity"`
			Message  string `json:"message"`
		} `json:"diagnostics"`
	}
	if err := json.Unmarshal(text, &preview); err != nil {
		return nil, fmt.Errorf("reading a plan: expected the output of `pulumi preview --json`: %w", err)
	}

	var failures []string

	for _, diagnostic := range preview.Diagnostics {
		if diagnostic.Severity == "error" {
			failures = append(failures, strings.TrimSpace(diagnostic.Message))
		}
	}

	if len(failures) > 0 {
		return nil, fmt.Errorf("reading a plan: the preview failed: %s", strings.Join(failures, "\n"))
	}

	return preview.Steps, nil
}

// Of returns the steps in the engine's events.
func Of(events []apitype.EngineEvent) []Step {
	var (
		steps []Step
		known state.State
	)

	for _, event := range events {
		if event.ResourcePreEvent == nil {
			continue
		}

		step := event.ResourcePreEvent.Metadata
		described := cmp.Or(step.New, step.Old, &apitype.StepEventStateMetadata{Custom: true})
		known.Resources = append(known.Resources, state.Resource{
			URN: resource.URN(step.URN), Type: tokens.Type(described.Type), Custom: described.Custom,
			Parent: resource.URN(described.Parent),
		})
		steps = append(steps, Step{
			URN: resource.URN(step.URN), Op: step.Op, Differs: step.Diffs, Before: values(step.Old, step.Diffs),
			After: values(step.New, step.Diffs),
		})
	}

	for i, r := range known.Resources {
		steps[i].Component = known.Component(r)
	}

	return steps
}

// values returns the properties that differ, as they are on one side of a step.
func values(side *apitype.StepEventStateMetadata, differs []string) map[string]any {
	if side == nil {
		return nil
	}

	found := make(map[string]any)

	for _, path := range differs {
		if value := state.Input(state.Resource{Inputs: side.Inputs}, path); value != nil {
			found[path] = state.Printable(value)
		}
	}

	return found
}
