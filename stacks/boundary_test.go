package stacks_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/stacks"
)

// rehearsal/scenarios tests that the engine applies the boundary to every role, also to the roles of packaged
// components.
func TestTheBoundaryIsSetOnlyOnRoles(t *testing.T) {
	t.Parallel()

	const boundary = "arn:aws:iam::123456789012:policy/platform-boundary"

	within := stacks.WithinBoundary(boundary)

	role := within(t.Context(), &pulumi.ResourceTransformArgs{
		Type: "aws:iam/role:Role", Props: pulumi.Map{"name": pulumi.String("a")},
	})
	require.NotNil(t, role)
	assert.Equal(t, pulumi.Map{"name": pulumi.String("a"), "permissionsBoundary": pulumi.String(boundary)}, role.Props)

	assert.Nil(t, within(t.Context(), &pulumi.ResourceTransformArgs{Type: "aws:iam/policy:Policy", Props: pulumi.Map{}}))
}

func TestABoundaryIsTheNameOfAPolicy(t *testing.T) {
	t.Parallel()

	_, err := stacks.Load("sandbox", configuration(t, "sandbox", map[string]string{
		"platform:environment": `{"class": "disposable", "permissionsBoundary": "arn:aws:iam::1:policy/a"}`,
	}), project, now())
	require.ErrorContains(t, err, "platform:environment.permissionsBoundary")
}
