package stacks_test

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks"
)

const (
	// sessionFunction returns the role of a session, and addonFunction the version of an add-on for a minor.
	sessionFunction = "aws:iam/getSessionContext:getSessionContext"
	addonFunction   = "aws:eks/getAddonVersion:getAddonVersion"
	addonType       = "aws:eks/addon:Addon"
	// deployer is the principal of the credentials in the mocked account.
	deployer = "role/" + graphtest.Deployer
)

func TestADeployingPrincipalThatIsNotAnAdminIsRefusedFirst(t *testing.T) {
	t.Parallel()

	const admins = "platform:cluster.admins"

	for name, test := range map[string]struct {
		admins, viewers []any
		at              string
	}{
		"no admins":           {nil, nil, "[0]"},
		"other admins":        {[]any{"role/a", "user/b"}, nil, "[2]"},
		"a user of that name": {[]any{"user/" + graphtest.Deployer}, nil, "[1]"},
		"a role with a path":  {[]any{"role/ops/" + graphtest.Deployer}, nil, "[1]"},
		"of another account":  {[]any{"role/a", "arn:aws:iam::210987654321:" + deployer}, nil, "[1]"},
		"a viewer, in an up":  {[]any{"role/a"}, []any{deployer}, "[1]"},
		"a longer name":       {[]any{deployer + "er"}, nil, "[1]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			values := configuration(t, "sandbox", withSetting(t, admins, test.admins))
			values = configuration(t, "sandbox", changed(t, values, "platform:cluster.viewers", test.viewers))

			g, err := tryToDeploy(t, "sandbox", values)

			found := problems(t, err)
			require.Len(t, found, 1)
			assert.Equal(t, admins, found[0].Path)
			assert.Contains(t, found[0].Got, "arn:aws:iam::"+graphtest.AccountID+":"+deployer)
			assert.Equal(t, config.SetCommand("sandbox", admins+test.at, deployer), found[0].Fix)
			nothingIsCreated(t, g)
		})
	}
}

func TestTheDeployingPrincipalIsListedWithOrWithoutTheAccount(t *testing.T) {
	t.Parallel()

	for _, admin := range []string{deployer, "arn:aws:iam::" + graphtest.AccountID + ":" + deployer} {
		deploy(t, "sandbox", withSetting(t, "platform:cluster.admins", []any{"role/a", admin}))
	}
}

// A preview changes nothing, so a principal with read access can run it.
func TestAViewerMayPreview(t *testing.T) {
	t.Setenv(pulumi.EnvDryRun, "true")

	values := configuration(t, "sandbox", withSetting(t, "platform:cluster.admins", []any{"role/a"}))
	_, err := tryToDeploy(t, "sandbox", values)
	require.Len(t, problems(t, err), 1)

	deploy(t, "sandbox", changed(t, values, "platform:cluster.viewers", []any{deployer}))
	deploy(t, "sandbox", changed(t, values, "platform:cluster.auditors", []any{deployer}))
}

func TestAnUnknownAddonIsReportedWithAllOtherProblems(t *testing.T) {
	t.Parallel()

	values := network(`["a", "h"]`, "single")
	maps.Copy(values, withSetting(t, "platform:cluster", map[string]any{
		"version": "1.34", "admins": []any{"role/other"},
		"nodes":  map[string]any{"general": map[string]any{"instanceTypes": []any{"t4g.large"}, "min": 1, "max": 1}},
		"addons": map[string]any{"weather": nil, "a.b": nil, "aws-ebs-csi-driver": nil},
	}))

	g, err := tryToDeploy(t, "sandbox", values)

	var paths []string
	for _, problem := range problems(t, err) {
		paths = append(paths, problem.Path)
	}

	const weather, dotted = "platform:cluster.addons.weather", `platform:cluster.addons["a.b"]`

	assert.Equal(t, []string{
		"platform:cluster.addons.aws-ebs-csi-driver.version", weather, dotted, "platform:cluster.admins",
		"platform:network.zones[1]",
	}, paths)
	assert.Equal(t, config.RemoveCommand("sandbox", weather), fixes(t, err)[weather])
	assert.Equal(t, config.RemoveCommand("sandbox", dotted), fixes(t, err)[dotted])
	nothingIsCreated(t, g)
}

func TestAddonsHaveThePinnedVersionOrTheirOwn(t *testing.T) {
	t.Parallel()

	const own, ebs = "v1.2.3-eksbuild.4", "v1.55.0-eksbuild.1"

	for _, minor := range plan.Minors() {
		pinned := plan.Addons(minor)

		g, err := tryToDeploy(t, "sandbox", withSetting(t, "platform:cluster", map[string]any{
			"version": minor, "admins": []any{deployer}, "publicAccessCidrs": []any{"0.0.0.0/0"},
			"nodes": map[string]any{"general": map[string]any{"instanceTypes": []any{"t4g.large"}, "min": 1, "max": 1}},
			"addons": map[string]any{
				"coredns": map[string]any{"version": own}, "aws-ebs-csi-driver": map[string]any{"version": ebs},
			},
		}))
		require.NoError(t, err)

		pinned["coredns"], pinned["aws-ebs-csi-driver"] = own, ebs
		for name, version := range pinned {
			g.One(t, addonType, "cluster-"+name).Has("addonVersion", version)
		}

		assert.Len(t, g.All(addonType), len(cluster.EssentialAddons())+1)
	}
}

func TestTheFixOfAnAddonWithoutAVersionIsTodaysVersion(t *testing.T) {
	t.Parallel()

	g, err := tryToDeploy(t, "sandbox", withSetting(t, "platform:cluster.addons.aws-ebs-csi-driver", map[string]any{}))

	const path = "platform:cluster.addons.aws-ebs-csi-driver.version"

	found := problems(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, path, found[0].Path)
	assert.Equal(t, config.SetCommand("sandbox", path, "v1.35.0-eksbuild.1"), found[0].Fix)
	nothingIsCreated(t, g)
}

func TestStagingIsNotOpenToTheInternet(t *testing.T) {
	t.Parallel()

	values := configuration(t, "staging", nil)
	values = configuration(t, "staging",
		changed(t, values, "platform:cluster.publicAccessCidrs", []any{"203.0.113.0/24", "0.0.0.0/0"}))

	_, err := stacks.Load("staging", values, project, now())

	const path = "platform:cluster.publicAccessCidrs[1]"

	found := problems(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, path, found[0].Path)
	assert.Equal(t, `"0.0.0.0/0"`, found[0].Got)
	assert.Equal(t, config.RemoveCommand("staging", path), found[0].Fix)

	_, err = stacks.Load("staging",
		configuration(t, "staging", changed(t, values, "platform:cluster.publicAccessCidrs", []any{"203.0.113.0/24"})),
		project, now())
	assert.NoError(t, err)
}
