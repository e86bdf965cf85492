// Package plan reads what the engine is about to do, and finds what would be lost by it: a replacement deletes, and
// of some resources what is deleted does not come back.
package plan

import (
	"cmp"
	"encoding/json"
	"fmt"
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

// Read reads what `pulumi preview --json` prints.
func Read(text []byte) ([]Step, error) {
	var preview struct {
		Steps []Step `json:"steps"`
	}
	if err := json.Unmarshal(text, &preview); err != nil {
		return nil, fmt.Errorf("reading a plan: want what `pulumi preview --json` prints: %w", err)
	}

	return preview.Steps, nil
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

// holding are the types that hold data, or everything else: nobody replaces one by the way.
func holding() []string {
	return []string{
		"aws:ec2/vpc:Vpc",
		"aws:eks/cluster:Cluster",
		"aws:elasticache/replicationGroup:ReplicationGroup",
		"aws:rds/instance:Instance",
	}
}

// Check returns an error that names what holds data and would be replaced.
func Check(steps []Step) error {
	var lost []string

	for _, step := range steps {
		if step.Holds() && isReplacement(step.Op) {
			lost = append(lost, step.URN.Name()+" ("+string(step.URN.Type())+")")
		}
	}

	if len(lost) == 0 {
		return nil
	}

	slices.Sort(lost)

	return fmt.Errorf("what they hold would be lost, for these would be replaced: %s; take back the setting that does "+
		"it, or destroy the environment first and bring it up anew", strings.Join(slices.Compact(lost), ", "))
}

// isReplacement reports whether an operation is a part of a replacement.
func isReplacement(op apitype.OpType) bool {
	return slices.Contains([]apitype.OpType{
		apitype.OpReplace, apitype.OpCreateReplacement, apitype.OpDeleteReplaced, apitype.OpReadReplacement,
		apitype.OpDiscardReplaced, apitype.OpImportReplacement,
	}, op)
}
