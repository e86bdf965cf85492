package provider

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

// options keep unknown and secret values.
func options() plugin.MarshalOptions {
	return plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true}
}

func unmarshal(values *structpb.Struct) (resource.PropertyMap, error) {
	all, err := unmarshalAll(values)

	return all[0], err
}

// unmarshalAll unmarshals several properties of a call.
func unmarshalAll(values ...*structpb.Struct) ([]resource.PropertyMap, error) {
	results := make([]resource.PropertyMap, len(values))

	for i, value := range values {
		result, err := plugin.UnmarshalProperties(value, options())
		if err != nil {
			return results, fmt.Errorf("unmarshalling properties: %w", err)
		}

		results[i] = result
	}

	return results, nil
}

func marshal(values resource.PropertyMap) (*structpb.Struct, error) {
	result, err := plugin.MarshalProperties(values, options())
	if err != nil {
		return nil, fmt.Errorf("marshalling properties: %w", err)
	}

	return result, nil
}

func failures(found []catalogue.Failure) []*pulumirpc.CheckFailure {
	result := make([]*pulumirpc.CheckFailure, len(found))
	for i, failure := range found {
		result[i] = &pulumirpc.CheckFailure{Property: failure.Path, Reason: failure.Reason}
	}

	return result
}

// refused names the provider in an error.
func (s *Server) refused(err error) error {
	return fmt.Errorf("%s: %w", s.cloud.Name(), err)
}
