package provider

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// backend holds the resources of a kind: the simulated account, or a live control plane. Each call gets its backend
// once, from target.
type backend interface {
	// preview returns the outputs of a create (old is nil) or an update as far as they are known before it.
	preview(ctx context.Context, inputs, old resource.PropertyMap) (resource.PropertyMap, error)
	// create returns the resource's id and outputs. With an error, it returns those of a resource that exists but is
	// unfinished.
	create(ctx context.Context, request behaviour.Request) (string, resource.PropertyMap, error)
	// update returns the resource's outputs. With an error, it returns those of a resource that has changed but is
	// unfinished.
	update(ctx context.Context, id string, request behaviour.Request) (resource.PropertyMap, error)
	delete(ctx context.Context, id string) error
	// read returns inputs and outputs, nil where the resource does not exist. Known are the inputs of the state.
	read(ctx context.Context, id string, known resource.PropertyMap) (resource.PropertyMap, resource.PropertyMap, error)
	// diff compares inputs with those of the state, whose outputs are held.
	diff(ctx context.Context, id string, held, old, inputs resource.PropertyMap) (behaviour.Difference, error)
}

// simulated is the account.
type simulated struct {
	account *account.Account
	table   behaviour.Table
	place   behaviour.Place
	kind    behaviour.Kind
}

func (s simulated) preview(_ context.Context, inputs, old resource.PropertyMap) (resource.PropertyMap, error) {
	return behaviour.Preview(s.kind, behaviour.Effective(s.kind, old, old, inputs), old), nil
}

func (s simulated) create(_ context.Context, request behaviour.Request) (string, resource.PropertyMap, error) {
	made, err := s.table.Create(s.account, request)

	return made.ID, property.Properties(made.Outputs, made.Secrets), err
}

func (s simulated) update(
	_ context.Context, id string, request behaviour.Request,
) (resource.PropertyMap, error) {
	updated, err := s.table.Update(s.account, id, request)

	return property.Properties(updated.Outputs, updated.Secrets), err
}

func (s simulated) delete(_ context.Context, id string) error {
	return s.table.Delete(s.account, s.place, s.kind, id)
}

func (s simulated) read(
	_ context.Context, id string, _ resource.PropertyMap,
) (resource.PropertyMap, resource.PropertyMap, error) {
	found, exists := s.table.Read(s.account, s.place, s.kind, id)
	if !exists {
		return nil, nil, nil
	}

	return property.Properties(found.Inputs, found.Secrets), property.Properties(found.Outputs, found.Secrets), nil
}

func (s simulated) diff(
	_ context.Context, _ string, held, old, inputs resource.PropertyMap,
) (behaviour.Difference, error) {
	inputs = behaviour.Effective(s.kind, held, old, inputs)
	if s.kind.Comparable != nil {
		old, inputs = s.kind.Comparable(held, old, inputs)
	}

	return behaviour.Diff(s.kind, old, inputs), nil
}
