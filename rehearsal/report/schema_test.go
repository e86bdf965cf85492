package report_test

import (
	"os"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/report/reporttest"
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

	for _, stack := range []string{"sandbox", "staging", reporttest.Account} {
		for _, op := range []apitype.OpType{apitype.OpCreate, apitype.OpUpdate, apitype.OpDelete} {
			run := reporttest.Run(t, stack, op)
			run.Last = report.New(reporttest.Run(t, "staging", apitype.OpUpdate))

			file, err := report.New(run).Write(t.TempDir())
			require.NoError(t, err)
			validate(t, file)
		}
	}
}
