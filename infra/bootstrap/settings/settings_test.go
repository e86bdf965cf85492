package settings_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/infra/bootstrap/settings"
	platform "github.com/msur/platform/stacks/settings"
)

// config is the account's, with changes; an empty value takes the key away.
func config(t *testing.T, changes platform.Config) platform.Config {
	t.Helper()

	read, err := platform.ReadFile("../Pulumi.account.yaml")
	require.NoError(t, err)
	maps.Copy(read, changes)
	maps.DeleteFunc(read, func(_, value string) bool { return value == "" })

	return read
}

func TestTheAccountsFileIsRight(t *testing.T) {
	t.Parallel()

	tuned, problems := settings.Load("account", config(t, platform.Config{"pulumi:disable-default-providers": "[]"}))
	require.Empty(t, problems)
	assert.Equal(t, settings.Settings{
		Region:      "us-east-1",
		DefaultTags: settings.DefaultTags{Tags: map[string]string{"Project": "platform", "ManagedBy": "pulumi"}},
		GitHub: settings.GitHub{
			Organization: "msur", OrganizationID: "100000001", Repository: "platform", RepositoryID: "200000002",
			Branch: "main", Deployers: []string{"environment/sandbox", "environment/staging"},
		},
		Environments:       []string{"sandbox", "staging"},
		Images:             []string{"flights", "reservations"},
		ServiceLinkedRoles: settings.DefaultServiceLinkedRoles(),
		State:              settings.State{Protect: true},
	}, tuned)
}

func TestWhatIsSaidReplacesDefaults(t *testing.T) {
	t.Parallel()

	tuned, problems := settings.Load("account", config(t, platform.Config{
		"bootstrap:serviceLinkedRoles": `["rds.amazonaws.com"]`,
		"bootstrap:state":              `{"protect": false}`,
		"bootstrap:images":             "",
		"aws:allowedAccountIds":        `["012345678901"]`,
	}))
	require.Empty(t, problems)
	assert.Equal(t, []string{"rds.amazonaws.com"}, tuned.ServiceLinkedRoles)
	assert.False(t, tuned.State.Protect)
	assert.Empty(t, tuned.Images)
	assert.Equal(t, []string{"012345678901"}, tuned.AllowedAccountIDs)

	tuned, problems = settings.Load("account", config(t, platform.Config{"bootstrap:serviceLinkedRoles": "[]"}))
	require.Empty(t, problems)
	assert.Empty(t, tuned.ServiceLinkedRoles, "an account that has them all")
}

