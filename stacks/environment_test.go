package stacks_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks"
)

func TestEachStackFileHasAnEnvironment(t *testing.T) {
	t.Parallel()

	for _, name := range environments(t) {
		environment, err := stacks.Load(name, configuration(t, name, nil), project, now())
		require.NoError(t, err)
		assert.Equal(t, name, environment.Name)
		assert.Equal(t, name, environment.Settings.DefaultTags.Tags["Environment"])
	}
}

func TestAStackWithoutSettingsIsRefusedWithTheNamesOfTheEnvironments(t *testing.T) {
	t.Parallel()

	for _, stack := range []string{"production", "stagin"} {
		_, err := stacks.Load(stack, config.Values{}, project, now())

		found := problems(t, err)
		require.Len(t, found, 1, stack)
		assert.Contains(t, found[0].Expected, strings.Join(environments(t), ", "))
		assert.Equal(t, "make environment NAME="+stack+" LIKE="+environments(t)[0], found[0].Fix)
	}

	_, err := stacks.Load("Sandbox", config.Values{}, project, now())
	assert.Contains(t, problems(t, err)[0].Fix, "NAME=sandbox", "an invalid name")
}

// A class is known by what it requires and by what it creates, whatever the environment is called.
func TestTheClassDecidesThePolicy(t *testing.T) {
	t.Parallel()

	durable := configuration(t, "staging", nil)
	durable["platform:environment"] = `{"class": "disposable"}`

	g := deploy(t, "staging", durable)
	g.One(t, keyType, "encryption-key").Has("deletionWindowInDays", 7)
	g.One(t, databaseType, "database-instance").Has("skipFinalSnapshot", true).Has("deletionProtection", false)

	disposable := configuration(t, "sandbox", map[string]string{"platform:environment": `{"class": "durable"}`})

	_, err := stacks.Load("sandbox", disposable, project, now())
	assert.ElementsMatch(t, []string{
		"platform:cache.replicas", "platform:cluster.publicAccessCidrs[0]", "platform:database.multiAz",
		"platform:gitops.highlyAvailable", "platform:network.nat",
	}, slices.Collect(maps.Keys(fixes(t, err))))

	disposable["platform:environment"] = `{"class": "durrable"}`

	_, err = stacks.Load("sandbox", disposable, project, now())
	assert.Equal(t, map[string]string{
		"platform:environment.class": config.SetCommand("sandbox", "platform:environment.class", "durable"),
	}, fixes(t, err), "an unknown class has no policy to violate")
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	t.Parallel()

	values := configuration(t, "staging", network(`["a", "b", "x"]`, "single"))
	values["aws:region"] = "nowhere"

	_, err := stacks.Load("staging", values, project, now())

	var paths []string
	for _, problem := range problems(t, err) {
		paths = append(paths, problem.Path)
	}

	assert.Equal(t, []string{
		"aws:region", "platform:network.cidr", "platform:network.nat", "platform:network.zones[2]",
	}, paths)
}

func TestAHighlyAvailableEnvironmentHasNATInEachZone(t *testing.T) {
	t.Parallel()

	const path = "platform:network.nat"

	for nat, got := range map[string]string{
		`, "nat": "single"`: `"single"`, `, "nat": "none"`: `"none"`, "": `"single"`,
		`, "nat": "double"`: `"double"`, `, "nat": ["perZone"]`: `["perZone"]`,
	} {
		section := `{"cidr": "10.20.0.0/16", "zones": ["a", "b", "c"]` + nat + `}`
		values := configuration(t, "staging", map[string]string{"platform:network": section})

		_, err := stacks.Load("staging", values, project, now())

		found := problems(t, err)
		require.Len(t, found, 1, section)
		assert.Equal(t, path, found[0].Path)
		assert.Equal(t, got, found[0].Got)
		assert.Equal(t, config.SetCommand("staging", path, "perZone"), found[0].Fix)
	}
}

func TestTheSandboxAllowsBothChoicesOfNAT(t *testing.T) {
	t.Parallel()

	for _, nat := range []string{"single", "perZone"} {
		_, err := stacks.Load("sandbox", configuration(t, "sandbox", network(`["a", "b"]`, nat)), project, now())
		assert.NoError(t, err, nat)
	}
}

func TestAnUnreadableNeighbourStopsTheProgram(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.staging.yaml"), []byte("config: ["), 0o600))

	_, err := stacks.Load("sandbox", configuration(t, "sandbox", nil), folder, now())
	assert.ErrorContains(t, err, "staging")
}
