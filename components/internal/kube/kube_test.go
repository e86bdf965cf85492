package kube_test

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/internal/kube"
)

// engine records the inputs of the last resource.
type engine struct{ inputs resource.PropertyMap }

func (e *engine) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	e.inputs = args.Inputs

	return args.Name, args.Inputs, nil
}

func (*engine) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return resource.PropertyMap{}, nil
}

// release declares a release with a timeout.
func (e *engine) release(timeout time.Duration) error {
	return pulumi.RunErr(func(ctx *pulumi.Context) error {
		_, err := kube.NewRelease(ctx, "web", &kube.ReleaseArgs{
			Chart: kube.Chart{Name: "web", Version: "1.0.0"},
			Name:  "web", Namespace: pulumi.String("web"), Timeout: timeout, Values: pulumi.Map{},
		})

		return err
	}, pulumi.WithMocks("project", "stack", e))
}

func TestAReleaseWaitsAsLongAsItsTimeout(t *testing.T) {
	t.Parallel()

	var e engine

	require.NoError(t, e.release(10*time.Minute))
	assert.Equal(t, resource.NewNumberProperty(600), e.inputs["timeout"])
}

// The provider's own default is too short for a first install.
func TestAReleaseWithoutATimeoutIsRefused(t *testing.T) {
	t.Parallel()

	require.ErrorContains(t, new(engine).release(0), "web")
}
