package stacks_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks"
)

// project is the folder of the stack files.
const project = ".."

// environments returns the environments with a stack file.
func environments(t *testing.T) []string {
	t.Helper()

	names, err := config.Stacks(project)
	require.NoError(t, err)
	require.NotEmpty(t, names)

	return names
}

// now is a day on which the versions in the stack files have more than a quarter of standard support left.
func now() time.Time { return day(2026, time.November, 1) }

// configuration returns the committed configuration of an environment with changed values.
func configuration(t *testing.T, environment string, changes map[string]string) config.Values {
	t.Helper()

	values, err := config.ReadFile(config.File(project, environment))
	require.NoError(t, err)
	maps.Copy(values, changes)

	return values
}

// deploy runs an environment under mocks, which must succeed.
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

	loaded, err := stacks.Load(environment, configuration(t, environment, changes), project, now())
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

// network returns the section network as JSON, with the range of the sandbox.
func network(zones, nat string) map[string]string {
	return map[string]string{"platform:network": `{"cidr": "10.10.0.0/16", "zones": ` + zones + `, "nat": "` + nat + `"}`}
}

// withSetting returns the committed section of the sandbox with another value at a path such as
// "platform:cluster.nodes.general.min".
func withSetting(t *testing.T, path string, value any) map[string]string {
	t.Helper()

	return changed(t, configuration(t, "sandbox", nil), path, value)
}

// changed returns the section that contains the path, with another value at the path.
func changed(t *testing.T, values config.Values, path string, value any) map[string]string {
	t.Helper()

	parsed, err := resource.ParsePropertyPath(path)
	require.NoError(t, err, path)

	section, isText := parsed[0].(string)
	require.True(t, isText, path)

	if text, isText := value.(string); isText && len(parsed) == 1 {
		return map[string]string{section: text}
	}

	var given any
	require.NoError(t, json.Unmarshal([]byte(values[section]), &given), section)

	text, err := json.Marshal(put(given, parsed[1:], value))
	require.NoError(t, err, path)

	return map[string]string{section: string(text)}
}

// put returns the container with the value at the path of the steps.
func put(container any, steps resource.PropertyPath, value any) any {
	if len(steps) == 0 {
		return value
	}

	switch step := steps[0].(type) {
	case string:
		object, _ := container.(map[string]any)
		object = maps.Clone(object)

		if object == nil {
			object = make(map[string]any)
		}

		object[step] = put(object[step], steps[1:], value)

		return object
	case int:
		list, _ := container.([]any)
		list = append(slices.Clone(list), make([]any, max(0, step+1-len(list)))...)
		list[step] = put(list[step], steps[1:], value)

		return list
	}

	return container
}

// problems returns the problems of an error, and fails the test if the error is another.
func problems(t *testing.T, err error) config.Problems {
	t.Helper()

	var found config.Problems
	require.ErrorAs(t, err, &found)

	return found
}

// fixes returns the fix of each problem of an error, by the path of the setting.
func fixes(t *testing.T, err error) map[string]string {
	t.Helper()

	commands := make(map[string]string)
	for _, problem := range problems(t, err) {
		commands[problem.Path] = problem.Fix
	}

	return commands
}
