package provider

import (
	"context"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// Check refuses an unknown type, and reports every property that is unknown, missing or of the wrong kind, or that the
// cloud does not accept: one failure for each. It adds what the provider adds.
func (s *Server) Check(ctx context.Context, request *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	t, err := s.target(ctx, request.GetUrn())
	if err != nil {
		return nil, err
	}

	values, err := unmarshalAll(request.GetOlds(), request.GetNews())
	if err != nil {
		return nil, err
	}

	old, inputs := values[0], values[1]
	refused := failures(s.cloud.Catalogue().CheckType(t.kind.Type, inputs))

	naming := behaviour.Naming{Logical: urn.URN(request.GetUrn()).Name(), Seed: request.GetRandomSeed(), Old: old}
	if err := t.instance.Complete(t.kind, naming, inputs); err != nil {
		refused = append(refused, &pulumirpc.CheckFailure{Reason: err.Error()})
	}

	for _, failure := range failures(t.instance.Check(t.kind, old, inputs)) {
		if !slices.ContainsFunc(refused, func(earlier *pulumirpc.CheckFailure) bool {
			return earlier.GetProperty() == failure.GetProperty()
		}) {
			refused = append(refused, failure)
		}
	}

	completed, err := marshal(inputs)
	if err != nil {
		return nil, err
	}

	return &pulumirpc.CheckResponse{Inputs: completed, Failures: refused}, nil
}
