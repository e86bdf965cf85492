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

// run runs the command with a report, or without one if differences is empty, and returns the output.
func run(t *testing.T, server *githubtest.Server, stack, differences string) string {
	t.Helper()

	file := filepath.Join(t.TempDir(), "drift.txt")
	if differences != "" {
		require.NoError(t, os.WriteFile(file, []byte(differences), 0o600))
	}

	var out bytes.Buffer

	require.NoError(t, drift.Run(t.Context(), server.Start(t), &out,
		drift.Report{Stack: stack, File: file, Page: "https://github.com/msur/platform/actions/runs/9"}))

	return out.String()
}

func TestAnIssueIsOpenWhileThereIsDrift(t *testing.T) {
	t.Parallel()

	server := &githubtest.Server{}

	assert.Equal(t, "sandbox has no drift\n", run(t, server, "sandbox", ""))
	assert.Empty(t, server.Issues)

	const differences = "~ aws:ec2:Vpc network-vpc [diff: ~tags]"

	assert.Equal(t, "opening the issue about sandbox\n", run(t, server, "sandbox", differences))
	require.Len(t, server.Issues, 1)
	assert.Equal(t, "Drift in sandbox", server.Issues[0].Title)
	assert.Contains(t, server.Issues[0].Body, "\n"+differences+"\n")
	assert.Contains(t, server.Issues[0].Body, "(https://github.com/msur/platform/actions/runs/9)")

	assert.Equal(t, "updating the issue about sandbox, #1\n", run(t, server, "sandbox", "~ another"))
	require.Len(t, server.Issues, 1)
	assert.Contains(t, server.Issues[0].Body, "~ another")

	assert.Equal(t, "closing the issue about sandbox, #1\n", run(t, server, "sandbox", ""))
	assert.Equal(t, "closed", server.Issues[0].State)
	assert.Contains(t, server.Comments[0].Body, "no drift any more")

	assert.Equal(t, "opening the issue about sandbox\n", run(t, server, "sandbox", "~ and again"))
	assert.Len(t, server.Issues, 2)
}

func TestEachEnvironmentHasItsOwnIssue(t *testing.T) {
	t.Parallel()

	server := &githubtest.Server{}

	run(t, server, "sandbox", "~ one")
	run(t, server, "staging", "~ two")
	run(t, server, "staging", "")

	require.Len(t, server.Issues, 2)
	assert.Equal(t, "open", server.Issues[0].State)
	assert.Equal(t, "closed", server.Issues[1].State)
}

func TestTheIssueOfAnotherUserIsNotChanged(t *testing.T) {
	t.Parallel()

	theirs := githubtest.Text{
		Number: 1, State: "open", Labels: []string{"drift"}, Body: "<!-- drift of sandbox -->\nmine",
		User: map[string]string{"login": "stranger"},
	}
	server := &githubtest.Server{Issues: []githubtest.Text{theirs}}

	run(t, server, "sandbox", "~ one")
	run(t, server, "sandbox", "")

	assert.Equal(t, theirs, server.Issues[0])
	assert.Equal(t, "closed", server.Issues[1].State)
}

func TestDifferencesCannotEndTheirCodeBlockAndAreLimited(t *testing.T) {
	t.Parallel()

	server := &githubtest.Server{}

	run(t, server, "sandbox", "```\n@octocat\n"+strings.Repeat("~ more\n", 20_000))

	body := server.Issues[0].Body
	assert.Equal(t, 2, strings.Count(body, "```"))
	assert.Contains(t, body, "The run has the rest")
	assert.Less(t, len(body), 60_000)
}
