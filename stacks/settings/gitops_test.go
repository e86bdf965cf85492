package settings_test

import (
	"testing"
)

func TestGitOpsMistakes(t *testing.T) {
	t.Parallel()

	of := ofSection("platform:gitops")

	checkMistakes(t, map[string]mistake{
		"a folder":                   of("repository", `"../platform"`, `"../platform"`, "URL", ""),
		"a password in the URL":      of("repository", `"https://a:b@example.com"`, `"https://a:b@example.com"`, "URL", ""),
		"without a revision":         of("revision", "", "nothing", "a branch", "main"),
		"two revisions":              of("revision", `"main release"`, `"main release"`, "a branch", "main"),
		"a secret itself":            of("credentialsSecret", `"ghp_Secret"`, `"ghp_Secret"`, "the name of a secret", ""),
		"three Redises, no nodes":    of("highlyAvailable", `true`, `true`, "at least 3 nodes", "false"),
		"a string as high available": of("highlyAvailable", `"yes"`, `"yes"`, "true or false", ""),
		"a string as pruning":        of("prune", `"yes"`, `"yes"`, "true or false", ""),
		"a misspelled selfHeal":      of("selfHealing", `true`, `true`, "platform:gitops.selfHeal?", ""),
	})
}
