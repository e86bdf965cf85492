package enginetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/status"
)

// errRefused means that the provider has not accepted the inputs.
var errRefused = errors.New("checking the inputs")

// Provider is one configured instance.
type Provider struct {
	Client pulumirpc.ResourceProviderClient

	t testing.TB
}

// Made is a resource in the engine's state.
type Made struct {
	URN, ID string
	Inputs  resource.PropertyMap
	Outputs resource.PropertyMap
}

// Text returns a string output, or "".
func (m Made) Text(name string) string {
	if value := m.Outputs[resource.PropertyKey(name)]; value.IsString() {
		return value.StringValue()
	}

	return ""
}

// URN returns the URN of a resource in the tests' stack.
func URN(token, name string) string {
	return "urn:pulumi:dev::test::" + token + "::" + name
}

// Check returns the completed inputs and the refusals, "path: reason".
func (p *Provider) Check(token, name string, old, inputs resource.PropertyMap) (resource.PropertyMap, []string) {
	p.t.Helper()
	response, err := p.Client.Check(p.t.Context(), &pulumirpc.CheckRequest{
		Urn: URN(token, name), Olds: Struct(p.t, old), News: Struct(p.t, inputs), RandomSeed: []byte(name),
	})
	require.NoError(p.t, err)

	var refused []string
	for _, failure := range response.GetFailures() {
		refused = append(refused, failure.GetProperty()+": "+failure.GetReason())
	}

	return Properties(p.t, response.GetInputs()), refused
}

// TryCreate checks and creates. With an error it returns the resource where the account has it nevertheless.
func (p *Provider) TryCreate(token, name string, inputs map[string]any) (Made, error) {
	p.t.Helper()

	return p.create(token, name, inputs, false)
}

// Create checks and creates, and requires success.
func (p *Provider) Create(token, name string, inputs map[string]any) Made {
	p.t.Helper()
	made, err := p.TryCreate(token, name, inputs)
	require.NoError(p.t, err)

	return made
}

// Preview returns the preview of a create.
func (p *Provider) Preview(token, name string, inputs map[string]any) Made {
	p.t.Helper()
	made, err := p.create(token, name, inputs, true)
	require.NoError(p.t, err)

	return made
}

// Diff compares what was made with new inputs, whether or not the provider accepts them.
func (p *Provider) Diff(made Made, inputs map[string]any) *pulumirpc.DiffResponse {
	p.t.Helper()
	checked, _ := p.Check(token(made), name(made), made.Inputs, Values(inputs))
	response, err := p.Client.Diff(p.t.Context(), &pulumirpc.DiffRequest{
		Id: made.ID, Urn: made.URN,
		OldInputs: Struct(p.t, made.Inputs), Olds: Struct(p.t, made.Outputs), News: Struct(p.t, checked),
	})
	require.NoError(p.t, err)

	return response
}

// TryUpdate checks and updates.
func (p *Provider) TryUpdate(made Made, inputs map[string]any) (Made, error) {
	p.t.Helper()

	return p.update(made, inputs, false)
}

// Update checks and updates, and requires success.
func (p *Provider) Update(made Made, inputs map[string]any) Made {
	p.t.Helper()
	updated, err := p.update(made, inputs, false)
	require.NoError(p.t, err)

	return updated
}

// PreviewUpdate returns the preview of an update.
func (p *Provider) PreviewUpdate(made Made, inputs map[string]any) Made {
	p.t.Helper()
	updated, err := p.update(made, inputs, true)
	require.NoError(p.t, err)

	return updated
}

// Read reads a resource by its id, as an import does.
func (p *Provider) Read(made Made) Made {
	p.t.Helper()
	response, err := p.Client.Read(p.t.Context(), &pulumirpc.ReadRequest{Id: made.ID, Urn: made.URN})
	require.NoError(p.t, err)

	return Made{
		URN: made.URN, ID: response.GetId(),
		Inputs: Properties(p.t, response.GetInputs()), Outputs: Properties(p.t, response.GetProperties()),
	}
}

// Delete deletes a resource.
func (p *Provider) Delete(made Made) error {
	p.t.Helper()

	if _, err := p.Client.Delete(p.t.Context(), &pulumirpc.DeleteRequest{Id: made.ID, Urn: made.URN}); err != nil {
		return fmt.Errorf("deleting %s: %w", made.ID, err)
	}

	return nil
}

// Invoke calls a function and returns its outputs and refusals.
func (p *Provider) Invoke(function string, arguments map[string]any) (resource.PropertyMap, []string, error) {
	p.t.Helper()

	response, err := p.Client.Invoke(p.t.Context(), &pulumirpc.InvokeRequest{
		Tok: function, Args: Struct(p.t, Values(arguments)),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("invoking %s: %w", function, err)
	}

	var refused []string
	for _, failure := range response.GetFailures() {
		refused = append(refused, failure.GetReason())
	}

	return Properties(p.t, response.GetReturn()), refused, nil
}

func (p *Provider) create(token, name string, inputs map[string]any, preview bool) (Made, error) {
	p.t.Helper()

	checked, refused := p.Check(token, name, nil, Values(inputs))
	if refused != nil {
		return Made{}, fmt.Errorf("%w: %s", errRefused, strings.Join(refused, "; "))
	}

	response, err := p.Client.Create(p.t.Context(), &pulumirpc.CreateRequest{
		Urn: URN(token, name), Properties: Struct(p.t, checked), Preview: preview,
	})
	if err != nil {
		return p.unfinished(URN(token, name), checked, err), fmt.Errorf("creating %s: %w", name, err)
	}

	return Made{
		URN: URN(token, name), ID: response.GetId(), Inputs: checked, Outputs: Properties(p.t, response.GetProperties()),
	}, nil
}

// unfinished is the resource that an error contains, if the account has it with the new inputs.
func (p *Provider) unfinished(urn string, inputs resource.PropertyMap, err error) Made {
	p.t.Helper()

	for _, detail := range status.Convert(err).Details() {
		if failed, ok := detail.(*pulumirpc.ErrorResourceInitFailed); ok {
			return Made{URN: urn, ID: failed.GetId(), Inputs: inputs, Outputs: Properties(p.t, failed.GetProperties())}
		}
	}

	return Made{}
}

func (p *Provider) update(made Made, inputs map[string]any, preview bool) (Made, error) {
	p.t.Helper()

	checked, refused := p.Check(token(made), name(made), made.Inputs, Values(inputs))
	if refused != nil {
		return Made{}, fmt.Errorf("%w: %s", errRefused, strings.Join(refused, "; "))
	}

	response, err := p.Client.Update(p.t.Context(), &pulumirpc.UpdateRequest{
		Id: made.ID, Urn: made.URN, Olds: Struct(p.t, made.Outputs), News: Struct(p.t, checked), Preview: preview,
	})
	if err != nil {
		return p.unfinished(made.URN, checked, err), fmt.Errorf("updating %s: %w", made.ID, err)
	}

	return Made{URN: made.URN, ID: made.ID, Inputs: checked, Outputs: Properties(p.t, response.GetProperties())}, nil
}

func token(made Made) string { return string(urn.URN(made.URN).Type()) }

func name(made Made) string { return urn.URN(made.URN).Name() }
