package stacks_test

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/stacks"
	"github.com/msur/platform/stacks/settings"
)

// project is the folder of the stack files.
const project = ".."

// environments are the known ones; each has a stack file.
func environments() []string { return []string{"sandbox", "staging"} }

// configuration returns what is committed for an environment, changed as a test needs.
func configuration(t *testing.T, environment string, changes map[string]string) settings.Config {
	t.Helper()

	config, err := settings.ReadFile(filepath.Join(project, "Pulumi."+environment+".yaml"))
	require.NoError(t, err)
	maps.Copy(config, changes)

	return config
}

// deploy runs an environment under mocks, and fails the test where that fails.
func deploy(t *testing.T, environment string, changes map[string]string) *graphtest.Graph {
	t.Helper()

	g, err := tryToDeploy(t, environment, changes)
	require.NoError(t, err)

	return g
}

// tryToDeploy runs an environment under mocks.
func tryToDeploy(
	t *testing.T, environment string, changes map[string]string, options ...graphtest.Option,
) (*graphtest.Graph, error) {
	t.Helper()

	loaded, err := stacks.Load(environment, configuration(t, environment, changes), project)
	require.NoError(t, err)

	return graphtest.Try(func(ctx *pulumi.Context) error {
		outputs, err := stacks.Deploy(ctx, loaded)
		if err != nil {
			return err
		}

		outputs.Export(ctx)

		return nil
	}, append(options, graphtest.InStack(environment))...)
}

// network is the section of that name as JSON.
func network(cidr, zones, nat string) map[string]string {
	return map[string]string{"platform:network": `{"cidr": "` + cidr + `", "zones": ` + zones + `, "nat": "` + nat + `"}`}
}

// problems returns what err says is wrong with the settings, and fails the test where it says something else.
func problems(t *testing.T, err error) settings.Problems {
	t.Helper()

	var found settings.Problems
	require.ErrorAs(t, err, &found)

	return found
}
