package page_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report/reporttest"
)

// answered returns the text of the answer to a question, with its tone.
func answered(t *testing.T, text, question string) string {
	t.Helper()

	before, after, found := strings.Cut(text, question)
	require.True(t, found, question)

	tone := before[strings.LastIndex(before, "<div"):]
	answer, _, _ := strings.Cut(after, "</div>")

	return tone + answer
}

func TestAnExceptionIsNotGreen(t *testing.T) {
	t.Parallel()

	sandbox := answered(t, render(t, "sandbox", apitype.OpSame), "Does a control fail?")
	assert.Contains(t, sandbox, `class="warn"`)
	assert.Contains(t, sandbox, "K1: ")

	staging := answered(t, render(t, "staging", apitype.OpSame), "Does a control fail?")
	assert.Contains(t, staging, `class="good"`)

	run := reporttest.Run(t, "sandbox", apitype.OpSame)
	run.Operation = "up"

	for _, r := range run.After.Resources {
		if r.URN.Name() == "database-instance" {
			r.Inputs["publiclyAccessible"] = true
		}
	}

	failing := answered(t, renderRun(t, run), "Does a control fail?")
	assert.Contains(t, failing, `class="bad"`)
	assert.Contains(t, failing, "D1: ")
}

func TestOldLogsThatAWSDeletesAreMentioned(t *testing.T) {
	t.Parallel()

	run := reporttest.Run(t, "staging", apitype.OpSame)
	assert.Contains(t, answered(t, renderRun(t, run), "Is anything lost?"), `class="good"`)

	for _, r := range run.After.Resources {
		if r.URN.Name() == "cluster-logs" {
			run.Steps = []plan.Step{{
				URN: r.URN, Op: apitype.OpUpdate, Differs: []string{"retentionInDays"},
				Before: map[string]any{"retentionInDays": 90.0}, After: map[string]any{"retentionInDays": 7.0},
			}}
		}
	}

	text := renderRun(t, run)
	assert.Contains(t, answered(t, text, "Is anything lost?"), `class="warn"`)
	assert.Contains(t, text, "retentionInDays: 90 → 7")
}

func TestTheCostNamesThatOfThePools(t *testing.T) {
	t.Parallel()

	assert.Regexp(t, `at most \$[1-9]\d+\.\d\d`, answered(t, render(t, "sandbox", apitype.OpSame), "What does it cost?"))
	assert.NotContains(t, answered(t, render(t, reporttest.Account, apitype.OpSame), "What does it cost?"), "at most")
}

func TestMarksTellResourcesApart(t *testing.T) {
	t.Parallel()

	assert.NotContains(t, pictureIn(t, render(t, "sandbox", apitype.OpCreate)), "create</tspan>", "everything is new")

	run := reporttest.Run(t, "sandbox", apitype.OpCreate)
	run.Steps = slices.DeleteFunc(run.Steps, func(s plan.Step) bool { return s.URN.Name() == "cache-nodes" })
	assert.Contains(t, pictureIn(t, renderRun(t, run)), "create</tspan>")
}

func TestWhoMayTalkToWhomHasTheAPIServerAndTheInternet(t *testing.T) {
	t.Parallel()

	row := func(from, to, ports string) string {
		return "<tr><td>" + from + "</td><td>" + to + "</td><td>" + ports + "</td></tr>"
	}

	sandbox, staging := render(t, "sandbox", apitype.OpSame), render(t, "staging", apitype.OpSame)

	for _, text := range []string{sandbox, staging} {
		for _, connection := range []string{
			row("nodes", "the internet", "all"), row("nodes", "nodes", "all"), row("nodes", "MySQL", "3306"),
			row("the internet", "load balancer", "443, 80"), row("load balancer", "nodes", "30080, 30443"),
		} {
			assert.Contains(t, text, connection)
		}
	}

	open := row("the internet", "API server", "443")
	assert.Contains(t, sandbox, open)
	assert.NotContains(t, staging, open)
}

func TestReasonsHaveNoBackticks(t *testing.T) {
	t.Parallel()

	text := render(t, "sandbox", apitype.OpSame)
	_, section, _ := strings.Cut(text, `id="controls"`)
	section, _, _ = strings.Cut(section, "</section>")

	assert.Contains(t, section, "<code>keepsData</code>")
	assert.NotContains(t, section, "`")
	assert.Contains(t, section, ">not applicable<")
}
