// Package plan reads what the engine is about to do, and finds what would be lost by it: a replacement deletes, so does
// another name, and of some resources what is deleted does not come back.
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
)

// Step is what the engine does, or would do, to a resource.
type Step struct {
	URN resource.URN   `json:"urn"`
	Op  apitype.OpType `json:"op"`
	// Component is the name of the component at the top that the resource belongs to; "-" where it belongs to none.
	Component string `json:"component,omitempty"`
	// Differs are the properties that make an update or a replacement necessary.
	Differs []string `json:"differs,omitempty"`
}

// Holds reports whether the resource holds data, or everything else.
func (s Step) Holds() bool { return slices.Contains(holding(), string(s.URN.Type())) }

// Loses reports whether what the resource holds is lost.
func (s Step) Loses() bool { return s.Holds() && (isReplacement(s.Op) || s.Op == apitype.OpDelete) }

// Read reads what `pulumi preview --json` prints. Of a preview that failed there is no whole plan, and its errors are
// returned.
func Read(text []byte) ([]Step, error) {
	var preview struct {
		Steps       []Step `json:"steps"`
		Diagnostics []struct {
			Severity string `json:"severity"`
			Message  string `json:"message"`
		} `json:"diagnostics"`
	}
	if err := json.Unmarshal(text, &preview); err != nil {
		return nil, fmt.Errorf("reading a plan: want what `pulumi preview --json` prints: %w", err)
	}

	var failed []string

	for _, diagnostic := range preview.Diagnostics {
		if diagnostic.Severity == "error" {
			failed = append(failed, strings.TrimSpace(diagnostic.Message))
		}
	}

	if len(failed) > 0 {
		return nil, fmt.Errorf("reading a plan: the preview failed: %s", strings.Join(failed, "\n"))
	}

	return preview.Steps, nil
}

// CheckFile checks the plan in a file, which FILE names.
func CheckFile(file string) error {
	if file == "" {
		return errors.New("FILE: got nothing, want a file with what `pulumi preview --json` prints")
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

// Of returns the steps among the engine's events.
func Of(events []apitype.EngineEvent) []Step {
	var (
		steps []Step
		known = make(map[string]*apitype.StepEventStateMetadata)
	)

	for _, event := range events {
		if event.ResourcePreEvent == nil {
			continue
		}

		metadata := event.ResourcePreEvent.Metadata
		known[metadata.URN] = cmp.Or(metadata.New, metadata.Old, &apitype.StepEventStateMetadata{})
		steps = append(steps, Step{URN: resource.URN(metadata.URN), Op: metadata.Op, Differs: metadata.Diffs})
	}

	for i := range steps {
		steps[i].Component = component(string(steps[i].URN), known)
	}

	return steps
}

// component is the name of the last one on the way from a resource up to the stack.
func component(urn string, known map[string]*apitype.StepEventStateMetadata) string {
	name := "-"

	for at := known[urn]; at != nil && at.Type != string(resource.RootStackType); at = known[at.Parent] {
		if !at.Custom && at.URN != "" {
			name = resource.URN(at.URN).Name()
		}
	}

	return name
}

// holding are the types that hold data, or everything else. A subnet holds the interfaces of the control plane, which
// stays in the subnets that it was created in: where one goes, a zone was removed or the range changed, and `up` would
// end with a DependencyViolation.
func holding() []string {
	return []string{
		"aws:ec2/subnet:Subnet",
		"aws:ec2/vpc:Vpc",
		"aws:eks/cluster:Cluster",
		"aws:elasticache/replicationGroup:ReplicationGroup",
		"aws:rds/instance:Instance",
	}
}

// Check returns an error that names what holds data and would be replaced or deleted.
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

	return fmt.Errorf("what they hold would be lost, with these: %s; take back the setting that does it, give an alias "+
		"to what has another name or parent now (CONTRIBUTING.md), or destroy the environment first and bring it up anew",
		strings.Join(slices.Compact(lost), ", "))
}

// isReplacement reports whether an operation is a part of a replacement.
func isReplacement(op apitype.OpType) bool {
	return slices.Contains([]apitype.OpType{
		apitype.OpReplace, apitype.OpCreateReplacement, apitype.OpDeleteReplaced, apitype.OpReadReplacement,
		apitype.OpDiscardReplaced, apitype.OpImportReplacement,
	}, op)
}
