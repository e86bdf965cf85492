package plan

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"github.com/msur/platform/rehearsal/state"
)

// Goals are what the program wants, by URN. The engine's events lack the dependencies.
type Goals map[resource.URN]apitype.GoalV1

// ReadGoals reads the file that `pulumi preview --save-plan` writes.
func ReadGoals(file string) (Goals, error) {
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return nil, fmt.Errorf("reading the engine's plan: %w", err)
	}

	var saved apitype.DeploymentPlanV1
	if err := json.Unmarshal(text, &saved); err != nil {
		return nil, fmt.Errorf("reading the engine's plan %s: %w", file, err)
	}

	goals := make(Goals, len(saved.ResourcePlans))

	for urn, planned := range saved.ResourcePlans {
		if planned.Goal != nil {
			goals[urn] = *planned.Goal
		}
	}

	return goals, nil
}

// Result returns the resources that the stack would have after the events of a preview. Ids and outputs of new
// resources are missing.
func Result(before *state.State, events []apitype.EngineEvent, goals Goals) *state.State {
	var (
		result state.State
		at     = make(map[resource.URN]int)
		known  = make(map[resource.URN]state.Resource)
	)

	for _, r := range before.Resources {
		known[r.URN] = r
	}

	for _, event := range events {
		if pre := event.ResourcePreEvent; pre != nil && pre.Metadata.New != nil {
			urn := resource.URN(pre.Metadata.URN)

			// A replacement has several steps.
			if _, seen := at[urn]; !seen {
				at[urn] = len(result.Resources)
				result.Resources = append(result.Resources, goals.planned(pre.Metadata, known[urn]))
			}
		}

		if outputs := event.ResOutputsEvent; outputs != nil && outputs.Metadata.New != nil {
			i, seen := at[resource.URN(outputs.Metadata.URN)]
			if seen && !result.Resources[i].Custom {
				result.Resources[i].Outputs = outputs.Metadata.New.Outputs // those of the stack
			}
		}
	}

	return &result
}

// planned returns the resource after a step. Unless it is replaced, it keeps its id and outputs.
func (g Goals) planned(step apitype.StepEventMetadata, before state.Resource) state.Resource {
	urn, described := resource.URN(step.URN), step.New
	planned := state.Resource{
		URN: urn, Type: tokens.Type(described.Type), Custom: described.Custom, External: described.External,
		Parent: resource.URN(described.Parent), Provider: described.Provider, Inputs: described.Inputs,
		Protect: described.Protect, RetainOnDelete: described.RetainOnDelete,
		Dependencies: g[urn].Dependencies, PropertyDependencies: g[urn].PropertyDependencies,
	}

	if !isReplacement(step.Op) {
		planned.ID, planned.Outputs = before.ID, before.Outputs
	}

	return planned
}
