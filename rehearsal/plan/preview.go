package plan

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/state"
)

// transition is a step of `pulumi preview --json`, with the resource before and after it.
type transition struct {
	Step

	Old *state.Resource `json:"oldState"`
	New *state.Resource `json:"newState"`
}

// ReadResult reads the output of `pulumi preview --json --show-sames`. It returns the resources that the stack would
// have after the preview, and the steps. Ids and outputs of new resources are missing.
func ReadResult(text []byte) (*state.State, []Step, error) {
	steps, err := Read(text)
	if err != nil {
		return nil, nil, err
	}

	var preview struct {
		Steps         []transition           `json:"steps"`
		ChangeSummary map[apitype.OpType]int `json:"changeSummary"`
	}
	if err := json.Unmarshal(text, &preview); err != nil {
		return nil, nil, fmt.Errorf("reading a preview: %w", err)
	}

	var (
		result state.State
		at     = make(map[resource.URN]int)
		same   int
	)

	for _, step := range preview.Steps {
		if step.Op == apitype.OpSame {
			same++
		}

		if step.New == nil {
			continue
		}

		// A replacement has several steps, and a refresh comes before them.
		i, seen := at[step.URN]
		if !seen {
			i, at[step.URN] = len(result.Resources), len(result.Resources)
			result.Resources = append(result.Resources, state.Resource{})
		}

		result.Resources[i] = step.planned()
	}

	if same < preview.ChangeSummary[apitype.OpSame] {
		return nil, nil, errors.New("the preview omits the resources that do not change; " +
			"run `pulumi preview --json --show-sames` instead")
	}

	return &result, steps, nil
}

// planned returns the resource after the step. Unless it is replaced, it keeps its id and outputs, which the engine
// omits (the stack's always).
func (t transition) planned() state.Resource {
	planned := *t.New

	if t.Old == nil || isReplacement(t.Op) {
		return planned
	}

	planned.ID = t.Old.ID

	if len(planned.Outputs) == 0 {
		planned.Outputs = t.Old.Outputs
	}

	return planned
}
