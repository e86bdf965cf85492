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

// Result returns the resources that the stack would have after the events of a preview. What is known only after an
// operation is missing.
func Result(events []apitype.EngineEvent, goals Goals) *state.State {
	var (
		result state.State
		seen   = make(map[resource.URN]bool)
	)

	for _, event := range events {
		if event.ResourcePreEvent == nil || event.ResourcePreEvent.Metadata.New == nil {
			continue
		}

		planned := event.ResourcePreEvent.Metadata.New
		urn := resource.URN(planned.URN)

		if seen[urn] {
			continue // a replacement has several steps
		}

		seen[urn] = true
		result.Resources = append(result.Resources, state.Resource{
			URN: urn, Type: tokens.Type(planned.Type), Custom: planned.Custom, ID: resource.ID(planned.ID),
			Parent: resource.URN(planned.Parent), Provider: planned.Provider, Inputs: planned.Inputs,
			Dependencies: goals[urn].Dependencies, PropertyDependencies: goals[urn].PropertyDependencies,
		})
	}

	return &result
}
