package account_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/infra/bootstrap/account"
	"github.com/msur/platform/infra/bootstrap/settings"
	"github.com/msur/platform/internal/config"
	platform "github.com/msur/platform/stacks/settings"
)

// root is the folder of the repository.
const root = "../../.."

// configured returns the settings of the account's stack file.
func configured(t *testing.T) settings.Settings {
	t.Helper()

	values, err := config.ReadFile("../Pulumi.account.yaml")
	require.NoError(t, err)

	environments, err := config.Stacks(root)
	require.NoError(t, err)

	read, problems := settings.Load("account", values, environments)
	require.Empty(t, problems)

	return read
}

func run(t *testing.T, configured settings.Settings) *graphtest.Graph {
	t.Helper()

	return graphtest.Run(t, func(ctx *pulumi.Context) error { return account.Deploy(ctx, configured) },
		graphtest.InStack("account"))
}

func TestTheGraphOfTheAccount(t *testing.T) {
	t.Parallel()

	run(t, configured(t)).Golden(t, "testdata/account.json")
}

func TestEveryResourceHasTheSameProvider(t *testing.T) {
	t.Parallel()

	changed := configured(t)
	changed.AllowedAccountIDs = []string{graphtest.AccountID}

	g := run(t, changed)
	g.One(t, "pulumi:providers:aws", "aws").
		Has("region", "us-east-1").
		Has("allowedAccountIds", []any{"123456789012"}).
		Has("defaultTags.tags", map[string]any{"ManagedBy": "pulumi", "Project": "platform"})

	for _, r := range g.Customs() {
		assert.Contains(t, r.Provider, "pulumi:providers:aws::aws::", r.Name)
	}
}

func TestServicesHaveTheirRoles(t *testing.T) {
	t.Parallel()

	const roleType = "aws:iam/serviceLinkedRole:ServiceLinkedRole"

	assert.Len(t, run(t, configured(t)).All(roleType), len(settings.Defaults().ServiceLinkedRoles))

	changed := configured(t)
	changed.ServiceLinkedRoles = []string{"rds.amazonaws.com"}

	g := run(t, changed)
	assert.Len(t, g.All(roleType), 1)
	g.One(t, roleType, "service-linked-role-rds").Has("awsServiceName", "rds.amazonaws.com")
}

func TestWithoutCredentialsNothingIsCreated(t *testing.T) {
	t.Parallel()

	for _, function := range []string{
		"aws:index/getCallerIdentity:getCallerIdentity", "aws:index/getPartition:getPartition",
	} {
		g, err := graphtest.Try(func(ctx *pulumi.Context) error { return account.Deploy(ctx, configured(t)) },
			graphtest.Failing(function, assert.AnError))
		require.ErrorContains(t, err, assert.AnError.Error())
		assert.Empty(t, g.Customs())
	}
}

// These settings are also in the stack files of the environments, and must agree.
func TestTheAccountKnowsItsEnvironments(t *testing.T) {
	t.Parallel()

	stacks, err := config.Stacks(root)
	require.NoError(t, err)

	ours := configured(t)

	for _, stack := range stacks {
		values, err := config.ReadFile(config.File(root, stack))
		require.NoError(t, err)

		theirs, problems := platform.Load(stack, values, nil)
		require.Empty(t, problems)

		assert.Subset(t, ours.Images, slices.Collect(maps.Keys(theirs.Apps)),
			"bootstrap:images has each application of %s", stack)
		assert.Contains(t, theirs.Cluster.Admins, platform.Principal("role/platform-deploy"),
			"%s is deployed by the role that is made here", stack)
		assert.Contains(t, theirs.Cluster.Auditors, platform.Principal("role/platform-drift"),
			"drift detection in %s reads Helm's releases, which are Secrets", stack)
		assert.Contains(t, theirs.Cluster.Viewers, platform.Principal("role/platform-preview"),
			"pull requests may look at %s", stack)
		assert.Equal(t, ours.Region, theirs.Region, "%s is where its states and images are", stack)
	}
}
