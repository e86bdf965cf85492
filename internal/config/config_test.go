package config_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
)

func TestAFileIsReadAsTheEngineReadsIt(t *testing.T) {
	t.Parallel()

	values, err := config.ReadFile(write(t, `
config:
  aws:region: eu-west-1
  platform:network:
    zones: [a, b]
  platform:count: 3
  platform:on: true
  aws:allowedAccountIds: ["012345678901", 123456789012, 012345678901]
`))
	require.NoError(t, err)
	assert.JSONEq(t, `{"zones": ["a", "b"]}`, values["platform:network"])
	assert.Equal(t, "eu-west-1", values["aws:region"])
	assert.Equal(t, "3", values["platform:count"])
	assert.Equal(t, "true", values["platform:on"])
	assert.JSONEq(t, `["012345678901", 123456789012, 12345678901]`, values["aws:allowedAccountIds"],
		"a number loses its leading 0")
	assert.Len(t, values, 5)
}

func TestAFileWithoutConfigurationIsEmpty(t *testing.T) {
	t.Parallel()

	values, err := config.ReadFile(write(t, "encryptionsalt: v1:x\n"))
	require.NoError(t, err)
	assert.Empty(t, values)
}

func TestAFileThatCannotBeReadIsNamed(t *testing.T) {
	t.Parallel()

	for name, path := range map[string]string{
		"missing":             filepath.Join(t.TempDir(), "Pulumi.missing.yaml"),
		"a folder":            t.TempDir(),
		"no YAML":             write(t, "config: [\n"),
		"a list":              write(t, "- config\n"),
		"keys that are lists": write(t, "config:\n  x: {[a]: b}\n"),
	} {
		_, err := config.ReadFile(path)
		assert.ErrorContains(t, err, path, name)
	}
}

func TestProblemsHaveThePathsOfTheDecoder(t *testing.T) {
	t.Parallel()

	type element struct {
		Name string `mapstructure:"name"`
	}

	type settings struct {
		config.AWS `mapstructure:",squash"`

		Section struct {
			CIDR    netip.Prefix       `mapstructure:"cidr"`
			CIDRs   []netip.Prefix     `mapstructure:"cidrs"`
			Members map[string]element `mapstructure:"members"`
			List    []element          `mapstructure:"list"`
			Pointer *element           `mapstructure:"pointer"`
		} `mapstructure:"a:section"`
	}

	assert.Equal(t, []string{
		"a:section.cidr", "a:section.cidrs", "a:section.list[*].name", "a:section.members.*.name", "a:section.pointer.name",
		"aws:allowedAccountIds", "aws:defaultTags.tags", "aws:region",
	}, config.Paths[settings]())
}

func TestTheWholeConfigurationOfTheEngineIsRead(t *testing.T) {
	t.Setenv("PULUMI_CONFIG", `{"aws:region": "us-east-1", "a:b": "[]"}`)

	values, err := config.FromEngine()
	require.NoError(t, err)
	assert.Equal(t, config.Values{"aws:region": "us-east-1", "a:b": "[]"}, values)

	t.Setenv("PULUMI_CONFIG", "")

	_, err = config.FromEngine()
	require.ErrorContains(t, err, "PULUMI_CONFIG")
}

// write writes a stack file into a new folder and returns its path.
func write(t *testing.T, text string) string {
	t.Helper()

	path := filepath.Join(t.TempDir(), "Pulumi.sandbox.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))

	return path
}
