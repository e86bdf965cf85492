package provider

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
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

	found, warnings := split(s.traced(t.instance.Check(t.kind, old, inputs), inputs))
	connectionOf(ctx).warn(ctx, request.GetUrn(), warnings)

	for _, failure := range failures(found) {
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

// traced adds the settings of a value to what is wrong with it.
func (s *Server) traced(found []catalogue.Failure, inputs resource.PropertyMap) []catalogue.Failure {
	if s.origin == nil {
		return found
	}

	for i, failure := range found {
		path, err := resource.ParsePropertyPath(failure.Path)
		if err != nil {
			continue
		}

		value, _ := path.Get(resource.NewObjectProperty(inputs))
		text := fmt.Sprint(value.V)

		switch {
		case value.IsNumber():
			text = strconv.FormatFloat(value.NumberValue(), 'f', -1, 64)
		case !value.IsString():
			continue
		}

		if origin := s.origin(failure.Path+": "+failure.Reason, text); origin != "" {
			found[i].Reason += " (" + origin + ")"
		}
	}

	return found
}

// split separates refusals and warnings.
func split(found []catalogue.Failure) ([]catalogue.Failure, []catalogue.Failure) {
	var refusals, warnings []catalogue.Failure

	for _, failure := range found {
		if failure.Warning {
			warnings = append(warnings, failure)
		} else {
			refusals = append(refusals, failure)
		}
	}

	return refusals, warnings
}
