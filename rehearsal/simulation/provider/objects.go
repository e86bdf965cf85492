package provider

import (
	"context"
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/faults"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// Objects are those of a kind that are not in the account but somewhere real, which has the last word on them.
type Objects interface {
	// Apply has an object be as the inputs say, and returns its id and what it is then. With dry, it only tells what the
	// object would be; nil is that this cannot be told.
	Apply(ctx context.Context, inputs map[string]any, dry bool) (string, map[string]any, error)
	// Get returns what an object is, or nil where there is none.
	Get(ctx context.Context, id string) (map[string]any, error)
	// Delete deletes an object.
	Delete(ctx context.Context, id string) error
}

// apply applies an object, and returns its id and its outputs as the engine gets them.
func (s *Server) apply(
	ctx context.Context, objects Objects, kind behaviour.Kind, operation faults.Operation, properties *structpb.Struct,
) (string, *structpb.Struct, error) {
	inputs, err := unmarshal(properties)
	if err != nil {
		return "", nil, err
	}

	plain, secrets, err := property.Plain(inputs)
	if err != nil {
		return "", nil, s.refused(err)
	}

	id, live, err := objects.Apply(ctx, plain, false)
	if err != nil {
		return "", nil, errors.New(s.cloud.Explain(operation, kind, "", err))
	}

	outputs, err := s.concealed(kind, live, secrets)

	return id, outputs, err
}

// rehearse asks what an object would be. Where something that it needs is still to be made, nobody knows.
func (s *Server) rehearse(
	ctx context.Context, objects Objects, kind behaviour.Kind, operation faults.Operation, properties *structpb.Struct,
) (*structpb.Struct, bool, error) {
	inputs, err := unmarshal(properties)
	if err != nil || inputs.ContainsUnknowns() {
		return nil, false, err
	}

	plain, secrets, err := property.Plain(inputs)
	if err != nil {
		return nil, false, s.refused(err)
	}

	_, would, err := objects.Apply(ctx, plain, true)
	if err != nil {
		return nil, false, errors.New(s.cloud.Explain(operation, kind, "", err))
	}

	if would == nil || operation == faults.Create {
		return nil, false, nil // it was only to be refused where it is wrong: its ids are still to be made
	}

	outputs, err := s.concealed(kind, would, secrets)

	return outputs, true, err
}

// get returns an object's outputs, and the inputs that would have made it, as the engine gets them; nil is that it is
// not there.
func (s *Server) get(
	ctx context.Context, objects Objects, kind behaviour.Kind, id string, given *structpb.Struct,
) (*structpb.Struct, *structpb.Struct, error) {
	live, err := objects.Get(ctx, id)
	if err != nil {
		return nil, nil, s.refused(err)
	}

	if live == nil {
		return nil, nil, nil
	}

	known, err := unmarshal(given)
	if err != nil {
		return nil, nil, err
	}

	inputs, secrets, err := property.Plain(known)
	if err != nil {
		return nil, nil, s.refused(err)
	}

	outputs, err := s.concealed(kind, live, secrets)
	if err != nil {
		return nil, nil, err
	}

	found, err := marshal(property.Properties(overlay(inputs, live), secrets))

	return outputs, found, err
}

func (s *Server) concealed(kind behaviour.Kind, live map[string]any, secrets []string) (*structpb.Struct, error) {
	outputs := property.Properties(property.Clone(live), secrets)

	return marshal(behaviour.Conceal(s.cloud.Catalogue().Types[kind.Type], outputs))
}

// overlay is what of an object somebody has given, with the object's own values.
func overlay(given, live map[string]any) map[string]any {
	result := make(map[string]any, len(given))

	for name, value := range given {
		held, there := live[name]
		inner, isObject := value.(map[string]any)
		outer, alike := held.(map[string]any)

		switch {
		case name == "stringData": // nobody can read what was written here
			result[name] = value
		case isObject && alike:
			result[name] = overlay(inner, outer)
		case there:
			result[name] = held
		}
	}

	return result
}

// drift is what an apply would change about an object as it is, though the program still says the same.
func drift(ctx context.Context, objects Objects, id string, inputs resource.PropertyMap) ([]behaviour.Change, error) {
	plain, _, err := property.Plain(inputs)
	if err != nil {
		return nil, err
	}

	live, err := objects.Get(ctx, id)
	if err != nil {
		return nil, err
	}

	if live == nil {
		return []behaviour.Change{{Path: "metadata.uid", Kind: plugin.DiffUpdate}}, nil
	}

	_, would, err := objects.Apply(ctx, plain, true)
	if err != nil || would == nil {
		return nil, err
	}

	return behaviour.Diff(behaviour.Kind{}, settled(live), settled(would)).Changes, nil
}

// settled is an object without what each apply changes.
func settled(object map[string]any) resource.PropertyMap {
	copied := property.Clone(object)

	if metadata, is := copied["metadata"].(map[string]any); is {
		for _, stamp := range []string{"resourceVersion", "generation"} {
			delete(metadata, stamp)
		}
	}

	return resource.NewPropertyMapFromMap(copied)
}
