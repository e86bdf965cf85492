package settings_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/infra/bootstrap/settings"
	"github.com/msur/platform/internal/config"
)

// account returns the account's configuration with changes. An empty value removes the key.
func account(t *testing.T, changes config.Values) config.Values {
	t.Helper()

	read, err := config.ReadFile("../Pulumi.account.yaml")
	require.NoError(t, err)
	maps.Copy(read, changes)
	maps.DeleteFunc(read, func(_, value string) bool { return value == "" })

	return read
}

// load loads the settings of an account in a repository with two environments.
func load(values config.Values) (settings.Settings, config.Problems) {
	return settings.Load("account", values, []string{"sandbox", "staging"})
}

func TestTheAccountsStackFileIsValid(t *testing.T) {
	t.Parallel()

	configured, problems := load(account(t, config.Values{"pulumi:disable-default-providers": "[]"}))
	require.Empty(t, problems)
	assert.Equal(t, settings.Settings{
		AWS: config.AWS{
			Region:      "us-east-1",
			DefaultTags: config.DefaultTags{Tags: map[string]string{"Project": "platform", "ManagedBy": "pulumi"}},
		},
		GitHub: settings.GitHub{
			Organization: "msur", OrganizationID: "100000001", Repository: "platform", RepositoryID: "200000002",
			Branch: "main", Deployers: []string{"environment/sandbox", "environment/staging"},
		},
		Environments:       []string{"sandbox", "staging"},
		Images:             []string{"flights", "reservations"},
		ServiceLinkedRoles: settings.Defaults().ServiceLinkedRoles,
		State:              settings.State{Protect: true},
	}, configured)
}

func TestAnAccountMayHostSomeEnvironmentsOnly(t *testing.T) {
	t.Parallel()

	configured, problems := load(account(t, config.Values{"bootstrap:environments": `["staging"]`}))
	require.Empty(t, problems)
	assert.Equal(t, []string{"staging"}, configured.Environments)
	assert.Equal(t, []string{"environment/staging"}, configured.GitHub.Deployers)

	text := strings.Replace(account(t, nil)["bootstrap:github"], "{", `{"deployers": ["tag/v*"], `, 1)
	configured, problems = load(account(t, config.Values{"bootstrap:github": text}))
	require.Empty(t, problems)
	assert.Equal(t, []string{"tag/v*"}, configured.GitHub.Deployers)
}

func TestSettingsReplaceDefaults(t *testing.T) {
	t.Parallel()

	configured, problems := load(account(t, config.Values{
		"bootstrap:serviceLinkedRoles": `["rds.amazonaws.com"]`,
		"bootstrap:state":              `{"protect": false}`,
		"bootstrap:images":             "",
		"aws:allowedAccountIds":        `["012345678901"]`,
	}))
	require.Empty(t, problems)
	assert.Equal(t, []string{"rds.amazonaws.com"}, configured.ServiceLinkedRoles)
	assert.False(t, configured.State.Protect)
	assert.Empty(t, configured.Images)
	assert.Equal(t, []string{"012345678901"}, configured.AllowedAccountIDs)

	configured, problems = load(account(t, config.Values{"bootstrap:serviceLinkedRoles": "[]"}))
	require.Empty(t, problems)
	assert.Empty(t, configured.ServiceLinkedRoles, "an account that has them all")
}

// mistake is a mistake in the account's configuration.
type mistake struct {
	changes   config.Values
	path, got string
}

// refuses asserts that each problem has its path, the expected value and the command that fixes it.
func refuses(t *testing.T, mistakes map[string]mistake) {
	t.Helper()

	for name, test := range mistakes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, problems := load(account(t, test.changes))
			require.NotEmpty(t, problems)
			assert.Equal(t, test.path, problems[0].Path)
			assert.Equal(t, test.got, problems[0].Got)
			assert.NotEmpty(t, problems[0].Expected)
			assert.Contains(t, problems[0].Fix, "pulumi config ")
		})
	}
}

func TestMistakesAboutAWS(t *testing.T) {
	t.Parallel()

	refuses(t, map[string]mistake{
		"no region":       {config.Values{"aws:region": ""}, "aws:region", "nothing"},
		"no such region":  {config.Values{"aws:region": "here"}, "aws:region", `"here"`},
		"a short account": {config.Values{"aws:allowedAccountIds": `["1"]`}, "aws:allowedAccountIds[0]", `"1"`},
		"no tag": {
			config.Values{"aws:defaultTags": `{"tags": {"Project": "p"}}`},
			"aws:defaultTags.tags.ManagedBy", "nothing",
		},
		"a service's name": {
			config.Values{"bootstrap:serviceLinkedRoles": `["eks"]`},
			"bootstrap:serviceLinkedRoles[0]", `"eks"`,
		},
	})
}

