package provider

import (
	"context"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// CheckConfig refuses settings that the provider does not have.
func (s *Server) CheckConfig(_ context.Context, request *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	settings, err := unmarshal(request.GetNews())
	if err != nil {
		return nil, err
	}

	return &pulumirpc.CheckResponse{
		Inputs:   request.GetNews(),
		Failures: failures(s.cloud.Catalogue().CheckConfiguration(settings)),
	}, nil
}

// DiffConfig compares the settings of an explicit provider. A change is an update of the provider, unless the cloud
// replaces everything.
func (s *Server) DiffConfig(_ context.Context, request *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	values, err := unmarshalAll(request.GetOldInputs(), request.GetNews())
	if err != nil {
		return nil, err
	}

	old, settings := values[0], values[1]

	difference := old.Diff(settings, resource.IsInternalPropertyKey)
	if difference == nil {
		return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
	}

	response := &pulumirpc.DiffResponse{
		Changes: pulumirpc.DiffResponse_DIFF_SOME, Replaces: s.cloud.ReplacesOn(old, settings),
	}
	for _, name := range difference.ChangedKeys() {
		response.Diffs = append(response.Diffs, string(name))
	}

	slices.Sort(response.GetDiffs())

	return response, nil
}

// Configure starts the instance of this connection.
func (s *Server) Configure(
	ctx context.Context, request *pulumirpc.ConfigureRequest,
) (*pulumirpc.ConfigureResponse, error) {
	settings, err := unmarshal(request.GetArgs())
	if err != nil {
		return nil, err
	}

	instance, err := s.cloud.Configure(settings)
	if err != nil {
		return nil, s.refused(err)
	}

	connectionOf(ctx).configure(instance)

	return &pulumirpc.ConfigureResponse{AcceptSecrets: true, SupportsPreview: true}, nil
}
