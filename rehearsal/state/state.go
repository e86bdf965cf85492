// Package state reads the engine's state of a stack: an exported state, a checkpoint, or a golden graph, which has the
// form of an exported state.
package state

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// State is the state of a stack.
type State struct {
	// Resources are in the engine's order: dependencies come first.
	Resources []Resource
	// PendingCreates are the URNs of resources whose creation had begun when the engine was killed.
	PendingCreates []resource.URN
	// Pending is the number of operations of any kind that had begun when the engine was killed.
	Pending int
}

// Resource is one resource of a state.
type Resource = apitype.ResourceV3

// Parse parses the output of `pulumi stack export`, or a golden graph.
func Parse(text []byte) (*State, error) {
	var exported struct {
		Deployment *apitype.DeploymentV3 `json:"deployment"`
	}
	if err := json.Unmarshal(text, &exported); err != nil {
		return nil, fmt.Errorf("reading an exported state: %w", err)
	}

	return newState(exported.Deployment), nil
}

// ParseCheckpoint parses the file in which the engine keeps a stack's state.
func ParseCheckpoint(text []byte) (*State, error) {
	var file struct {
		Checkpoint struct {
			Latest *apitype.DeploymentV3 `json:"latest"`
		} `json:"checkpoint"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("reading a checkpoint: %w", err)
	}

	return newState(file.Checkpoint.Latest), nil
}

// newState converts a deployment. A stack that was never deployed has none.
func newState(deployment *apitype.DeploymentV3) *State {
	if deployment == nil {
		return &State{}
	}

	state := &State{Resources: deployment.Resources, Pending: len(deployment.PendingOperations)}

	for _, operation := range deployment.PendingOperations {
		if operation.Type == apitype.OperationTypeCreating {
			state.PendingCreates = append(state.PendingCreates, operation.Resource.URN)
		}
	}

	return state
}

// Outputs returns the outputs of the stack.
func (s *State) Outputs() map[string]any {
	for _, r := range s.Resources {
		if r.Type == resource.RootStackType {
			return r.Outputs
		}
	}

	return nil
}

// Component returns the name of the outermost component that contains the resource; "-" if there is none. It builds no
// index: a resource has few ancestors, and the report asks for each of thousands of resources.
func (s *State) Component(r Resource) string {
	name := "-"

	for next := &r; next != nil && next.Type != resource.RootStackType; next = s.find(next.Parent) {
		if !next.Custom {
			name = next.URN.Name()
		}
	}

	return name
}

// find returns the resource with a URN, or nil.
func (s *State) find(urn resource.URN) *Resource {
	for i := range s.Resources {
		if s.Resources[i].URN == urn {
			return &s.Resources[i]
		}
	}

	return nil
}

// Input returns a resource's input at a path, such as "vpcConfig.subnetIds" or "tags.Name", or nil.
func Input(r Resource, path string) any {
	keys, err := resource.ParsePropertyPath(path)
	if err != nil {
		return nil
	}

	value := any(r.Inputs)

	for _, key := range keys {
		fields, _ := value.(map[string]any)
		elements, _ := value.([]any)

		switch key := key.(type) {
		case string:
			value = fields[key]
		case int:
			if key >= len(elements) {
				return nil
			}

			value = elements[key]
		}
	}

	return value
}

// Printable returns a value in which "[secret]" replaces each secret, and "[unknown]" what only a run reveals.
func Printable(value any) any {
	switch value := value.(type) {
	case map[string]any:
		if value[resource.SigKey] == resource.SecretSig {
			return "[secret]"
		}

		inner := make(map[string]any, len(value))
		for name, member := range value {
			inner[name] = Printable(member)
		}

		return inner
	case []any:
		inner := make([]any, len(value))
		for i, element := range value {
			inner[i] = Printable(element)
		}

		return inner
	case string:
		if value == plugin.UnknownStringValue {
			return "[unknown]"
		}

		return value
	default:
		return value
	}
}
