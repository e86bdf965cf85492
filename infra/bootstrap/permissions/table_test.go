package permissions_test

import (
	"encoding/json"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/infra/bootstrap/permissions"
)

// root is the folder of the repository.
const root = "../../.."

// made is a resource of a golden graph or of a recorded state.
type made struct {
	URN    string `json:"urn"`
	Type   string `json:"type"`
	Inputs struct {
		PolicyARN      string `json:"policyArn"`
		Policy         string `json:"policy"`
		Name           string `json:"name"`
		InlinePolicies []struct {
			Name   string `json:"name"`
			Policy string `json:"policy"`
		} `json:"inlinePolicies"`
	} `json:"inputs"`
}

// goldens are the graphs of the environments, and of the components that no committed environment has.
func goldens(t *testing.T) []made {
	t.Helper()

	files, err := filepath.Glob(root + "/stacks/testdata/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files, "there are golden graphs")

	return read(t, append(files, root+"/components/runner/testdata/runner.json"))
}

// children are the resources that @pulumi/eks creates, from the last recording of the environments: mocks run no
// packaged component.
func children(t *testing.T) []made {
	t.Helper()

	recordings, err := filepath.Glob(root + "/rehearsal/scenarios/testdata/recorded/*")
	require.NoError(t, err)
	require.NotEmpty(t, recordings, "there are recordings")

	files, err := filepath.Glob(slices.Max(recordings) + "/*/state.json")
	require.NoError(t, err)

	found := slices.DeleteFunc(read(t, files), func(r made) bool { return !strings.Contains(r.URN, "eks:index:Cluster$") })
	require.NotEmpty(t, found, "a recording has the component's children")

	return found
}

func read(t *testing.T, files []string) []made {
	t.Helper()

	var all []made

	for _, file := range files {
		text, err := os.ReadFile(filepath.Clean(file))
		require.NoError(t, err)

		var state struct {
			Deployment struct {
				Resources []made `json:"resources"`
			} `json:"deployment"`
		}
		require.NoError(t, json.Unmarshal(text, &state), file)
		require.NotEmpty(t, state.Deployment.Resources, file)

		all = append(all, state.Deployment.Resources...)
	}

	return all
}

func load(t *testing.T) *permissions.Table {
	t.Helper()

	table, err := permissions.Load()
	require.NoError(t, err)

	return table
}

// A type without a row could not be deployed. A row without a type would be an unused permission.
func TestEachTypeOfTheProgramHasItsRow(t *testing.T) {
	t.Parallel()

	types := map[string]bool{}

	for _, r := range slices.Concat(goldens(t), children(t)) {
		if strings.HasPrefix(r.Type, "aws:") {
			types[r.Type] = true
		}
	}

	assert.ElementsMatch(t, slices.Collect(maps.Keys(types)), slices.Collect(maps.Keys(load(t).Rows)),
		"what the program makes, and actions.yaml")
}

// The rehearsal simulates the functions that the program and its components call, and refuses others by name.
func TestEachFunctionOfTheProgramHasItsRow(t *testing.T) {
	t.Parallel()

	text, err := os.ReadFile(root + "/rehearsal/simulation/catalogue/aws.json")
	require.NoError(t, err)

	var catalogue struct {
		Functions map[string]any `json:"functions"`
	}
	require.NoError(t, json.Unmarshal(text, &catalogue))

	assert.ElementsMatch(t, slices.Collect(maps.Keys(catalogue.Functions)), slices.Collect(maps.Keys(load(t).Functions)),
		"what the program asks, and functions.yaml")
}

// A role of the program cannot use an action that the boundary lacks, whatever policies it has.
func TestEachPolicyOfTheProgramsRolesIsKnown(t *testing.T) {
	t.Parallel()

	table, used := load(t), map[string]bool{}

	within := func(name, document string) {
		used[name] = true

		for _, action := range actionsOf(t, document) {
			assert.Contains(t, table.Workloads[name].Actions, action, "workloads.yaml, %s", name)
		}
	}

	for _, r := range goldens(t) {
		switch r.Type {
		case "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
			used[path.Base(r.Inputs.PolicyARN)] = true
		case "aws:iam/rolePolicy:RolePolicy":
			within(r.Inputs.Name, r.Inputs.Policy)
		case "aws:iam/role:Role":
			for _, inline := range r.Inputs.InlinePolicies {
				within(inline.Name, inline.Policy)
			}
		}
	}

	assert.ElementsMatch(t, slices.Collect(maps.Keys(used)), slices.Collect(maps.Keys(table.Workloads)),
		"what the program attaches to its roles, and workloads.yaml")
}

// actionsOf returns the actions in a policy document.
func actionsOf(t *testing.T, document string) []string {
	t.Helper()

	var parsed struct {
		Statement []struct {
			Action []string `json:"action"`
		} `json:"statement"`
	}
	require.NoError(t, json.Unmarshal([]byte(document), &parsed))

	var actions []string
	for _, statement := range parsed.Statement {
		actions = append(actions, statement.Action...)
	}

	require.NotEmpty(t, actions)

	return actions
}

func TestRowsNameTheirSource(t *testing.T) {
	t.Parallel()

	action := regexp.MustCompile(`^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$`)
	table, pages := load(t), map[string]string{}

	for name, row := range table.Rows {
		require.NotEmpty(t, row.Create, "%s is created", name)
		require.NotEmpty(t, row.Read, "%s is read", name)
		assert.Regexp(t, "^list_[a-z0-9]+$", row.Source, name)

		service, _, _ := strings.Cut(row.Create[0], ":")
		if known := pages[service]; known != "" {
			assert.Equal(t, known, row.Source, "%s: a service has one page", name)
		}

		pages[service] = row.Source

		for _, one := range row.Actions() {
			assert.Regexp(t, action, one, name)
		}
	}

	for name, workload := range table.Workloads {
		assert.NotEmpty(t, workload.Source, name)

		if strings.Contains(workload.Source, "/") {
			assert.FileExists(t, filepath.Join(root, workload.Source), name)
		}
	}
}

// An action of a service without a scope would be allowed on no resource, without an error.
func TestEachServiceThatTheRoleChangesIsScoped(t *testing.T) {
	t.Parallel()

	table, changed := load(t), map[string]bool{}

	for _, row := range table.Rows {
		for _, action := range row.Actions() {
			service, verb, _ := strings.Cut(action, ":")
			if service != "iam" && !regexp.MustCompile("^(BatchGet|Describe|Get|List)").MatchString(verb) {
				changed[service] = true
			}
		}
	}

	assert.ElementsMatch(t, slices.Collect(maps.Keys(changed)), slices.Collect(maps.Keys(table.Scopes)),
		"what actions.yaml changes, and resources.yaml")
}
