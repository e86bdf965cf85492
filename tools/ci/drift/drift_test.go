package drift_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/ci/drift"
	"github.com/msur/platform/tools/ci/githubtest"
)

// look tells the issues of what a night has found; empty is nothing.
func look(t *testing.T, server *githubtest.Server, stack, differs string) string {
	t.Helper()

	file := filepath.Join(t.TempDir(), "drift.txt")
	if differs != "" {
		require.NoError(t, os.WriteFile(file, []byte(differs), 0o600))
	}

	var out bytes.Buffer

	require.NoError(t, drift.Run(t.Context(), server.Start(t), &out,
		drift.Found{Stack: stack, File: file, Page: "https://github.com/msur/platform/actions/runs/9"}))

	return out.String()
}

func TestAnIssueIsOpenAsLongAsThereIsDrift(t *testing.T) {
	t.Parallel()

	server := &githubtest.Server{}

	assert.Equal(t, "sandbox is as it was deployed\n", look(t, server, "sandbox", ""))
	assert.Empty(t, server.Issues)

	const differs = "~ aws:ec2:Vpc network-vpc [diff: ~tags]"

	assert.Equal(t, "opened the issue about sandbox\n", look(t, server, "sandbox", differs))
	require.Len(t, server.Issues, 1)
	assert.Equal(t, "Drift in sandbox", server.Issues[0].Title)
	assert.Contains(t, server.Issues[0].Body, "\n"+differs+"\n")
	assert.Contains(t, server.Issues[0].Body, "[finds](https://github.com/msur/platform/actions/runs/9)")

	assert.Equal(t, "updated the issue about sandbox, #1\n", look(t, server, "sandbox", "~ another"))
	require.Len(t, server.Issues, 1)
	assert.Contains(t, server.Issues[0].Body, "~ another")

	assert.Equal(t, "closed the issue about sandbox, #1\n", look(t, server, "sandbox", ""))
	assert.Equal(t, "closed", server.Issues[0].State)
	assert.Contains(t, server.Comments[0].Body, "as it was deployed again")

	assert.Equal(t, "opened the issue about sandbox\n", look(t, server, "sandbox", "~ and again"))
	assert.Len(t, server.Issues, 2)
}

func TestEachEnvironmentHasItsOwnIssue(t *testing.T) {
	t.Parallel()

	server := &githubtest.Server{}

	look(t, server, "sandbox", "~ one")
	look(t, server, "staging", "~ two")
	look(t, server, "staging", "")

	require.Len(t, server.Issues, 2)
	assert.Equal(t, "open", server.Issues[0].State)
	assert.Equal(t, "closed", server.Issues[1].State)
}

func TestSomebodysIssueIsLeftAlone(t *testing.T) {
	t.Parallel()

	theirs := githubtest.Text{
		Number: 1, State: "open", Labels: []string{"drift"}, Body: "<!-- drift of sandbox -->\nmine",
		User: map[string]string{"login": "stranger"},
	}
	server := &githubtest.Server{Issues: []githubtest.Text{theirs}}

	look(t, server, "sandbox", "~ one")
	look(t, server, "sandbox", "")

	assert.Equal(t, theirs, server.Issues[0])
	assert.Equal(t, "closed", server.Issues[1].State)
}

func TestWhatDiffersStaysInItsBlockAndFitsInAnIssue(t *testing.T) {
	t.Parallel()

	server := &githubtest.Server{}

	look(t, server, "sandbox", "```\n@octocat\n"+strings.Repeat("~ more\n", 20_000))

	body := server.Issues[0].Body
	assert.Equal(t, 2, strings.Count(body, "```"))
	assert.Contains(t, body, "and more, in the run")
	assert.Less(t, len(body), 60_000)
}
