// Package reporttest makes runs to report on, for tests, from the golden graphs of the repository.
package reporttest

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/cost"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/state"
)

// Account is the stack of infra/bootstrap.
const Account = "account"

// Root returns the repository's folder.
func Root(t *testing.T) string {
	t.Helper()

	folder, err := os.Getwd()
	require.NoError(t, err)

	for {
		if _, err := os.Stat(filepath.Join(folder, "CONTRIBUTING.md")); err == nil {
			return folder
		}

		require.NotEqual(t, folder, filepath.Dir(folder), "no folder above has CONTRIBUTING.md")
		folder = filepath.Dir(folder)
	}
}

// Repository returns the repository's files.
func Repository(t *testing.T) fs.FS {
	t.Helper()

	return os.DirFS(Root(t))
}

// Golden reads the golden graph of a stack. Tests change it, so each reads its own.
func Golden(t *testing.T, stack string) *state.State {
	t.Helper()

	file := "stacks/testdata/" + stack + ".json"
	if stack == Account {
		file = "infra/bootstrap/account/testdata/account.json"
	}

	golden, err := controls.ReadGolden(Repository(t), file, time.Now())
	require.NoError(t, err)

	return golden.State
}

// Each returns the same step for all resources.
func Each(known *state.State, op apitype.OpType) []plan.Step {
	steps := make([]plan.Step, 0, len(known.Resources))
	for _, r := range known.Resources {
		steps = append(steps, plan.Step{URN: r.URN, Op: op, Component: known.Component(r), Differs: []string{"tags"}})
	}

	return steps
}

// Run returns a run that does the same to all resources of a stack. Only a deletion is a destroy, all others are
// previews.
func Run(t *testing.T, stack string, op apitype.OpType) report.Run {
	t.Helper()

	assumptions, err := cost.Assumptions("")
	require.NoError(t, err)

	known, none := Golden(t, stack), &state.State{}
	run := report.Run{
		Stack: stack, Operation: "preview", Before: known, After: known, Steps: Each(known, op), Outputs: known.Outputs(),
		Changes: map[string]int{string(op): len(known.Resources)}, Assumptions: assumptions, Repository: Repository(t),
		Now: time.Now(),
	}

	switch op { //nolint:exhaustive // other steps keep the resources
	case apitype.OpCreate:
		run.Before = none
	case apitype.OpDelete:
		run.Operation, run.After = "destroy", none
	case apitype.OpSame:
		run.Changes = nil
	}

	return run
}
