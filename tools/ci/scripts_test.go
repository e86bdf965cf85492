package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/ci/githubtest"
)

// recorded is what the engine told in the rehearsal of an account in which a tag was changed and an alias deleted;
// some of its lines.
const recorded = `Previewing refresh (sandbox):

 ~  pulumi:pulumi:Stack platform-sandbox refreshing 
    pulumi:pulumi:Stack platform-sandbox running 
 ~  aws:ec2:Vpc network-vpc refreshing 
 ~  aws:kms:Alias encryption-alias refreshing 
    aws:kms:Key encryption-key  
 ~  aws:ec2:Vpc network-vpc update [diff: ~tags]
 -  aws:kms:Alias encryption-alias delete 
Resources:
    ~ 1 to update
    - 1 to delete
    120 unchanged

error: no changes were expected for refresh but changes were proposed
`

// Where there is no shellcheck, the test is skipped, and fails in CI.
func TestShellcheckFindsNothing(t *testing.T) {
	t.Parallel()

	program, err := exec.LookPath("shellcheck")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("there is no shellcheck; apt-get install shellcheck")
	}

	require.NoError(t, err)

	scripts, err := filepath.Glob("../*.sh")
	require.NoError(t, err)
	require.NotEmpty(t, scripts)

	found, err := exec.CommandContext(t.Context(), program, scripts...).CombinedOutput()
	require.NoError(t, err, string(found))
}

func TestDriftTellsADifferenceFromAFailure(t *testing.T) {
	t.Parallel()

	for name, given := range map[string]struct {
		exit  string
		there bool
		fails bool
	}{
		"as it was": {exit: "0"},
		"differs":   {exit: "7", there: true},
		"failed":    {exit: "255", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newCheckout(t)
			c.environ = append(c.environ, "STACK=sandbox")
			c.write("out/sandbox/drift.txt", "of another night")
			c.stand("pulumi", `case "$*" in
"refresh --preview-only --expect-no-changes "*" --stack sandbox") ;;
*) exit 3 ;;
esac
cat <<'lines'
`+recorded+`lines
exit `+given.exit)

			out, err := c.script("ci/detect-drift.sh")
			assert.Equal(t, given.fails, err != nil)
			assert.Contains(t, out, recorded)

			content, err := os.ReadFile(filepath.Join(c.folder, "out/sandbox/drift.txt"))
			if !given.there {
				require.ErrorIs(t, err, os.ErrNotExist)

				return
			}

			require.NoError(t, err)
			assert.Equal(t, " ~  aws:ec2:Vpc network-vpc update [diff: ~tags]\n"+
				" -  aws:kms:Alias encryption-alias delete\n    ~ 1 to update\n    - 1 to delete\n",
				strings.ReplaceAll(string(content), " \n", "\n"))
		})
	}
}

func TestSummaryShowsTheReportOfThePreviewAndOfNothingElse(t *testing.T) {
	t.Parallel()

	const (
		plan   = "## preview of staging: 2 create\n\nAt commit `1234`, in the rehearsal.\n"
		failed = "## preview of staging: failed\n\nThere is no plan. The log of the run says why.\n"
	)

	for name, given := range map[string]struct{ report, want string }{
		"a plan":      {plan, plan},
		"none":        {"", failed},
		"of the base": {"## up of staging: 122 create\n", failed},
		"of another":  {"## preview of sandbox: no changes\n", failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newCheckout(t)
			c.environ = append(c.environ, "STACK=staging")

			if given.report != "" {
				c.write("out/staging/report.md", given.report)
			}

			out, err := c.script("ci/summarize-report.sh")
			require.NoError(t, err, out)
			assert.Equal(t, given.want, c.file("summary"))

			handedOn, err := os.ReadFile(filepath.Join(c.folder, "out", "staging", "report.md"))
			require.NoError(t, err)
			assert.Equal(t, given.want, string(handedOn))
		})
	}
}

func TestFuzzTellsAFindingFromTheEndOfItsTime(t *testing.T) {
	t.Parallel()

	const ended = "--- FAIL: FuzzBody (30.09s)\n    context deadline exceeded\nFAIL\n"

	for name, given := range map[string]struct {
		says, exit string
		fails      bool
	}{
		"nothing":         {"fuzz: elapsed: 30s\nPASS\nok  \ta\t30.1s\n", "0", false},
		"the end":         {"fuzz: elapsed: 30s\n" + ended, "1", false},
		"a finding":       {"--- FAIL: FuzzBody (1s)\n    --- FAIL: x\n    Failing input written to x\n", "1", true},
		"one at the end":  {"fuzz: minimizing 30-byte failing input file\n" + ended, "1", true},
		"one that waited": {"--- FAIL: FuzzBody (0s)\n        a_test.go:9: context deadline exceeded\n", "1", true},
		"no build":        {"a_test.go:9: undefined: x\nFAIL\ta [build failed]\n", "1", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newCheckout(t)
			c.write("apps/a/b/a_test.go", "package b\n\nfunc FuzzBody(f *testing.F) {}\nfunc FuzzBody_Two(f *testing.F) {}\n")
			c.stand("go", `echo "$*" >>asked
[ -z "$(cat)" ] || exit 9
cat <<'lines'
`+given.says+`lines
exit `+given.exit)

			out, err := c.script("fuzz.sh", "apps/a", "30s")
			assert.Equal(t, given.fails, err != nil, out)
			assert.Contains(t, out, "fuzzing apps/a/b FuzzBody for 30s\n")

			asked, err := os.ReadFile(filepath.Join(c.folder, "apps", "a", "asked"))
			require.NoError(t, err)
			assert.Contains(t, string(asked), "test -run ^$ -fuzz ^FuzzBody$ -fuzztime 30s ./b\n")

			if given.fails {
				assert.Contains(t, out, given.says, "a finding is shown whole")
			} else {
				assert.Contains(t, string(asked), "-fuzz ^FuzzBody_Two$ ", "the next one has its turn")
			}
		})
	}
}

