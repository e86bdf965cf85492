package settings_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// project is the folder of the stack files.
const project = "../.."

func TestTheStackFilesHaveNoProblems(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		values, err := config.ReadFile(config.File(project, environment))
		require.NoError(t, err)

		others, err := settings.ReadNeighbours(project, environment)
		require.NoError(t, err)

		loaded, problems := settings.Load(environment, values, others)
		assert.Empty(t, problems)
		assert.Equal(t, environment, loaded.DefaultTags.Tags["Environment"])
	}
}

func TestTheRangesOfTheStackFilesDoNotOverlap(t *testing.T) {
	t.Parallel()

	all, err := settings.ReadNeighbours(project, "")
	require.NoError(t, err)
	require.Len(t, all, len(environments(t)), "each has a CIDR")

	for name, cidr := range all {
		for other, of := range all {
			assert.False(t, name != other && cidr.Overlaps(of), "%s overlaps %s", name, other)
		}
	}
}

func TestNeighboursAreTheOtherEnvironments(t *testing.T) {
	t.Parallel()

	folder := folderOf(t, map[string]string{
		"Pulumi.yaml":         "name: platform\n",
		"Pulumi.sandbox.yaml": "config: {platform:network: {cidr: 10.10.0.0/16}}\n",
		"Pulumi.staging.yaml": "config: {platform:network: {cidr: 10.20.0.0/16, colour: red}}\n",
		"Pulumi.empty.yaml":   "",
		"Pulumi.wrong.yaml":   "config: {platform:network: {cidr: here}}\n",
		"notes.yaml":          "config: {platform:network: {cidr: 10.30.0.0/16}}\n",
	})

	neighbours, err := settings.ReadNeighbours(folder, "sandbox")
	require.NoError(t, err)
	assert.Equal(t, settings.Neighbours{"staging": netip.MustParsePrefix("10.20.0.0/16")}, neighbours)
}

func TestAnUnreadableNeighbourIsNamed(t *testing.T) {
	t.Parallel()

	folder := folderOf(t, map[string]string{"Pulumi.staging.yaml": "config: [\n"})

	_, err := settings.ReadNeighbours(folder, "sandbox")
	require.ErrorContains(t, err, "staging")

	neighbours, err := settings.ReadNeighbours(folder, "staging")
	require.NoError(t, err, "the engine reads the stack's own file")
	assert.Empty(t, neighbours)
}

// environments are the names of the committed stack files.
func environments(t *testing.T) []string {
	t.Helper()

	names, err := config.Stacks(project)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(names), 2)

	return names
}

// folderOf creates a folder with the files.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()

	// The folder's name contains characters that have a meaning in a pattern.
	folder := filepath.Join(t.TempDir(), "[a] folder*")
	require.NoError(t, os.Mkdir(folder, 0o700))

	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}

	return folder
}
