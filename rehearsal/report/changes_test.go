package report_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/report/reporttest"
	"github.com/msur/platform/rehearsal/state"
)

const logGroup = "aws:cloudwatch/logGroup:LogGroup"

func TestAResourceChangesOnceHoweverManyStepsItTakes(t *testing.T) {
	t.Parallel()

	updated := step("a", logGroup, "logs", apitype.OpUpdate, "retentionInDays", "tags")
	updated.After = map[string]any{"retentionInDays": 7.0}

	run := report.Run{Stack: "s", Operation: "up", Before: &state.State{}, After: &state.State{}, Steps: []plan.Step{
		step("a", logGroup, "logs", apitype.OpImport), updated,
		step("a", database, "mysql", apitype.OpCreateReplacement, "engine"),
		step("a", database, "mysql", apitype.OpReplace, "engine"),
		step("a", database, "mysql", apitype.OpDeleteReplaced, "engine"),
		step("a", bucket, "read", apitype.OpRead),
	}}
	r := report.New(run)
	changes := r.Changed()

	require.Len(t, changes, 2)
	assert.Equal(t, "import", changes[0].Word)
	assert.Equal(t, []report.Difference{{"retentionInDays", "", "7"}, {"tags", "", ""}}, changes[0].Differs)
	assert.Equal(t, "replace", changes[1].Word)
	assert.Len(t, changes[1].Differs, 1)
	assert.True(t, changes[1].Loses)
	assert.Equal(t, []resource.URN{updated.URN}, r.ShorterLogs(), "logs were kept forever")
	assert.Contains(t, r.Markdown(), "| import | `logs` | "+logGroup+" | `retentionInDays: not set → 7`, `tags` |")
}

func TestTheChangesAreThoseOfTheResourcesInTheAccount(t *testing.T) {
	t.Parallel()

	run := reporttest.Run(t, "sandbox", apitype.OpCreate)
	r := report.New(run)

	inAccount := 0

	for _, known := range r.Resources {
		if known.InAccount {
			inAccount++
		}
	}

	assert.Len(t, r.Changed(), inAccount)
	assert.Less(t, inAccount, len(r.Resources))
}

func TestADifferenceShowsBothValues(t *testing.T) {
	t.Parallel()

	for expected, difference := range map[string]report.Difference{
		"tags":                  {"tags", "", ""},
		"days: not set → 7":     {"days", "", "7"},
		"days: 7 → not set":     {"days", "7", ""},
		"engine: mysql → maria": {"engine", "mysql", "maria"},
	} {
		assert.Equal(t, expected, difference.String())
	}
}

func TestADifferenceOmitsWhatIsEqual(t *testing.T) {
	t.Parallel()

	object := func(name, value string) any { return map[string]any{"name": name, "value": value} }
	changed := step("a", bucket, "b", apitype.OpUpdate, "list", "nested", "order", "other")
	changed.Before = map[string]any{
		"list":   []any{object("a", "1"), object("b", "1")},
		"nested": map[string]any{"same": 1.0, "in": map[string]any{"x": 1.0}},
		"order":  []any{"a", "b"}, "other": []any{"a"},
	}
	changed.After = map[string]any{
		"list":   []any{object("a", "1"), object("b", "2")},
		"nested": map[string]any{"same": 1.0, "in": map[string]any{"x": 2.0}},
		"order":  []any{"b", "a"}, "other": []any{"b"},
	}

	r := report.New(report.Run{
		Stack: "s", Operation: "up", Before: &state.State{}, After: &state.State{}, Steps: []plan.Step{changed},
	})
	assert.Equal(t, []report.Difference{
		{"list", `["…",{"name":"b","value":"1"}]`, `["…",{"name":"b","value":"2"}]`},
		{"nested", `{"in":{"x":1}}`, `{"in":{"x":2}}`},
		{"order", `["a","b"]`, `["b","a"]`},
		{"other", `["a"]`, `["b"]`},
	}, r.Changed()[0].Differs)
}

func TestOnlyAShorterRetentionLosesLogs(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		before, after map[string]any
		loses         bool
	}{
		{map[string]any{"retentionInDays": 30.0}, map[string]any{"retentionInDays": 7.0}, true},
		{map[string]any{"retentionInDays": 7.0}, map[string]any{"retentionInDays": 30.0}, false},
		{map[string]any{"retentionInDays": 7.0}, nil, false},
		{map[string]any{"retentionInDays": 0.0}, map[string]any{"retentionInDays": 7.0}, true},
	} {
		changed := step("a", logGroup, "logs", apitype.OpUpdate, "retentionInDays")
		changed.Before, changed.After = test.before, test.after

		r := report.New(report.Run{
			Stack: "s", Operation: "up", Before: &state.State{}, After: &state.State{}, Steps: []plan.Step{changed},
		})
		assert.Equal(t, test.loses, len(r.ShorterLogs()) == 1, "%v to %v", test.before, test.after)
	}
}
