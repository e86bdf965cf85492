package settings_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/stacks/settings"
)

func TestGitOpsMistakes(t *testing.T) {
	t.Parallel()

	of := ofSection("platform:gitops")

	checkMistakes(t, map[string]mistake{
		"without a revision": of("revision", "", "nothing", "a branch", "main"),
		"two revisions":      of("revision", `"main release"`, `"main release"`, "a branch", "main"),
		"a secret itself":    of("credentialsSecret", `"ghp_Secret"`, `"ghp_Secret"`, "the name of a secret", ""),
		"three Redises, no nodes": {
			map[string]string{"platform:gitops.highlyAvailable": `true`},
			"platform:gitops.highlyAvailable", `true`,
			"at least 3 nodes", "'" + cluster + ".nodes.general.min' 2",
		},
		"a word as high available": of("highlyAvailable", `"off"`, `"off"`, "true or false", "false"),
		"a string as pruning":      of("prune", `"maybe"`, `"maybe"`, "true or false", ""),
		"a misspelled selfHeal":    of("selfHealing", `true`, `true`, "platform:gitops.selfHeal?", ""),
	})
}

// A durable environment requires the setting, so turning it off is no fix.
func TestADurableEnvironmentGetsTheNodesOfAHighlyAvailableArgoCD(t *testing.T) {
	t.Parallel()

	const path = "platform:gitops.highlyAvailable"

	values := map[string]string{"platform:environment.class": `"durable"`, path: `true`}
	_, problems := settings.Load(stack, with(t, values), neighbours())
	require.Equal(t, []string{path}, paths(problems))
	assert.NotContains(t, problems[0].Expected+problems[0].Fix, "false")

	values[cluster+".nodes"] = `{}`
	_, problems = settings.Load(stack, with(t, values), neighbours())
	assert.Equal(t, []string{cluster + ".nodes"}, paths(problems))
}

func TestRepositoriesThatArgoCDCannotCloneAreFixedByTheirURL(t *testing.T) {
	t.Parallel()

	mistakes := make(map[string]mistake)

	for written, url := range map[string]string{
		"../platform":         settings.Defaults().GitOps.Repository,
		"https://example.com": settings.Defaults().GitOps.Repository,
		"https://me:secret@example.com/acme/platform":   "https://example.com/acme/platform",
		"https://ghp_secret@github.com/acme/platform":   "https://github.com/acme/platform",
		"https://acme@dev.azure.com/acme/a/_git/infra":  "https://dev.azure.com/acme/a/_git/infra",
		"ssh://git:secret@example.com/platform":         "ssh://example.com/platform",
		"http://github.com/acme/platform":               "https://github.com/acme/platform",
		"git://github.com/acme/platform.git":            "https://github.com/acme/platform.git",
		"github.com/acme/platform":                      "https://github.com/acme/platform",
		"acme/platform":                                 "https://github.com/acme/platform",
		"https://github.com/acme/platform/tree/main":    "https://github.com/acme/platform",
		"https://dev.azure.com/acme/my team/_git/infra": "https://dev.azure.com/acme/my%20team/_git/infra",
		"codecommit::eu-west-1://platform":              "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/platform",
		"codecommit::cn-north-1://p":                    "https://git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/p",
		"codecommit::eu-west-1://profile@platform":      "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/platform",
	} {
		// No message shows a password or a token.
		shown := strings.NewReplacer("//me:secret@", "//***@", "//ghp_secret@", "//***@", "//acme@", "//***@",
			"//git:secret@", "//git:***@").Replace(written)
		mistakes[written] = ofSection("platform:gitops")("repository", `"`+written+`"`, `"`+shown+`"`, "URL", url)
	}

	checkMistakes(t, mistakes)
}

func TestRepositoriesThatArgoCDCanCloneAreValid(t *testing.T) {
	t.Parallel()

	for _, url := range []string{
		"https://github.com/acme/platform", "https://git.example.com:8443/acme/platform.git",
		"git@github.com:acme/platform.git",
		"ssh://git@github.com/acme/platform.git", "ssh://git@git.example.com:7999/acme/platform.git",
		"https://dev.azure.com/acme/platform/_git/infra", "https://dev.azure.com/acme/my%20team/_git/infra",
		"git@ssh.dev.azure.com:v3/acme/my%20team/infra",
		"https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/platform",
		"ssh://APKAEIBAERJR2EXAMPLE@git-codecommit.eu-west-1.amazonaws.com/v1/repos/platform",
	} {
		_, problems := settings.Load(stack, with(t, map[string]string{
			"platform:gitops": `{"revision": "main", "repository": "` + url + `"}`,
		}), neighbours())
		assert.Empty(t, problems, url)
	}
}
