// Package state reads what the engine knows of a stack: the resources of an exported state, of a checkpoint,
// or of a golden graph, which has the same shape.
package state

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// State is what a stack holds.
type State struct {
	// Resources are in the engine's order: what others depend on comes first.
	Resources []Resource
	// PendingCreates are the URNs of resources whose creation had begun when a run was killed.
	PendingCreates []resource.URN
	// Pending is how many operations of any kind had begun when a run was killed.
	Pending int
}

// Resource is one resource of a state.
type Resource = apitype.ResourceV3

// Parse reads the text of `pulumi stack export`, or of a golden graph.
func Parse(text []byte) (*State, error) {
	var exported struct {
		Deployment *apitype.DeploymentV3 `json:"deployment"`
	}
	if err := json.Unmarshal(text, &exported); err != nil {
		return nil, fmt.Errorf("reading an exported state: %w", err)
	}

	return of(exported.Deployment), nil
}

// ParseCheckpoint reads the file in which the engine keeps a stack.
func ParseCheckpoint(text []byte) (*State, error) {
	var file struct {
		Checkpoint struct {
			Latest *apitype.DeploymentV3 `json:"latest"`
		} `json:"checkpoint"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("reading a checkpoint: %w", err)
	}

	return of(file.Checkpoint.Latest), nil
}

// of keeps what is of use. A stack that was never deployed has no deployment.
func of(deployment *apitype.DeploymentV3) *State {
	if deployment == nil {
		return &State{Resources: nil, PendingCreates: nil, Pending: 0}
	}

	state := &State{
		Resources:      deployment.Resources,
		PendingCreates: nil,
		Pending:        len(deployment.PendingOperations),
	}

	for _, operation := range deployment.PendingOperations {
		if operation.Type == apitype.OperationTypeCreating {
			state.PendingCreates = append(state.PendingCreates, operation.Resource.URN)
		}
	}

	return state
}

// Component returns the name of the component at the top that the resource belongs to; "-" for one that
// belongs to none.
func (s *State) Component(r Resource) string {
	parents := make(map[resource.URN]Resource, len(s.Resources))
	for _, candidate := range s.Resources {
		parents[candidate.URN] = candidate
	}

	name := "-"
	if !r.Custom {
		name = r.URN.Name()
	}

	for parent, known := parents[r.Parent]; known && parent.Type != resource.RootStackType; {
		name = parent.URN.Name()
		parent, known = parents[parent.Parent]
	}

	return name
}