func TestMalformedValues(t *testing.T) {
	t.Parallel()

	refuses(t, map[string]mistake{
		"an unknown key": {config.Values{"bootstrap:image": `["a"]`}, "bootstrap:image", `["a"]`},
		"a key misspelt": {
			config.Values{"bootstrap:state": `{"protected": false}`},
			"bootstrap:state.protected", "false",
		},
		"another type": {
			config.Values{"bootstrap:images": `{"flights": true}`},
			"bootstrap:images", `{"flights":true}`,
		},
		"a string as a boolean": {
			config.Values{"bootstrap:state": `{"protect": "no"}`},
			"bootstrap:state.protect", `"no"`,
		},
	})
}

// github returns the section with a part of its text replaced.
func github(t *testing.T, old, replaced string) config.Values {
	t.Helper()

	const text = `{"organization": "o", "organizationId": "1", "repository": "r", "repositoryId": "2",
		"deployers": ["environment/sandbox"]}`

	require.Contains(t, text, old)

	return config.Values{"bootstrap:github": strings.Replace(text, old, replaced, 1)}
}

func TestMistakesAboutGitHub(t *testing.T) {
	t.Parallel()

	const path = "bootstrap:github."

	refuses(t, map[string]mistake{
		"no GitHub":        {config.Values{"bootstrap:github": ""}, path + "organization", "nothing"},
		"an organization/": {github(t, `"o"`, `"o/r"`), path + "organization", `"o/r"`},
		"a pattern":        {github(t, `"r"`, `"*"`), path + "repository", `"*"`},
		"no id":            {github(t, `"organizationId": "1", `, ""), path + "organizationId", "nothing"},
		"a name for an id": {github(t, `"2"`, `"r"`), path + "repositoryId", `"r"`},
		"a branch pattern": {github(t, `"deployers"`, `"branch": "*", "deployers"`), path + "branch", `"*"`},
	})
}

func TestMistakesAboutDeployers(t *testing.T) {
	t.Parallel()

	const deployer, path = "environment/sandbox", "bootstrap:github.deployers"

	refuses(t, map[string]mistake{
		"no deployer":    {github(t, `["`+deployer+`"]`, "[]"), path, "[]"},
		"pull requests":  {github(t, deployer, "pull_request"), path + "[0]", `"pull_request"`},
		"any branch":     {github(t, deployer, "branch/*"), path + "[0]", `"branch/*"`},
		"any tag":        {github(t, deployer, "tag/*"), path + "[0]", `"tag/*"`},
		"a claim within": {github(t, deployer, "environment/a:ref:b"), path + "[0]", `"environment/a:ref:b"`},
	})
}

func TestMistakesAboutNames(t *testing.T) {
	t.Parallel()

	const path = "bootstrap:environments"

	environments := func(list string) config.Values { return config.Values{path: list} }

	refuses(t, map[string]mistake{
		"no environments":    {environments("[]"), path, "[]"},
		"a duplicate":        {environments(`["a", "a"]`), path + "[1]", `"a"`},
		"our own name":       {environments(`["platform"]`), path + "[0]", `"platform"`},
		"like our own":       {environments(`["platform-2"]`), path + "[0]", `"platform-2"`},
		"like AWS's own":     {environments(`["aws"]`), path + "[0]", `"aws"`},
		"within another's":   {environments(`["a", "a-b"]`), path + "[1]", `"a-b"`},
		"an uppercase image": {config.Values{"bootstrap:images": `["Flights"]`}, "bootstrap:images[0]", `"Flights"`},
	})
}

func TestAllMistakesAreReportedAtOnce(t *testing.T) {
	t.Parallel()

	_, problems := load(config.Values{
		"bootstrap:imagse": "[]", "bootstrap:images": `["a", "B"]`, "bootstrap:state": "yes",
	})

	paths := make([]string, 0, len(problems))
	for _, problem := range problems {
		paths = append(paths, problem.Path)
	}

	assert.Equal(t, []string{
		"aws:defaultTags.tags.ManagedBy", "aws:defaultTags.tags.Project", "aws:region", "bootstrap:github.organization",
		"bootstrap:github.organizationId",
		"bootstrap:github.repository", "bootstrap:github.repositoryId", "bootstrap:images[1]", "bootstrap:imagse",
		"bootstrap:state",
	}, paths)
}
