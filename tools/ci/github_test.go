package main_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/ci/githubtest"
)

// ours returns this checkout with the environment of a step on GitHub.
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

func TestCommentReportsCommentsOnThePullRequestOfARecordedRun(t *testing.T) {
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
	assert.Contains(t, out, "commented on #7 about sandbox\n")
	assert.Contains(t, out, "the run has no report of staging\n")
	assert.NotContains(t, server.Comments[0].Body, "@octocat")
}

func TestUpdateDriftIssueOpensAndClosesAnIssue(t *testing.T) {
	t.Parallel()

	server := &githubtest.Server{}
	c := ours(t, server)
	// Tests must not write to the checkout's folder of reports.
	c.folder = t.TempDir()
	require.NoError(t, os.Symlink(mustAbs(t, ".."), filepath.Join(c.folder, "tools")))
	c.environ = append(c.environ, "STACK=sandbox")
	c.write("out/sandbox/drift.txt", "~ aws:ec2:Vpc network-vpc [diff: ~tags]\n")

	out, err := c.script("ci/update-drift-issue.sh")
	require.NoError(t, err, out)
	require.Len(t, server.Issues, 1)
	assert.Contains(t, server.Issues[0].Body, "(https://github.com/msur/platform/actions/runs/9)")

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
