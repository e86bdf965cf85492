package provider

import (
	"context"
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// Invoke answers a function. Unknown functions and arguments are refused by name.
func (s *Server) Invoke(ctx context.Context, request *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	if _, known := s.cloud.Catalogue().Functions[request.GetTok()]; !known {
		return nil, s.refused(fmt.Errorf("function %s is not simulated", request.GetTok()))
	}

	instance, err := configured(ctx)
	if err != nil {
		return nil, err
	}

	arguments, err := unmarshal(request.GetArgs())
	if err != nil {
		return nil, err
	}

	if refused := s.cloud.Catalogue().CheckFunction(request.GetTok(), arguments); len(refused) > 0 {
		return &pulumirpc.InvokeResponse{Failures: failures(refused)}, nil
	}

	plain, _, err := property.Plain(arguments)
	if err != nil {
		return nil, s.refused(fmt.Errorf("invoking %s: %w", request.GetTok(), err))
	}

	answer, err := instance.Invoke(s.account, request.GetTok(), plain)
	if err != nil {
		return nil, s.refused(fmt.Errorf("invoking %s: %w", request.GetTok(), err))
	}

	result, err := marshal(property.Properties(property.Clone(answer), nil))

	return &pulumirpc.InvokeResponse{Return: result}, err
}
