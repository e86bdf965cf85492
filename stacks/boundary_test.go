package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/stacks"
)

func TestEveryRoleIsWithinTheBoundaryThatIsNamed(t *testing.T) {
	t.Parallel()

	const named = "platform-boundary"

	for setting, want := range map[string]string{
		`{}`: "", `{"permissionsBoundary": "` + named + `"}`: "arn:aws:iam::123456789012:policy/" + named,
	} {
		roles := deploy(t, "sandbox", map[string]string{"platform:environment": setting}).All("aws:iam/role:Role")
		require.NotEmpty(t, roles)

		for _, role := range roles {
			boundary := ""
			if given := role.Inputs["permissionsBoundary"]; given.IsString() {
				boundary = given.StringValue()
			}

			assert.Equal(t, want, boundary, role.Name)
		}
	}
}

func TestABoundaryIsAPolicysName(t *testing.T) {
	t.Parallel()

	_, err := stacks.Load("sandbox", configuration(t, "sandbox", map[string]string{
		"platform:environment": `{"permissionsBoundary": "arn:aws:iam::1:policy/a"}`,
	}), project, now())
	require.ErrorContains(t, err, "platform:environment.permissionsBoundary")
}
