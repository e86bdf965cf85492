package comment_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/ci/comment"
	"github.com/msur/platform/tools/ci/githubtest"
)

const (
	event  = "../testdata/workflow_run.json"
	sha    = "6dcb09b5b57875f334f61aebed695e2e4193db5e"
	branch = "stranger:change&state=closed'; echo pwned #"
)

// repository has a pull request of a fork, and a run of its newest commit with a report of each environment.
func repository(t *testing.T) *githubtest.Server {
	t.Helper()

	return &githubtest.Server{
		PullRequests: map[string][]map[string]any{branch: {
			githubtest.PullRequest(6, "stranger/another", sha),
			githubtest.PullRequest(7, "stranger/platform", sha),
		}},
		Archives: map[string][][]byte{
			"report-sandbox":    {zipped(t, "the first attempt"), zipped(t, "## the sandbox")},
			"report-of-staging": {zipped(t, "## staging")},
		},
	}
}

func zipped(t *testing.T, report string) []byte {
	t.Helper()

	return githubtest.Zip(t, map[string]string{"report.md": report})
}

// run comments and returns the output.
func run(t *testing.T, server *githubtest.Server, environments ...string) (string, error) {
	t.Helper()

	var out bytes.Buffer

	err := comment.Run(t.Context(), server.Start(t), &out, event, environments)

	return out.String(), err
}

func TestTheNextRunUpdatesTheCommentOfEachEnvironment(t *testing.T) {
	t.Parallel()

	server := repository(t)

	_, err := run(t, server, "sandbox", "of-staging")
	require.NoError(t, err)
	require.Len(t, server.Comments, 2)
	assert.Contains(t, server.Comments[0].Body, "## the sandbox")
	assert.Contains(t, server.Comments[0].Body, "(https://github.com/msur/platform/actions/runs/42)")
	assert.Contains(t, server.Comments[0].Body, "`6dcb09b5b578`")
	assert.Contains(t, server.Comments[1].Body, "## staging")

	server.Archives["report-sandbox"] = append(server.Archives["report-sandbox"], zipped(t, "## the sandbox, again"))

	_, err = run(t, server, "sandbox", "of-staging")
	require.NoError(t, err)
	require.Len(t, server.Comments, 2)
	assert.Contains(t, server.Comments[0].Body, "## the sandbox, again")
}

func TestACommentOfAnotherUserIsNotUpdated(t *testing.T) {
	t.Parallel()

	server := repository(t)
	theirs := githubtest.Text{
		ID: 1, Body: "<!-- report of sandbox -->\nall is well", User: map[string]string{"login": "stranger"},
	}
	// More than a page of them, so that ours is on the second.
	for range 120 {
		server.Comments = append(server.Comments, theirs)
	}

	_, err := run(t, server, "sandbox")
	require.NoError(t, err)
	_, err = run(t, server, "sandbox")
	require.NoError(t, err)

	require.Len(t, server.Comments, 121)
	assert.Equal(t, theirs.Body, server.Comments[0].Body)
}

func TestOtherPullRequestsGetNoComment(t *testing.T) {
	t.Parallel()

	for name, pullRequest := range map[string]map[string]any{
		"a newer commit":     githubtest.PullRequest(7, "stranger/platform", strings.Repeat("a", 40)),
		"another repository": githubtest.PullRequest(7, "stranger/another", sha),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			server := repository(t)
			server.PullRequests[branch] = []map[string]any{pullRequest}

			out, err := run(t, server, "sandbox")
			require.NoError(t, err)
			assert.Contains(t, out, "no open pull request is at "+sha)
			assert.Empty(t, server.Comments)
		})
	}
}

func TestARunWithoutAReportGetsNoComment(t *testing.T) {
	t.Parallel()

	server := repository(t)
	delete(server.Archives, "report-sandbox")

	out, err := run(t, server, "sandbox", "of-staging")
	require.NoError(t, err)
	assert.Contains(t, out, "no report of sandbox")
	assert.Len(t, server.Comments, 1)
}

func TestAnArchiveWithoutAReportIsRefused(t *testing.T) {
	t.Parallel()

	long := strings.Repeat("0", 300<<10)

	for want, archive := range map[string][]byte{
		"opening the archive":                []byte("no archive"),
		"has 2 files, expected only":         githubtest.Zip(t, map[string]string{"report.md": "", "number": "8"}),
		"has 1 files, expected only":         githubtest.Zip(t, map[string]string{"../report.md": ""}),
		"has more than 262144 bytes":         zipped(t, long),
		"has 307200 bytes, expected at most": []byte(long),
		"not valid UTF-8":                    zipped(t, "\xff"),
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()

			server := repository(t)
			server.Archives["report-sandbox"] = [][]byte{archive}

			_, err := run(t, server, "sandbox")
			require.ErrorContains(t, err, want)
			assert.Empty(t, server.Comments)
		})
	}
}

func TestAnotherEventIsRefused(t *testing.T) {
	t.Parallel()

	recorded, err := os.ReadFile(event)
	require.NoError(t, err)

	for want, change := range map[string][2]string{
		`workflow_run.event is "push"`:    {`"event": "pull_request"`, `"event": "push"`},
		`workflow_run.head_sha is "main"`: {sha, "main"},
		"workflow_run must have id":       {`"login": "stranger", "id": 3`, `"login": ""`},
		"decoding the event":              {"{", "["},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()

			file := filepath.Join(t.TempDir(), "event.json")
			changed := strings.Replace(string(recorded), change[0], change[1], 1)
			require.NoError(t, os.WriteFile(file, []byte(changed), 0o600))

			server := repository(t)

			err := comment.Run(t.Context(), server.Start(t), &bytes.Buffer{}, file, []string{"sandbox"})
			require.ErrorContains(t, err, want)
			assert.Empty(t, server.Comments)
		})
	}
}

func TestAnErrorOfGitHubIsReported(t *testing.T) {
	t.Parallel()

	client := repository(t).Start(t)
	client.Token = "wrong"

	err := comment.Run(t.Context(), client, &bytes.Buffer{}, event, []string{"sandbox"})
	require.ErrorContains(t, err, "401 Unauthorized")
}
