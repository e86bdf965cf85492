package permissions_test

import (
	"bytes"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/infra/bootstrap/permissions"
)

// reference is AWS's documentation of the actions in the table; see testdata/reference.yaml.
type reference struct {
	Resources map[string]string `yaml:"resources"`
	Actions   map[string]struct {
		Access     string   `yaml:"access"`
		Types      []string `yaml:"types"`
		Dependents []string `yaml:"dependents"`
	} `yaml:"actions"`
	Guides map[string]struct {
		Source     string   `yaml:"source"`
		Dependents []string `yaml:"dependents"`
	} `yaml:"guides"`
	Unneeded map[string]struct {
		Reason     string   `yaml:"reason"`
		Dependents []string `yaml:"dependents"`
	} `yaml:"unneeded"`
}

func loadReference(t *testing.T) reference {
	t.Helper()

	text, err := os.ReadFile("testdata/reference.yaml")
	require.NoError(t, err)

	var read reference

	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&read))

	return read
}

// Policies allow reads on all resources and writes on named ones, so the table must know which is which.
func TestActionsExistAndAreReadsOrWrites(t *testing.T) {
	t.Parallel()

	table, known := load(t), loadReference(t)
	reads := regexp.MustCompile(":(BatchGet|Describe|Get|List)")

	for name, row := range withFunctions(table) {
		for _, action := range row.Actions() {
			entry, exists := known.Actions[action]
			if !assert.True(t, exists, "%s: the Service Authorization Reference has no %s", name, action) {
				continue
			}

			assert.Equal(t, reads.MatchString(action), slices.Contains([]string{"List", "Read"}, entry.Access),
				"%s: %s has the access level %s", name, action, entry.Access)
		}
	}
}

// Some calls also require permission for other actions: without it, AWS refuses the call.
func TestEachTypeHasTheDependentActions(t *testing.T) {
	t.Parallel()

	known := loadReference(t)

	for name, row := range withFunctions(load(t)) {
		for _, action := range row.Actions() {
			for _, dependent := range slices.Concat(known.Actions[action].Dependents, known.Guides[action].Dependents) {
				if !slices.Contains(known.Unneeded[action].Dependents, dependent) {
					assert.Contains(t, granted(row), dependent, "%s: %s also needs %s", name, action, dependent)
				}
			}
		}
	}
}

// withFunctions returns the rows of resources by type, and of functions by token.
func withFunctions(table *permissions.Table) map[string]permissions.Row {
	rows := maps.Clone(table.Rows)
	maps.Copy(rows, table.Functions)

	return rows
}

// granted returns the actions of a row, with the actions that its roles imply.
func granted(row permissions.Row) []string {
	actions := row.Actions()
	if len(row.Passes) > 0 {
		actions = append(actions, "iam:PassRole")
	}

	if len(row.ServiceLinkedRoles) > 0 {
		actions = append(actions, "iam:CreateServiceLinkedRole")
	}

	return actions
}

func TestTheReferenceHasNoUnusedRows(t *testing.T) {
	t.Parallel()

	known := loadReference(t)

	var types []string

	for action, entry := range known.Actions {
		for _, kind := range entry.Types {
			service, _, _ := strings.Cut(action, ":")
			types = append(types, service+"/"+kind)
		}
	}

	for _, kind := range types {
		assert.Contains(t, known.Resources, kind)
	}

	for kind := range known.Resources {
		assert.Contains(t, types, kind, "an action is about it")
	}

	for action, unneeded := range known.Unneeded {
		assert.Subset(t, known.Actions[action].Dependents, unneeded.Dependents, action)
		assert.NotEmpty(t, unneeded.Reason, action)
	}

	for action, guide := range known.Guides {
		assert.Contains(t, known.Actions, action)
		assert.NotEmpty(t, guide.Source, action)
	}
}
