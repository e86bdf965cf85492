package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil/rpcerror"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/faults"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// Create makes a resource. In a preview nothing is made: there is no id, and what
// the account would fill in is unknown.
func (s *Server) Create(ctx context.Context, request *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	instance, kind, err := s.target(ctx, request.GetUrn())
	if err != nil {
		return nil, err
	}

	objects := instance.Objects(kind)

	if request.GetPreview() {
		outputs, err := s.preview(ctx, objects, kind, request.GetProperties(), nil)

		return &pulumirpc.CreateResponse{Properties: outputs}, err
	}

	if err := instance.Reach(s.account, faults.Create, kind); err != nil {
		return nil, s.refused(err)
	}

	wanted, err := want(instance, kind, request.GetUrn(), request.GetProperties())
	if err != nil {
		return nil, s.refused(err)
	}

	fault, faulty := s.faults.Take(faults.Create, kind.Type)
	if faulty && fault.Kind == faults.Fail {
		return nil, errors.New(s.cloud.Fault(fault, kind, ""))
	}

	wanted.Lacks = fault.Property // of the zero fault too

	id, outputs, err := s.make(ctx, objects, wanted, request.GetProperties())
	if err == nil && faulty && fault.Kind == faults.Hang {
		return nil, hang(ctx, fault, id, request.GetProperties(), outputs)
	}

	return &pulumirpc.CreateResponse{Id: id, Properties: outputs}, err
}

// make makes a resource in the account, or an object where it really is.
func (s *Server) make(
	ctx context.Context, objects Objects, wanted behaviour.Request, properties *structpb.Struct,
) (string, *structpb.Struct, error) {
	if objects != nil {
		return s.apply(ctx, objects, wanted.Kind, faults.Create, properties)
	}

	made, err := s.cloud.Table().Create(s.account, wanted)
	if err != nil {
		return "", nil, errors.New(s.cloud.Explain(faults.Create, wanted.Kind, "", err))
	}

	outputs, err := s.outputsOf(made)

	return made.ID, outputs, err
}

// hang keeps the answer back. When the engine cancels, at the first Ctrl-C, it
// answers as the real provider does when it is stopped while it waits for what it
// has made: the engine gets the resource, marked as unfinished. A run that is
// killed gets nothing, and only the account knows.
func hang(ctx context.Context, fault faults.Fault, id string, inputs, outputs *structpb.Struct) error {
	if !connectionOf(ctx).hang(ctx) {
		return status.Errorf(codes.Canceled, "the call was given up before it answered (rehearsed: %s)", fault)
	}

	reason := fmt.Sprintf("waiting for %s: context canceled (rehearsed: %s)", id, fault)

	return rpcerror.WithDetails(rpcerror.New(codes.Unknown, reason), &pulumirpc.ErrorResourceInitFailed{
		Id: id, Properties: outputs, Inputs: inputs, Reasons: []string{reason},
	})
}

// Read returns what the account holds, whatever the engine believes: inputs too.
// What is not there has an empty id.
func (s *Server) Read(ctx context.Context, request *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	instance, kind, err := s.target(ctx, request.GetUrn())
	if err != nil {
		return nil, err
	}

	switch err := instance.Reach(s.account, "", kind); {
	case errors.Is(err, ErrGone):
		return &pulumirpc.ReadResponse{}, nil
	case err != nil:
		return nil, s.refused(err)
	}

	if objects := instance.Objects(kind); objects != nil {
		outputs, inputs, err := s.get(ctx, objects, kind, request.GetId(), request.GetInputs())
		if outputs == nil {
			return &pulumirpc.ReadResponse{}, err
		}

		return &pulumirpc.ReadResponse{Id: request.GetId(), Properties: outputs, Inputs: inputs}, err
	}

	found, exists := s.cloud.Table().Read(s.account, instance.Place(), kind, request.GetId())
	if !exists {
		return &pulumirpc.ReadResponse{}, nil
	}

	outputs, err := s.outputsOf(found)
	if err != nil {
		return nil, err
	}

	inputs, err := marshal(property.Properties(found.Inputs, found.Secrets))

	return &pulumirpc.ReadResponse{Id: found.ID, Properties: outputs, Inputs: inputs}, err
}

