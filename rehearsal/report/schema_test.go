package report_test

import (
	"os"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/cost"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/state"
)

// validate validates the report in a file.
func validate(t *testing.T, file string) {
	t.Helper()

	schema, err := jsonschema.NewCompiler().Compile("report.schema.json")
	require.NoError(t, err)

	text, err := os.Open(file)
	require.NoError(t, err)

	defer text.Close()

	value, err := jsonschema.UnmarshalJSON(text)
	require.NoError(t, err)
	require.NoError(t, schema.Validate(value), file)
}

func TestReportsFollowTheSchema(t *testing.T) {
	t.Parallel()

	environments, err := controls.ReadGoldens(os.DirFS("../.."), time.Now())
	require.NoError(t, err)

	assumptions, err := cost.Assumptions("")
	require.NoError(t, err)

	for name, environment := range environments {
		known, none := environment.State, &state.State{}

		for operation, run := range map[string]report.Run{
			"up":      {Before: none, After: known, Steps: each(known, apitype.OpCreate), Outputs: known.Outputs()},
			"preview": {Before: known, After: known, Steps: each(known, apitype.OpUpdate)},
			"destroy": {Before: known, After: none, Steps: each(known, apitype.OpDelete)},
		} {
			run.Stack, run.Operation, run.Assumptions, run.Now = name, operation, assumptions, time.Now()

			file, err := report.New(run).Write(t.TempDir())
			require.NoError(t, err)
			validate(t, file)
		}
	}
}

// each returns the same step for all resources.
func each(s *state.State, op apitype.OpType) []plan.Step {
	steps := make([]plan.Step, 0, len(s.Resources))
	for _, r := range s.Resources {
		steps = append(steps, plan.Step{URN: r.URN, Op: op, Component: s.Component(r)})
	}

	return steps
}
