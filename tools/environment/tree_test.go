package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/internal/checkout"
)

// The test creates production in a copy of the checkout. Everything that looks for environments finds it, and all
// files that it changes are generated. Without its files, the same commands remove every trace.
func TestAnEnvironmentIsOneFile(t *testing.T) {
	t.Parallel()

	if testing.Short() {
		t.Skip("compiles the program in a copy of the checkout: run make builds")
	}

	scratch := checkout.Copy(t, root)
	git(t, scratch, "init", "--quiet", "--initial-branch", "main")
	git(t, scratch, "add", "--all")
	git(t, scratch, "commit", "--quiet", "--message", "before")

	require.NoError(t, create(scratch, "production", "staging"))
	assert.Empty(t, git(t, scratch, "diff", "--name-only"), "no existing file needs an edit")

	checkout.Run(t, scratch, "make", "derived")

	charts := filepath.Join(scratch, "apps", "charttest")

	for _, check := range []struct{ folder, arguments string }{
		{scratch, "./stacks/... ./infra/bootstrap/account ./infra/bootstrap/quotas ./tools/docs"},
		// This test compiles the services, which no environment changes.
		{charts, "-skip TestTheServiceAcceptsTheVariables ."},
		{filepath.Join(scratch, "rehearsal"), "./controls ./scale ./scorecard"},
		{filepath.Join(scratch, "tools", "ci"), "-run TestComment|Workflows|TestThe|TestEnvironments . ./policy"},
		{filepath.Join(scratch, "apps", "dev"), "./chart"},
	} {
		checkout.Run(t, check.folder, "go", append([]string{"test", "-short"}, strings.Fields(check.arguments)...)...)
	}

	require.Contains(t, checkout.Run(t, scratch, filepath.Join("tools", "environments.sh")), "production\n")
	require.Contains(t, read(t, scratch, "docs", "scorecard.md"), "| production |")
	require.FileExists(t, filepath.Join(scratch, "stacks", "testdata", "production.json"))
	require.FileExists(t, filepath.Join(charts, "testdata", "flights-production.yaml"))

	checkout.Run(t, scratch, "bash", "-c", "rm Pulumi.production.yaml apps/*/environments/production.yaml")
	checkout.Run(t, scratch, "make", "derived")
	assert.Empty(t, git(t, scratch, "status", "--porcelain"))
}

// git runs git as a user without a configuration.
func git(t *testing.T, folder string, args ...string) string {
	t.Helper()

	return checkout.Run(t, folder, "git", append([]string{"-c", "user.name=a", "-c", "user.email=a@b"}, args...)...)
}
