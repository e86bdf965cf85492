package provider

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// Objects are the objects of a kind in a live control plane, which has the last word on them.
type Objects interface {
	// Apply applies an object, and returns its id and its state. With dry, it returns the state that the object would
	// have, or nil if that is unknown. An error with a state means that the object was applied but does not work.
	Apply(ctx context.Context, inputs map[string]any, dry bool) (string, map[string]any, error)
	// Get returns the state of an object with known inputs, or nil if there is none.
	Get(ctx context.Context, id string, known map[string]any) (map[string]any, error)
	// Delete deletes an object.
	Delete(ctx context.Context, id string) error
}

// live is a control plane.
type live struct {
	objects Objects
	kind    behaviour.Kind
}

// preview asks the control plane for the state of an object, so that it refuses wrong inputs now. While something that
// the object needs is still to be created, the state is unknown; so are the ids of a new object.
func (l live) preview(ctx context.Context, inputs, old resource.PropertyMap) (resource.PropertyMap, error) {
	guess := behaviour.Preview(l.kind, inputs, old)
	if inputs.ContainsUnknowns() {
		return guess, nil
	}

	plain, secrets, err := property.Plain(inputs)
	if err != nil {
		return nil, err
	}

	_, state, err := l.objects.Apply(ctx, plain, true)
	if err != nil || state == nil || old == nil {
		return guess, err
	}

	return property.Properties(property.Clone(state), secrets), nil
}

func (l live) create(ctx context.Context, request behaviour.Request) (string, resource.PropertyMap, error) {
	id, state, err := l.objects.Apply(ctx, request.Inputs, false)
	if state == nil {
		return id, nil, err
	}

	return id, property.Properties(property.Clone(state), request.Secrets), err
}

func (l live) update(ctx context.Context, _ string, request behaviour.Request) (resource.PropertyMap, error) {
	_, outputs, err := l.create(ctx, request)

	return outputs, err
}

func (l live) delete(ctx context.Context, id string) error { return l.objects.Delete(ctx, id) }

func (l live) read(
	ctx context.Context, id string, known resource.PropertyMap,
) (resource.PropertyMap, resource.PropertyMap, error) {
	inputs, secrets, err := property.Plain(known)
	if err != nil {
		return nil, nil, err
	}

	state, err := l.objects.Get(ctx, id, inputs)
	if err != nil || state == nil {
		return nil, nil, err
	}

	return property.Properties(current(inputs, state), secrets),
		property.Properties(property.Clone(state), secrets), nil
}

// current are inputs with the values that an object has now.
func current(inputs, state map[string]any) map[string]any {
	result := make(map[string]any, len(inputs))

	for name, value := range inputs {
		held, exists := state[name]
		inner, isObject := value.(map[string]any)
		outer, alike := held.(map[string]any)

		switch {
		case name == "stringData": // the API server never returns it
			result[name] = value
		case isObject && alike:
			result[name] = current(inner, outer)
		case exists:
			result[name] = held
		}
	}

	return result
}

// diff compares with the state: as with the real provider, only a refresh reads the object (pulumi-kubernetes,
// provider.go, Diff).
func (l live) diff(
	_ context.Context, _ string, _, old, inputs resource.PropertyMap,
) (behaviour.Difference, error) {
	return behaviour.Diff(l.kind, old, inputs), nil
}