// Update changes a resource to the new inputs.
func (s *Server) Update(ctx context.Context, request *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	instance, kind, err := s.target(ctx, request.GetUrn())
	if err != nil {
		return nil, err
	}

	objects := instance.Objects(kind)

	if request.GetPreview() {
		outputs, err := s.preview(ctx, objects, kind, request.GetNews(), request.GetOlds())

		return &pulumirpc.UpdateResponse{Properties: outputs}, err
	}

	if err := instance.Reach(s.account, faults.Update, kind); err != nil {
		return nil, s.refused(err)
	}

	wanted, err := want(instance, kind, request.GetUrn(), request.GetNews())
	if err != nil {
		return nil, s.refused(err)
	}

	if fault, faulty := s.faults.Take(faults.Update, kind.Type); faulty {
		return nil, errors.New(s.cloud.Fault(fault, kind, request.GetId()))
	}

	if objects != nil {
		_, outputs, err := s.apply(ctx, objects, kind, faults.Update, request.GetNews())

		return &pulumirpc.UpdateResponse{Properties: outputs}, err
	}

	updated, err := s.cloud.Table().Update(s.account, request.GetId(), wanted)
	if err != nil {
		return nil, errors.New(s.cloud.Explain(faults.Update, kind, request.GetId(), err))
	}

	outputs, err := s.outputsOf(updated)

	return &pulumirpc.UpdateResponse{Properties: outputs}, err
}

// Delete removes a resource. The engine does not call it in previews.
func (s *Server) Delete(ctx context.Context, request *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	instance, kind, err := s.target(ctx, request.GetUrn())
	if err != nil {
		return nil, err
	}

	switch err := instance.Reach(s.account, faults.Delete, kind); {
	case errors.Is(err, ErrGone):
		return &emptypb.Empty{}, nil
	case err != nil:
		return nil, s.refused(err)
	}

	if fault, faulty := s.faults.Take(faults.Delete, kind.Type); faulty {
		return nil, errors.New(s.cloud.Fault(fault, kind, request.GetId()))
	}

	if objects := instance.Objects(kind); objects != nil {
		if err := objects.Delete(ctx, request.GetId()); err != nil {
			return nil, errors.New(s.cloud.Explain(faults.Delete, kind, request.GetId(), err))
		}

		return &emptypb.Empty{}, nil
	}

	if err := s.cloud.Table().Delete(s.account, instance.Place(), kind, request.GetId()); err != nil {
		return nil, errors.New(s.cloud.Explain(faults.Delete, kind, request.GetId(), err))
	}

	return &emptypb.Empty{}, nil
}

// preview tells what would come of inputs. Objects that are somewhere real are asked for, so that what is wrong with
// them is refused now.
func (s *Server) preview(
	ctx context.Context, objects Objects, kind behaviour.Kind, inputs, old *structpb.Struct,
) (*structpb.Struct, error) {
	if objects != nil {
		operation := faults.Create
		if old != nil {
			operation = faults.Update
		}

		if outputs, told, err := s.rehearse(ctx, objects, kind, operation, inputs); err != nil || told {
			return outputs, err
		}
	}

	wanted, err := unmarshal(inputs)
	if err != nil {
		return nil, err
	}

	known, err := unmarshal(old)
	if err != nil {
		return nil, err
	}

	outputs := behaviour.Preview(kind, behaviour.Heeded(kind, known, known, wanted), known)

	return marshal(behaviour.Conceal(s.cloud.Catalogue().Types[kind.Type], outputs))
}

// want turns a call's properties into a request to the account.
func want(instance Instance, kind behaviour.Kind, urn string, properties *structpb.Struct) (behaviour.Request, error) {
	inputs, err := unmarshal(properties)
	if err != nil {
		return behaviour.Request{}, err
	}

	plain, secrets, err := property.Plain(inputs)
	if err != nil {
		return behaviour.Request{}, fmt.Errorf("reading the inputs of %s: %w", urn, err)
	}

	return behaviour.Request{Place: instance.Place(), Kind: kind, URN: urn, Inputs: plain, Secrets: secrets}, nil
}
