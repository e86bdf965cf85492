package stacks

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/scope"
	"github.com/msur/platform/stacks/settings"
)

// No setting can list such a principal.
func TestAPrincipalThatIsNeitherARoleNorAUserIsRefused(t *testing.T) {
	t.Parallel()

	for _, deployer := range []string{
		"arn:aws:iam::123456789012:root", "arn:aws:sts::123456789012:federated-user/guest",
	} {
		environment := &Environment{Name: "sandbox"}
		found := environment.lockedOut(&account{place: scope.Place{AccountID: "123456789012"}, deployer: deployer}, false)

		require.Len(t, found, 1)
		assert.Equal(t, "platform:cluster.admins", found[0].Path)
		assert.Contains(t, found[0].Got, deployer)
		assert.Contains(t, found[0].Fix, "AWS_PROFILE")
	}
}

func TestAnUnreadableSchemaOfAChartIsNamed(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	path := filepath.Join(folder, "apps", "flights", "chart", "values.schema.json")
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte("{"), 0o600))

	environment := &Environment{Settings: settings.Settings{Apps: map[string]settings.App{"flights": {}}}}

	_, err := environment.unrendered(folder)
	assert.ErrorContains(t, err, path)
}
