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

	"github.com/msur/platform/rehearsal/simulation/faults"
)

// Create creates a resource. A preview creates nothing: the resource has no id, and its computed outputs are unknown.
func (s *Server) Create(ctx context.Context, request *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	t, err := s.target(ctx, request.GetUrn())
	if err != nil {
		return nil, err
	}

	if request.GetPreview() {
		outputs, err := t.preview(ctx, faults.Create, request.GetProperties(), nil)

		return &pulumirpc.CreateResponse{Properties: outputs}, err
	}

	wanted, fault, err := t.begin(faults.Create, "", request.GetUrn(), request.GetProperties())
	if err != nil {
		return nil, err
	}

	id, made, failed := t.backend.create(ctx, wanted)
	if failed != nil && id == "" {
		return nil, t.explain(faults.Create, "", failed)
	}

	inputs, err := unmarshal(request.GetProperties())
	if err != nil {
		return nil, err
	}

	outputs, err := t.state(inputs, made)

	switch {
	case err != nil:
		return nil, err
	case failed != nil:
		return nil, unfinished(id, request.GetProperties(), outputs, t.explain(faults.Create, "", failed).Error())
	case fault.Kind == faults.Hang:
		return nil, hang(ctx, fault, id, request.GetProperties(), outputs)
	}

	return &pulumirpc.CreateResponse{Id: id, Properties: outputs}, nil
}

// unfinished is the error of a create or an update after which the account has the resource with the new inputs. The
// engine records the resource, marked as unfinished, and its next update calls Update even without a change
// (pulumi-terraform-bridge, pkg/tfbridge/provider.go, Create; pulumi-kubernetes, helm_release.go, Update).
func unfinished(id string, inputs, outputs *structpb.Struct, reason string) error {
	return rpcerror.WithDetails(rpcerror.New(codes.Unknown, reason), &pulumirpc.ErrorResourceInitFailed{
		Id: id, Properties: outputs, Inputs: inputs, Reasons: []string{reason},
	})
}

// hang keeps the answer back. When the engine cancels, at the first Ctrl-C, it answers as the real provider does when
// it is stopped while it waits for what it has created: the engine gets the resource, marked as unfinished. A run that
// is killed gets nothing, and only the account knows.
func hang(ctx context.Context, fault faults.Fault, id string, inputs, outputs *structpb.Struct) error {
	if !connectionOf(ctx).hang(ctx) {
		return status.Errorf(codes.Canceled, "the caller left before the answer (rehearsed: %s)", fault)
	}

	return unfinished(id, inputs, outputs, fmt.Sprintf("waiting for %s: context canceled (rehearsed: %s)", id, fault))
}

// Read returns what exists, inputs too, whatever the engine believes. What does not exist has an empty id.
func (s *Server) Read(ctx context.Context, request *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	t, err := s.target(ctx, request.GetUrn())
	if err != nil {
		return nil, err
	}

	switch err := t.reach(""); {
	case errors.Is(err, ErrGone):
		return &pulumirpc.ReadResponse{}, nil
	case err != nil:
		return nil, s.refused(err)
	}

	known, err := unmarshal(request.GetInputs())
	if err != nil {
		return nil, err
	}

	inputs, outputs, err := t.backend.read(ctx, request.GetId(), known)
	if err != nil {
		return nil, s.refused(err)
	}

	if outputs == nil {
		return &pulumirpc.ReadResponse{}, nil
	}

	shown, err := t.state(inputs, outputs)
	if err != nil {
		return nil, err
	}

	given, err := marshal(inputs)

	return &pulumirpc.ReadResponse{Id: request.GetId(), Properties: shown, Inputs: given}, err
}

// Update changes a resource to the new inputs.
func (s *Server) Update(ctx context.Context, request *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	t, err := s.target(ctx, request.GetUrn())
	if err != nil {
		return nil, err
	}

	if request.GetPreview() {
		outputs, err := t.preview(ctx, faults.Update, request.GetNews(), request.GetOlds())

		return &pulumirpc.UpdateResponse{Properties: outputs}, err
	}

	wanted, _, err := t.begin(faults.Update, request.GetId(), request.GetUrn(), request.GetNews())
	if err != nil {
		return nil, err
	}

	updated, failed := t.backend.update(ctx, request.GetId(), wanted)
	if failed != nil && updated == nil {
		return nil, t.explain(faults.Update, request.GetId(), failed)
	}

	inputs, err := unmarshal(request.GetNews())
	if err != nil {
		return nil, err
	}

	outputs, err := t.state(inputs, updated)

	switch {
	case err != nil:
		return nil, err
	case failed != nil:
		return nil, unfinished(request.GetId(), request.GetNews(), outputs,
			t.explain(faults.Update, request.GetId(), failed).Error())
	}

	return &pulumirpc.UpdateResponse{Properties: outputs}, nil
}

// Delete removes a resource. The engine does not call it in previews.
func (s *Server) Delete(ctx context.Context, request *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	t, err := s.target(ctx, request.GetUrn())
	if err != nil {
		return nil, err
	}

	switch err := t.reach(faults.Delete); {
	case errors.Is(err, ErrGone):
		return &emptypb.Empty{}, nil
	case err != nil:
		return nil, s.refused(err)
	}

	if _, err := t.take(faults.Delete, request.GetId()); err != nil {
		return nil, err
	}

	return &emptypb.Empty{}, t.explain(faults.Delete, request.GetId(), t.backend.delete(ctx, request.GetId()))
}
