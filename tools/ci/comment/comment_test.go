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

// repository has a pull request of a fork, whose newest commit ran and left a report of each environment.
func repository(t *testing.T) *githubtest.Server {
	t.Helper()

	return &githubtest.Server{
		PullRequests: map[string][]map[string]any{branch: {
			githubtest.PullRequest(6, "stranger/another", sha),
			githubtest.PullRequest(7, "stranger/platform", sha),
		}},
		Archives: map[string][][]byte{
			"report-sandbox":    {zipped(t, "of the first attempt"), zipped(t, "## the sandbox")},
			"report-of-staging": {zipped(t, "## staging")},
		},
	}
}

func zipped(t *testing.T, report string) []byte {
	t.Helper()

	return githubtest.Zip(t, map[string]string{"report.md": report})
}

// run comments, and returns what it told.
func run(t *testing.T, server *githubtest.Server, environments ...string) (string, error) {
	t.Helper()

	var out bytes.Buffer

	err := comment.Run(t.Context(), server.Start(t), &out, event, environments)

	return out.String(), err
}

func TestEachEnvironmentHasACommentWhichTheNextRunUpdates(t *testing.T) {
	t.Parallel()

	server := repository(t)

	_, err := run(t, server, "sandbox", "of-staging")
	require.NoError(t, err)
	require.Len(t, server.Comments, 2)
	assert.Contains(t, server.Comments[0].Body, "## the sandbox")
	assert.Contains(t, server.Comments[0].Body, "(https://github.com/msur/platform/actions/runs/42) of `6dcb09b5b578`")
	assert.Contains(t, server.Comments[1].Body, "## staging")

	server.Archives["report-sandbox"] = append(server.Archives["report-sandbox"], zipped(t, "## the sandbox, again"))

	_, err = run(t, server, "sandbox", "of-staging")
	require.NoError(t, err)
	require.Len(t, server.Comments, 2)
	assert.Contains(t, server.Comments[0].Body, "## the sandbox, again")
}

func TestACommentThatOnlyLooksLikeOursIsLeftAlone(t *testing.T) {
	t.Parallel()

	server := repository(t)
	theirs := githubtest.Text{
		ID: 1, Body: "<!-- report of sandbox -->\nall is well", User: map[string]string{"login": "stranger"},
	}
	// More than a page of them: ours is found behind it.
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

func TestNothingIsSaidOnAPullRequestThatTheRunWasNotOf(t *testing.T) {
	t.Parallel()

	for name, one := range map[string]map[string]any{
		"a newer commit":     githubtest.PullRequest(7, "stranger/platform", strings.Repeat("a", 40)),
		"another repository": githubtest.PullRequest(7, "stranger/another", sha),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			server := repository(t)
			server.PullRequests[branch] = []map[string]any{one}

			told, err := run(t, server, "sandbox")
			require.NoError(t, err)
			assert.Contains(t, told, "no open pull request is at "+sha)
			assert.Empty(t, server.Comments)
		})
	}
}

func TestARunWithoutAReportIsNotCommentedOn(t *testing.T) {
	t.Parallel()

	server := repository(t)
	delete(server.Archives, "report-sandbox")

	told, err := run(t, server, "sandbox", "of-staging")
	require.NoError(t, err)
	assert.Contains(t, told, "there is no report of sandbox")
	assert.Len(t, server.Comments, 1)
}

func TestAnArchiveThatIsNoReportIsRefused(t *testing.T) {
	t.Parallel()

	long := strings.Repeat("0", 300<<10)

	for want, archive := range map[string][]byte{
		"opening the archive":                  []byte("no archive"),
		"got 2 files, want report.md alone":    githubtest.Zip(t, map[string]string{"report.md": "", "number": "8"}),
		"got 1 files, want report.md alone":    githubtest.Zip(t, map[string]string{"../report.md": ""}),
		"report.md has more than 262144 bytes": zipped(t, long),
		"has 307200 bytes, want at most":       []byte(long),
		"is no text in UTF-8":                  zipped(t, "\xff"),
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

func TestAnEventThatIsNoRunOfAPullRequestIsRefused(t *testing.T) {
	t.Parallel()

	recorded, err := os.ReadFile(event)
	require.NoError(t, err)

	for want, change := range map[string][2]string{
		`workflow_run.event: got "push"`:    {`"event": "pull_request"`, `"event": "push"`},
		`workflow_run.head_sha: got "main"`: {sha, "main"},
		"workflow_run: want id":             {`"login": "stranger", "id": 3`, `"login": ""`},
		"understanding the event":           {"{", "["},
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

func TestWhatGitHubRefusesIsTold(t *testing.T) {
	t.Parallel()

	client := repository(t).Start(t)
	client.Token = "of another"

	err := comment.Run(t.Context(), client, &bytes.Buffer{}, event, []string{"sandbox"})
	require.ErrorContains(t, err, "401 Unauthorized")
}
