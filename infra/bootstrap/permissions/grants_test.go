package permissions_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/infra/bootstrap/permissions"
	"github.com/msur/platform/internal/policy"
	"github.com/msur/platform/internal/scope"
)

// place has more and longer environments than this repository: the policies must still fit.
func place() permissions.Place {
	return permissions.Place{
		Place:        scope.Place{Partition: "aws-us-gov", Region: "ap-southeast-1", AccountID: "123456789012"},
		Environments: []string{"sandbox", "staging", "production"}, Boundary: "platform-boundary",
	}
}

// documents returns the policies of the deploy role, and the boundary.
func documents(t *testing.T) map[string][]policy.Statement {
	t.Helper()

	table := load(t)

	all := table.Deploy(place())
	all["boundary"] = table.Boundary(place())
	all["questions"] = []policy.Statement{table.Questions()}

	return all
}

func TestPoliciesFit(t *testing.T) {
	t.Parallel()

	for name, statements := range documents(t) {
		text, err := policy.JSON(statements...)
		require.NoError(t, err)
		assert.LessOrEqual(t, policy.Size(text), policy.MaxManaged, name)
	}

	// Also those for states and for the functions of the program.
	const others = 2

	assert.LessOrEqual(t, len(load(t).Deploy(place()))+others, policy.MaxAttached)
}

// Control A1.
func TestNoPolicyAllowsAWholeService(t *testing.T) {
	t.Parallel()

	sid := regexp.MustCompile("^[A-Za-z0-9]+$")

	for name, statements := range documents(t) {
		for _, statement := range statements {
			require.NotEmpty(t, statement.Actions, "%s: %s", name, statement.SID)
			require.NotEmpty(t, statement.Resources, "%s: %s", name, statement.SID)
			assert.Regexp(t, sid, statement.SID, "IAM takes letters and digits")

			for _, action := range statement.Actions {
				assert.NotRegexp(t, `^\*|:\*`, action, "%s: %s", name, statement.SID)
			}
		}
	}
}

// Write actions name their resources, unless AWS has no name for them.
func TestChangedTypesAreNamed(t *testing.T) {
	t.Parallel()

	table := load(t)

	var anywhere []string
	for _, scope := range table.Scopes {
		anywhere = append(anywhere, scope.Anywhere...)
	}

	for name, statements := range table.Deploy(place()) {
		for _, statement := range statements {
			for _, resource := range statement.Resources {
				assert.NotContains(t, resource, "{", "%s: %s", name, statement.SID)
			}

			if !slices.Contains(statement.Resources, "*") {
				continue
			}

			for _, action := range statement.Actions {
				isRead := regexp.MustCompile(":(BatchGet|Describe|Get|List)").MatchString(action)
				assert.True(t, isRead || slices.Contains(anywhere, action), "%s on everything", action)
			}
		}
	}
}

// Each action of the table is in a policy, and the boundary allows it.
func TestTheTableOfPermissionsHolds(t *testing.T) {
	t.Parallel()

	table := load(t)

	var granted, limit []string

	for _, statements := range table.Deploy(place()) {
		for _, statement := range statements {
			granted = append(granted, statement.Actions...)
		}
	}

	for _, statement := range table.Boundary(place()) {
		if !statement.Deny {
			limit = append(limit, statement.Actions...)
		}
	}

	for name, row := range table.Rows {
		for _, action := range row.Actions() {
			assert.Contains(t, granted, action, name)
		}
	}

	var wanted []string
	for _, workload := range table.Workloads {
		wanted = append(wanted, workload.Actions...)
	}

	for _, action := range slices.Concat(granted, wanted, table.Questions().Actions) {
		assert.True(t, slices.ContainsFunc(limit, func(pattern string) bool {
			matches, err := path.Match(pattern, action)

			return err == nil && matches
		}), "the boundary has %s", action)
	}
}

func TestEveryNameInTheRolesIsAnEnvironment(t *testing.T) {
	t.Parallel()

	small := place()
	small.Environments = []string{"trial"}

	for name, statements := range load(t).Deploy(small) {
		for _, statement := range statements {
			for _, resource := range statement.Resources {
				assert.False(t, strings.Contains(resource, "sandbox") || strings.Contains(resource, "staging"),
					"%s: %s", name, resource)
			}
		}
	}
}
