package scenarios_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/state"
)

// standIn answers for the AWS CLI as far as the sweep asks it: of an account that is a file of names, a line each. A
// cluster is up where the file names it.
const standIn = `#!/bin/sh
set -eu
case "$1 $2" in
"eks describe-cluster") grep -qx "cluster:$4" "$ACCOUNT" ;;
"logs describe-log-groups") grep "^$4" "$ACCOUNT" || true ;;
"ec2 describe-network-interfaces") case "$*" in *"Values=$INTERFACES_OF "*) grep "^eni-" "$ACCOUNT" || true ;; esac ;;
"logs delete-log-group" | "ec2 delete-network-interface") grep -vx -- "$4" "$ACCOUNT" >"$ACCOUNT.new" || true
	mv "$ACCOUNT.new" "$ACCOUNT" ;;
*) echo "the stand-in knows no $*" >&2; exit 2 ;;
esac
`

// sweep runs the project's sweep of a sandbox over an account, and returns what is left of that, and what it said.
func sweep(t *testing.T, held []string) ([]string, string, error) {
	t.Helper()

	folder := t.TempDir()
	file := filepath.Join(folder, "account")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(held, "\n")+"\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "aws"), []byte(standIn), 0o700)) //nolint:gosec // it is run

	command := exec.CommandContext(t.Context(), filepath.Join(repository(t), "tools", "sweep.sh"), "sandbox")
	command.Dir = repository(t)

	command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "ACCOUNT="+file, "INTERFACES_OF=sandbox")
	said, err := command.CombinedOutput()

	left, readErr := os.ReadFile(filepath.Clean(file))
	require.NoError(t, readErr)

	return strings.Fields(string(left)), string(said), err
}

// ofProgram are the log groups that the program makes, and services write to: they come back.
func ofProgram(t *testing.T) []string {
	t.Helper()

	text, err := os.ReadFile("../../stacks/testdata/sandbox.json")
	require.NoError(t, err)

	graph, err := state.Parse(text)
	require.NoError(t, err)

	var names []string

	for _, r := range graph.Resources {
		if name, is := r.Inputs["name"].(string); is && r.Type == "aws:cloudwatch/logGroup:LogGroup" {
			names = append(names, name)
		}
	}

	require.Greater(t, len(names), 3)

	return names
}

func TestTheSweepDeletesWhatComesBackAndNothingElse(t *testing.T) {
	t.Parallel()

	others := []string{
		"/aws/eks/staging/cluster", "/aws/eks/sandbox2/cluster", "/aws/rds/instance/sandbox-other/error", "RDSOSMetrics",
		"sandbox-of-somebody",
	}

	left, said, err := sweep(t, slices.Concat(ofProgram(t), others, []string{"eni-1", "eni-2"}))
	require.NoError(t, err, said)
	assert.ElementsMatch(t, others, left)
	assert.Contains(t, said, "/aws/eks/sandbox/cluster")
	assert.Contains(t, said, "eni-2")
}

func TestTheSweepTouchesNoLivingEnvironment(t *testing.T) {
	t.Parallel()

	held := append(ofProgram(t), "cluster:sandbox")

	left, said, err := sweep(t, held)
	require.Error(t, err)
	assert.Contains(t, said, "pulumi destroy --stack sandbox")
	assert.Equal(t, held, left)
}
