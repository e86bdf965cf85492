package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

const root = "../.."

// scratch returns a folder with the stack files and the values of two environments.
func scratch(t *testing.T) string {
	t.Helper()

	folder := t.TempDir()

	for _, pattern := range []string{"Pulumi.s*.yaml", "apps/*/environments/s*.yaml"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		require.NotEmpty(t, found)

		for _, file := range found {
			name, err := filepath.Rel(root, file)
			require.NoError(t, err)

			content, err := os.ReadFile(filepath.Clean(file))
			require.NoError(t, err)
			write(t, filepath.Join(folder, name), string(content))
		}
	}

	return folder
}

func write(t *testing.T, file, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o750))
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
}

func read(t *testing.T, elements ...string) string {
	t.Helper()

	content, err := os.ReadFile(filepath.Join(elements...))
	require.NoError(t, err)

	return string(content)
}

func create(folder, name, like string) error {
	return run(folder, []string{"-name", name, "-like", like}, io.Discard)
}

func load(t *testing.T, folder, name string) settings.Settings {
	t.Helper()

	values, err := config.ReadFile(config.File(folder, name))
	require.NoError(t, err)

	neighbours, err := settings.ReadNeighbours(folder, name)
	require.NoError(t, err)

	loaded, problems := settings.Load(name, values, neighbours)
	require.Empty(t, problems)

	return loaded
}

func TestACopyDiffersOnlyWhereTwoEnvironmentsCannotBeTheSame(t *testing.T) {
	t.Parallel()

	for _, like := range []string{"sandbox", "staging"} {
		folder := scratch(t)
		require.NoError(t, create(folder, "made", like))

		theirs, ours := load(t, folder, like), load(t, folder, "made")
		assert.False(t, theirs.Network.CIDR.Overlaps(ours.Network.CIDR))
		assert.Equal(t, "made", ours.DefaultTags.Tags["Environment"])

		if theirs.GitOps.Revision != settings.MainBranch {
			assert.Equal(t, "release-made", ours.GitOps.Revision)
		}

		ours.Network.CIDR, ours.GitOps.Revision = theirs.Network.CIDR, theirs.GitOps.Revision
		ours.DefaultTags.Tags["Environment"] = like
		assert.Equal(t, theirs, ours)

		copies, err := filepath.Glob(filepath.Join(folder, "apps", "*", "environments", "made.yaml"))
		require.NoError(t, err)
		require.NotEmpty(t, copies)

		for _, file := range copies {
			copied, copiedFrom := read(t, file), read(t, filepath.Dir(file), like+".yaml")
			assert.NotContains(t, copied, like)

			_, values, _ := strings.Cut(copied, "\n")
			assert.Contains(t, copiedFrom, values, "only the comment in the first line differs")
		}
	}
}

func TestACopyOfACopyIsAnEnvironment(t *testing.T) {
	t.Parallel()

	folder := scratch(t)
	require.NoError(t, create(folder, "production", "staging"))
	require.NoError(t, create(folder, "pre-production", "production"))

	load(t, folder, "production")
	load(t, folder, "pre-production")
	assert.Contains(t, read(t, folder, "Pulumi.pre-production.yaml"), "revision: release-pre-production\n")
}

// The style of the stack file does not matter, and its key for secrets belongs to one stack.
func TestQuotesCommentsAndKeys(t *testing.T) {
	t.Parallel()

	folder := scratch(t)
	file := config.File(folder, "staging")
	text := strings.NewReplacer(
		"Environment: staging", `"Environment": "staging" # ours`, "cidr: 10.20.0.0/16", "cidr: '10.20.0.0/16'",
		"revision: release", `revision: "release"`,
	).Replace(read(t, file))
	write(t, file, "encryptionsalt: v1:secret\n# Ours.\n"+text)

	require.NoError(t, create(folder, "production", "staging"))

	copied := read(t, folder, "Pulumi.production.yaml")
	assert.NotContains(t, copied, "encryptionsalt")
	assert.Contains(t, copied, `"Environment": "production" # ours`)
	assert.True(t, strings.HasPrefix(copied, "# Ours.\n"))
	assert.Equal(t, "release-production", load(t, folder, "production").GitOps.Revision)
}

func TestInvalidArgumentsAreReportedAtOnceAndNothingIsCreated(t *testing.T) {
	t.Parallel()

	folder := scratch(t)
	write(t, filepath.Join(folder, "apps", "flights", "environments", "left.yaml"), "")

	before, err := os.ReadDir(folder)
	require.NoError(t, err)

	for _, test := range []struct {
		name, like string
		reasons    []string
	}{
		{"", "", []string{`NAME: got ""`, `LIKE: got ""`, "sandbox, staging"}},
		{"Production", "stagin", []string{`NAME: got "Production"`, `LIKE: got "stagin"`}},
		{"production-europe", "staging", []string{"at most 14 characters"}},
		{"staging", "sandbox", []string{"Pulumi.staging.yaml"}},
		{"left", "sandbox", []string{"values in apps"}},
		{"staging-2", "staging", []string{"does not start with staging"}},
		{"platform-2", "staging", []string{"does not start with platform"}},
	} {
		err := create(folder, test.name, test.like)
		for _, reason := range test.reasons {
			require.ErrorContains(t, err, reason, test.name)
		}
	}

	write(t, config.File(folder, "broken"), strings.Replace(read(t, folder, "Pulumi.staging.yaml"), "nat:", "nta:", 1))
	require.ErrorContains(t, create(folder, "production", "broken"), "platform:network.nta")
	require.NoError(t, os.Remove(config.File(folder, "broken")))

	file := config.File(folder, "sandbox")
	network := regexp.MustCompile(`(?s)\n  platform:network:.+?\n  platform:cluster:`)
	write(t, file, network.ReplaceAllString(read(t, file), `
  platform:network:
    existing:
      vpc: vpc-0a1b2c3d
      publicSubnets: {a: subnet-0000000a, b: subnet-0000000b}
      privateSubnets: {a: subnet-0000001a, b: subnet-0000001b}
  platform:cluster:`))
	require.ErrorContains(t, create(folder, "production", "sandbox"), "the subnets of sandbox in vpc-0a1b2c3d")

	after, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, after, len(before))
}

// The account's boundary names every environment, and IAM limits its length.
func TestAnEnvironmentThatTheAccountDoesNotHoldIsRefused(t *testing.T) {
	t.Parallel()

	folder := scratch(t)

	var err error
	for i := 0; err == nil && i < 10; i++ {
		err = create(folder, "staging"+string(rune('a'+i)), "staging")
	}

	require.ErrorContains(t, err, "IAM's quota")

	environments, err := config.Stacks(folder)
	require.NoError(t, err)

	values, err := filepath.Glob(filepath.Join(folder, "apps", "flights", "environments", "*.yaml"))
	require.NoError(t, err)
	assert.Len(t, values, len(environments), "nothing of the refused environment is written")
	assert.GreaterOrEqual(t, len(environments), 4)
}
