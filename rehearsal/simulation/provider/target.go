package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/faults"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// target is the subject of a call: a kind of an instance, and the place of its resources.
type target struct {
	server   *Server
	instance Instance
	kind     behaviour.Kind
	backend  backend
}

// target returns the target of a resource's URN.
func (s *Server) target(ctx context.Context, text string) (target, error) {
	instance, err := configured(ctx)
	if err != nil {
		return target{}, err
	}

	kind, err := s.cloud.Table().Kind(string(urn.URN(text).Type()))
	if err != nil {
		return target{}, s.refused(err)
	}

	found := target{server: s, instance: instance, kind: kind}

	if objects := instance.Objects(kind); objects != nil {
		found.backend = live{objects: objects, kind: kind}
	} else {
		found.backend = simulated{account: s.account, table: s.cloud.Table(), place: instance.Place(), kind: kind}
	}

	return found, nil
}

// reach fails where nothing answers the instance.
func (t target) reach(operation faults.Operation) error {
	return t.instance.Reach(t.server.account, operation, t.kind)
}

// explain is an error as the provider prints it.
func (t target) explain(operation faults.Operation, id string, err error) error {
	if err == nil {
		return nil
	}

	return errors.New(t.server.cloud.Explain(operation, t.kind, id, err))
}

// take returns the fault of a call, if one remains, and the error of a fault that makes the call fail.
func (t target) take(operation faults.Operation, id string) (faults.Fault, error) {
	fault, faulty := t.server.faults.Take(operation, t.kind.Type)
	if faulty && fault.Kind == faults.Fail {
		return fault, errors.New(t.server.cloud.Fault(fault, t.kind, id))
	}

	return fault, nil
}

// preview returns the outputs of a create or an update as the engine gets them.
func (t target) preview(
	ctx context.Context, operation faults.Operation, inputs, old *structpb.Struct,
) (*structpb.Struct, error) {
	wanted, err := unmarshal(inputs)
	if err != nil {
		return nil, err
	}

	var known resource.PropertyMap
	if operation == faults.Update {
		if known, err = unmarshal(old); err != nil {
			return nil, err
		}
	}

	outputs, err := t.backend.preview(ctx, wanted, known)
	if err != nil {
		return nil, t.explain(operation, "", err)
	}

	return t.conceal(outputs)
}

// state marshals outputs for the engine's state, given the resource's inputs.
func (t target) state(inputs, outputs resource.PropertyMap) (*structpb.Struct, error) {
	if outputs != nil {
		t.instance.Remember(t.kind, inputs, outputs)
	}

	return t.conceal(outputs)
}

// conceal marshals outputs, with those secret that are so for every resource of the kind.
func (t target) conceal(outputs resource.PropertyMap) (*structpb.Struct, error) {
	return marshal(behaviour.Conceal(t.server.cloud.Catalogue().Types[t.kind.Type], outputs))
}

// begin returns the request to the backend of a create or an update, and the fault of the call.
func (t target) begin(
	operation faults.Operation, id, urn string, properties *structpb.Struct,
) (behaviour.Request, faults.Fault, error) {
	request := behaviour.Request{Place: t.instance.Place(), Kind: t.kind, URN: urn}

	if err := t.reach(operation); err != nil {
		return request, faults.Fault{}, t.server.refused(err)
	}

	inputs, err := unmarshal(properties)
	if err != nil {
		return request, faults.Fault{}, err
	}

	request.Inputs, request.Secrets, err = property.Plain(inputs)
	if err != nil {
		return request, faults.Fault{}, t.server.refused(fmt.Errorf("reading the inputs of %s: %w", urn, err))
	}

	fault, err := t.take(operation, id)
	request.Lacks = fault.Property

	if fault.Kind == faults.Break {
		request.Breaks = fmt.Errorf("waiting for %s create: unexpected state 'failed' (rehearsed: %s)", t.kind.Title, fault)
	}

	return request, fault, err
}
