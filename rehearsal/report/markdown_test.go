package report_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/state"
)

const bucket, database = "aws:s3/bucket:Bucket", "aws:rds/instance:Instance"

func step(component, resourceType, name string, op apitype.OpType, differs ...string) plan.Step {
	return plan.Step{
		URN: resource.NewURN("s", "p", "", tokens.Type(resourceType), name), Op: op, Component: component, Differs: differs,
	}
}

// A node group of an unknown instance type may cost more than everything else.
func TestTheCostNamesWhatItLacks(t *testing.T) {
	t.Parallel()

	r := report.New(report.Run{Stack: "s", Operation: "preview", Before: &state.State{}, After: &state.State{}})
	assert.NotContains(t, r.Summary(), "unknown")

	r.Cost.Unknown = []string{"ec2.g5.xlarge"}
	assert.Contains(t, r.Summary(), "ec2.g5.xlarge")

	first, _, _ := strings.Cut(r.Markdown(), "<details>")
	assert.Contains(t, first, "ec2.g5.xlarge", "before the details, which are folded")
}

func TestLossesComeFirstAndUnchangedResourcesAreOmitted(t *testing.T) {
	t.Parallel()

	r := report.New(report.Run{
		Stack: "s", Operation: "preview", Before: &state.State{}, After: &state.State{},
		Steps: []plan.Step{
			step("a", bucket, "unchanged", apitype.OpSame),
			step("a", bucket, "updated", apitype.OpUpdate, "tags"),
			step("b", database, "mysql", apitype.OpReplace, "engine", "kmsKeyId"),
			step("b", bucket, "deleted", apitype.OpDelete),
			step("b", bucket, "created", apitype.OpCreate),
		},
	})

	text := r.Markdown()
	require.Contains(t, text, "[!CAUTION]")
	assert.Contains(t, strings.SplitN(text, "\n", 2)[0], "preview of s: 1 create, 1 delete, 1 replace, 1 update")
	assert.NotContains(t, text, "unchanged")
	assert.Contains(t, text, "| update | `updated` | aws:s3/bucket:Bucket | `tags` |")

	// The losses, and then each component with its deletions first.
	at := 0

	for _, next := range []string{
		"[!CAUTION]", "`mysql`", "<b>a</b>", "`updated`", "<b>b</b>", "`mysql`", "`deleted`", "`created`",
	} {
		found := strings.Index(text[at:], next)
		require.GreaterOrEqual(t, found, 0, "%s is not at its place in:\n%s", next, text)
		at += found + len(next)
	}
}

func TestControlsThatDoNotPassAreShownWithTheirReasons(t *testing.T) {
	t.Parallel()

	r := &report.Report{Stack: "s", Operation: "up", Controls: []controls.Finding{
		{ID: "A", Title: "Passing", Result: controls.Pass, Source: "CIS"},
		{ID: "B", Title: "Failing", Result: controls.Fail, Reason: "a failure"},
		{ID: "C", Title: "Excepted", Result: controls.Exception, Reason: "an exception"},
		{ID: "D", Title: "Inapplicable", Result: controls.NotApplicable, Reason: "no subject"},
	}}

	text := r.Markdown()
	assert.Contains(t, text, "1 pass, 1 fail, 1 excepted")
	assert.Contains(t, text, "| **fail** | B | Failing | a failure |")
	assert.Contains(t, text, "| **exception** | C | Excepted | an exception |")
	assert.Contains(t, text, "| notApplicable | D | Inapplicable | no subject |")
}

func TestALongReportFitsIntoAComment(t *testing.T) {
	t.Parallel()

	var steps []plan.Step
	for i := range 3000 {
		steps = append(steps, step(fmt.Sprint("component-", i%7), bucket, fmt.Sprint("bucket-", i), apitype.OpCreate))
	}

	steps = append(steps, step("z", database, "mysql", apitype.OpDelete))

	text := report.New(report.Run{
		Stack: "s", Operation: "preview", Before: &state.State{}, After: &state.State{}, Steps: steps,
	}).Markdown()
	assert.LessOrEqual(t, len(text), report.MaxMarkdown)
	assert.Contains(t, text, "more, in report.json")
	assert.Contains(t, text, "`mysql`", "losses are never omitted")
	assert.Equal(t, strings.Count(text, "<details>"), strings.Count(text, "</details>"))
}

func TestOutputsAreShownWithoutSecretsAndMentions(t *testing.T) {
	t.Parallel()

	known, err := state.Parse([]byte(`{"deployment": {"resources": [{
		"urn": "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s", "type": "pulumi:pulumi:Stack", "outputs": {
			"kubeconfig": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "hunter2"},
			"list": [{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": "hunter2"}],
			"text": "a|b\n<img src=x> @everybody"
		}}]}}`))
	require.NoError(t, err)

	r := report.New(report.Run{
		Stack: "s", Operation: "up", Before: &state.State{}, After: known, Outputs: known.Outputs(), Now: time.Now(),
	})
	folder := t.TempDir()
	file, err := r.Write(folder)
	require.NoError(t, err)

	for _, text := range []string{r.Markdown(), read(t, file), read(t, folder+"/report.md")} {
		assert.NotContains(t, text, "hunter2")
		assert.Contains(t, text, "[secret]")
	}

	text := r.Markdown()
	assert.NotContains(t, text, "<img")
	assert.NotContains(t, text, "@everybody")
	assert.Contains(t, text, `a\|b`)
}

func read(t *testing.T, file string) string {
	t.Helper()

	text, err := os.ReadFile(file)
	require.NoError(t, err)

	return string(text)
}