func TestPackagesInstallsWhatIsNotThere(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.stand("id", "echo 1001")
	c.stand("sudo", `echo "sudo $*"`)

	for _, there := range []string{"ip", "unshare", "mariadbd", "mysqlslap", "gcc", "shellcheck", "jq"} {
		c.stand(there, "")
	}

	c.environ = append(c.environ, "PATH="+c.bin+":"+folderOf(t, c, "env", "bash", "tee"))

	out, err := c.script("packages.sh")
	require.NoError(t, err, out)
	assert.Contains(t, out, "sudo apt-get update -qq\n")
	assert.Contains(t, out, "apt-get install -y -qq --no-install-recommends redis-server\n", "MariaDB is there")

	c.stand("redis-server", "")

	out, err = c.script("packages.sh")
	require.NoError(t, err, out)
	assert.NotContains(t, out, "apt-get")
}

// folderOf has some of this machine's programs and no other.
func folderOf(t *testing.T, c *checkout, programs ...string) string {
	t.Helper()

	folder := t.TempDir()

	for _, program := range programs {
		out, err := c.execute("sh", "-c", "command -v "+program)
		require.NoError(t, err)
		require.NoError(t, os.Symlink(strings.TrimSpace(out), filepath.Join(folder, program)))
	}

	return folder
}

func TestVulnerabilitiesLooksAtEveryModuleAndFailsForOne(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.write("go.mod", "module a\n")
	c.write("tools/pins/go.mod", "module b\n")
	c.commit("modules")
	c.stand("go", `case "$*" in
"list ./...") case $PWD in */pins) ;; *) echo a ;; esac ;;
*"build -o "*) printf '#!/bin/sh\necho "$PWD asks $*"\n[ ! -f vulnerable ]\n' >"$5" && chmod +x "$5" ;;
esac`)

	out, err := c.script("ci/check-vulnerabilities.sh")
	require.NoError(t, err, out)
	assert.Contains(t, out, "/clone asks ./...\n")
	assert.Contains(t, out, "/clone/tools/pins asks tool\n")

	c.write("vulnerable", "")

	out, err = c.script("ci/check-vulnerabilities.sh")
	require.Error(t, err)
	assert.Contains(t, out, "/clone/tools/pins asks tool\n", "the others are looked at all the same")
}

// ours is this checkout, with what GitHub tells a step.
func ours(t *testing.T, server *githubtest.Server) *checkout {
	t.Helper()

	event, err := filepath.Abs("testdata/workflow_run.json")
	require.NoError(t, err)

	root, err := filepath.Abs("../..")
	require.NoError(t, err)

	return &checkout{t: t, folder: root, environ: append(os.Environ(), "GITHUB_EVENT_PATH="+event,
		"GITHUB_API_URL="+server.Start(t).URL, "GITHUB_SERVER_URL=https://github.com", "GITHUB_RUN_ID=9",
		"GITHUB_REPOSITORY="+githubtest.Repository, "GITHUB_TOKEN="+githubtest.Token)}
}

func TestCommentCommentsOnThePullRequestOfARecordedRun(t *testing.T) {
	t.Parallel()

	server := &githubtest.Server{
		PullRequests: map[string][]map[string]any{"stranger:change&state=closed'; echo pwned #": {
			githubtest.PullRequest(7, "stranger/platform", "6dcb09b5b57875f334f61aebed695e2e4193db5e"),
		}},
		Archives: map[string][][]byte{
			"report-sandbox": {githubtest.Zip(t, map[string]string{"report.md": "## the sandbox\n\n@octocat"})},
		},
	}

	out, err := ours(t, server).script("ci/comment-reports.sh")
	require.NoError(t, err, out)
	assert.Equal(t, "commented on #7 about sandbox\nthere is no report of staging: the run ended before it\n", out)
	assert.NotContains(t, server.Comments[0].Body, "@octocat")
}

func TestIssueOpensOneAboutWhatDriftHasFound(t *testing.T) {
	t.Parallel()

	server := &githubtest.Server{}
	c := ours(t, server)
	// The checkout's own folder of reports is not for tests.
	c.folder = t.TempDir()
	require.NoError(t, os.Symlink(mustAbs(t, ".."), filepath.Join(c.folder, "tools")))
	c.environ = append(c.environ, "STACK=sandbox")
	c.write("out/sandbox/drift.txt", "~ aws:ec2:Vpc network-vpc [diff: ~tags]\n")

	out, err := c.script("ci/update-drift-issue.sh")
	require.NoError(t, err, out)
	require.Len(t, server.Issues, 1)
	assert.Contains(t, server.Issues[0].Body, "[finds](https://github.com/msur/platform/actions/runs/9)")

	require.NoError(t, os.Remove(filepath.Join(c.folder, "out/sandbox/drift.txt")))

	out, err = c.script("ci/update-drift-issue.sh")
	require.NoError(t, err, out)
	assert.Equal(t, "closed", server.Issues[0].State)
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()

	absolute, err := filepath.Abs(path)
	require.NoError(t, err)

	return absolute
}