func TestMistakes(t *testing.T) { //nolint:funlen // a table
	t.Parallel()

	github := func(change string) platform.Config {
		text := `{"organization": "o", "organizationId": "1", "repository": "r", "repositoryId": "2",
			"deployers": ["environment/sandbox"]}`
		old, replaced, _ := strings.Cut(change, " → ")
		require.Contains(t, text, old)

		return platform.Config{"bootstrap:github": strings.Replace(text, old, replaced, 1)}
	}

	tests := map[string]struct {
		changes   platform.Config
		path, got string
	}{
		"no region":      {platform.Config{"aws:region": ""}, "aws:region", "nothing"},
		"no such region": {platform.Config{"aws:region": "here"}, "aws:region", `"here"`},
		"a short account": {
			platform.Config{"aws:allowedAccountIds": `["1"]`},
			"aws:allowedAccountIds[0]", `"1"`,
		},
		"no tag": {
			platform.Config{"aws:defaultTags": `{"tags": {"Project": "p"}}`},
			"aws:defaultTags.tags.ManagedBy", "nothing",
		},
		"an unknown key": {platform.Config{"bootstrap:image": `["a"]`}, "bootstrap:image", `["a"]`},
		"a key misspelt": {
			platform.Config{"bootstrap:state": `{"protected": false}`},
			"bootstrap:state.protected", "false",
		},
		"another type": {
			platform.Config{"bootstrap:images": `{"flights": true}`},
			"bootstrap:images", `{"flights":true}`,
		},
		"a text for truth": {
			platform.Config{"bootstrap:state": `{"protect": "no"}`},
			"bootstrap:state", `{"protect":"no"}`,
		},
		"no GitHub": {
			platform.Config{"bootstrap:github": ""},
			"bootstrap:github.deployers", "nothing",
		},
		"an organization/": {github(`"o" → "o/r"`), "bootstrap:github.organization", `"o/r"`},
		"a pattern":        {github(`"r" → "*"`), "bootstrap:github.repository", `"*"`},
		"no id": {
			github(`"organizationId": "1", → `),
			"bootstrap:github.organizationId", "nothing",
		},
		"a name for an id": {github(`"2" → "r"`), "bootstrap:github.repositoryId", `"r"`},
		"a branch pattern": {
			github(`"deployers" → "branch": "*", "deployers"`),
			"bootstrap:github.branch", `"*"`,
		},
		"nobody deploys": {github(`["environment/sandbox"] → []`), "bootstrap:github.deployers", "[]"},
		"pull requests": {
			github(`environment/sandbox → pull_request`),
			"bootstrap:github.deployers[0]", `"pull_request"`,
		},
		"any branch": {
			github(`environment/sandbox → branch/*`),
			"bootstrap:github.deployers[0]", `"branch/*"`,
		},
		"any tag": {
			github(`environment/sandbox → tag/*`),
			"bootstrap:github.deployers[0]", `"tag/*"`,
		},
		"a claim within": {
			github(`environment/sandbox → environment/a:ref:b`),
			"bootstrap:github.deployers[0]", `"environment/a:ref:b"`,
		},
		"no environments": {
			platform.Config{"bootstrap:environments": ""},
			"bootstrap:environments", "nothing",
		},
		"twice the same": {
			platform.Config{"bootstrap:environments": `["a", "a"]`},
			"bootstrap:environments[1]", `"a"`,
		},
		"our own name": {
			platform.Config{"bootstrap:environments": `["platform"]`},
			"bootstrap:environments[0]", `"platform"`,
		},
		"like our own": {
			platform.Config{"bootstrap:environments": `["platform-2"]`},
			"bootstrap:environments[0]", `"platform-2"`,
		},
		"within another's": {
			platform.Config{"bootstrap:environments": `["a", "a-b"]`},
			"bootstrap:environments[1]", `"a-b"`,
		},
		"a capital": {
			platform.Config{"bootstrap:images": `["Flights"]`},
			"bootstrap:images[0]", `"Flights"`,
		},
		"a service's name": {
			platform.Config{"bootstrap:serviceLinkedRoles": `["eks"]`},
			"bootstrap:serviceLinkedRoles[0]", `"eks"`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, problems := settings.Load("account", config(t, test.changes))
			require.NotEmpty(t, problems)
			assert.Equal(t, test.path, problems[0].Path)
			assert.Equal(t, test.got, problems[0].Got)
			assert.NotEmpty(t, problems[0].Want)
			assert.Contains(t, problems[0].Mend, "pulumi config ")
		})
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load("account", platform.Config{
		"bootstrap:imagse": "[]", "bootstrap:images": `["a", "B"]`, "bootstrap:state": "yes",
	})

	paths := make([]string, 0, len(problems))
	for _, problem := range problems {
		paths = append(paths, problem.Path)
	}

	assert.Equal(t, []string{
		"aws:defaultTags.tags.ManagedBy", "aws:defaultTags.tags.Project", "aws:region", "bootstrap:environments",
		"bootstrap:github.deployers", "bootstrap:github.organization", "bootstrap:github.organizationId",
		"bootstrap:github.repository", "bootstrap:github.repositoryId", "bootstrap:images[1]", "bootstrap:imagse",
		"bootstrap:state",
	}, paths)
}
