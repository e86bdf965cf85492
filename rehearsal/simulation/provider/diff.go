package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// Diff compares the inputs in the state with the program's.
func (s *Server) Diff(ctx context.Context, request *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	t, err := s.target(ctx, request.GetUrn())
	if err != nil {
		return nil, err
	}

	values, err := unmarshalAll(request.GetOlds(), request.GetOldInputs(), request.GetNews())
	if err != nil {
		return nil, err
	}

	difference, err := t.backend.diff(ctx, request.GetId(), values[0], values[1], values[2])
	if err != nil {
		return nil, s.refused(err)
	}

	return describe(difference), nil
}

// describe encodes a difference for the protocol: in detail by path, and again by top-level names.
func describe(difference behaviour.Difference) *pulumirpc.DiffResponse {
	response := &pulumirpc.DiffResponse{
		Changes:             pulumirpc.DiffResponse_DIFF_NONE,
		HasDetailedDiff:     true,
		DetailedDiff:        map[string]*pulumirpc.PropertyDiff{},
		DeleteBeforeReplace: difference.DeleteBeforeReplace,
	}
	for _, change := range difference.Changes {
		response.Changes = pulumirpc.DiffResponse_DIFF_SOME
		response.DetailedDiff[change.Path] = &pulumirpc.PropertyDiff{Kind: wire(change.Kind), InputDiff: true}

		name := topLevel(change.Path)
		if !slices.Contains(response.GetDiffs(), name) {
			response.Diffs = append(response.Diffs, name)
		}

		if change.Kind.IsReplace() && !slices.Contains(response.GetReplaces(), name) {
			response.Replaces = append(response.Replaces, name)
		}
	}

	return response
}

func topLevel(path string) string {
	parsed, err := resource.ParsePropertyPath(path)
	if err != nil || len(parsed) == 0 {
		return path
	}

	return fmt.Sprint(parsed[0])
}

// wire is a kind in the protocol, whose numbers are the same.
func wire(kind plugin.DiffKind) pulumirpc.PropertyDiff_Kind {
	return pulumirpc.PropertyDiff_Kind(kind) //nolint:gosec // there are six kinds
}
