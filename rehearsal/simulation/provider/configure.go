package provider

import (
	"context"
	"slices"
	"strings"

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
	old, err := unmarshal(request.GetOldInputs())
	if err != nil {
		return nil, err
	}

	settings, err := unmarshal(request.GetNews())
	if err != nil {
		return nil, err
	}

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

	if len(settings) == 0 { // the older form, with names such as aws:config:region
		for name, value := range request.GetVariables() { //nolint:staticcheck // older callers send nothing else
			short := name[strings.LastIndex(name, ":")+1:]
			settings[resource.PropertyKey(short)] = resource.NewStringProperty(value)
		}
	}

	instance, err := s.cloud.Configure(settings)
	if err != nil {
		return nil, s.refused(err)
	}

	connectionOf(ctx).configure(instance)

	return &pulumirpc.ConfigureResponse{AcceptSecrets: true, SupportsPreview: true}, nil
}
