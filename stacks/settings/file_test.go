package settings_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/stacks/settings"
)

// project is the folder of the stack files.
const project = "../.."

func TestTheCommittedStackFilesAreCorrect(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		config, err := settings.ReadFile(filepath.Join(project, "Pulumi."+environment+".yaml"))
		require.NoError(t, err)

		others, err := settings.ReadNeighbours(project, environment)
		require.NoError(t, err)

		loaded, problems := settings.Load(environment, config, others)
		assert.Empty(t, problems)
		assert.Equal(t, environment, loaded.DefaultTags.Tags["Environment"])
	}
}

func TestTheCommittedEnvironmentsShareNoAddress(t *testing.T) {
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

func TestAFileIsReadAsTheEngineReadsIt(t *testing.T) {
	t.Parallel()

	config, err := settings.ReadFile(write(t, "Pulumi.sandbox.yaml", `
config:
  aws:region: eu-west-1
  platform:network:
    zones: [a, b]
  platform:count: 3
  platform:on: true
  aws:allowedAccountIds: ["012345678901", 123456789012, 012345678901]
`))
	require.NoError(t, err)
	assert.JSONEq(t, `{"zones": ["a", "b"]}`, config["platform:network"])
	assert.Equal(t, "eu-west-1", config["aws:region"])
	assert.Equal(t, "3", config["platform:count"])
	assert.Equal(t, "true", config["platform:on"])
	assert.JSONEq(t, `["012345678901", 123456789012, 12345678901]`, config["aws:allowedAccountIds"],
		"a number loses the 0 that it starts with")
	assert.Len(t, config, 5)
}

func TestAFileWithoutConfigurationIsEmpty(t *testing.T) {
	t.Parallel()

	config, err := settings.ReadFile(write(t, "Pulumi.sandbox.yaml", "encryptionsalt: v1:x\n"))
	require.NoError(t, err)
	assert.Empty(t, config)
}

func TestAFileThatCannotBeReadIsNamed(t *testing.T) {
	t.Parallel()

	for name, path := range map[string]string{
		"missing":             filepath.Join(t.TempDir(), "Pulumi.missing.yaml"),
		"a folder":            t.TempDir(),
		"no YAML":             write(t, "Pulumi.broken.yaml", "config: [\n"),
		"a list":              write(t, "Pulumi.list.yaml", "- config\n"),
		"keys that are lists": write(t, "Pulumi.keys.yaml", "config:\n  x: {[a]: b}\n"),
	} {
		_, err := settings.ReadFile(path)
		assert.ErrorContains(t, err, path, name)
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

func TestANeighbourThatCannotBeReadIsNamed(t *testing.T) {
	t.Parallel()

	folder := folderOf(t, map[string]string{"Pulumi.staging.yaml": "config: [\n"})

	_, err := settings.ReadNeighbours(folder, "sandbox")
	require.ErrorContains(t, err, "staging")

	neighbours, err := settings.ReadNeighbours(folder, "staging")
	require.NoError(t, err, "its own file is the engine's to read")
	assert.Empty(t, neighbours)
}

func TestAMendedRangeIsFree(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{"platform:network.cidr": `"10.10.0.0/16"`}),
		settings.Neighbours{
			"wide": netip.MustParsePrefix("10.0.0.0/12"), "next": netip.MustParsePrefix("10.20.128.0/20"),
		})

	require.Len(t, problems, 1)
	assert.Equal(t, settings.SetCommand(stack, "platform:network.cidr", "10.30.0.0/16"), problems[0].Mend)
}

// environments are the names of the committed stack files.
func environments(t *testing.T) []string {
	t.Helper()

	files, err := filepath.Glob(filepath.Join(project, "Pulumi.*.yaml"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 2)

	names := make([]string, 0, len(files))
	for _, file := range files {
		name := filepath.Base(file)
		names = append(names, name[len("Pulumi."):len(name)-len(".yaml")])
	}

	return names
}

// write puts a file into a folder of its own and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()

	return filepath.Join(folderOf(t, map[string]string{name: text}), name)
}

// folderOf makes a folder with the files.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()

	// What means something in a pattern means nothing in a folder's name.
	folder := filepath.Join(t.TempDir(), "[a] folder*")
	require.NoError(t, os.Mkdir(folder, 0o700))

	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}

	return folder
}
