package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/plan"
)

// MaxMarkdown is the maximum length of the Markdown in bytes. GitHub allows comments of 65,536 characters.
const MaxMarkdown = 60_000

// Markdown returns the report for a pull request. Losses of data come first, and long parts are folded. If the report
// is too long, it shows fewer steps of each component.
func (r *Report) Markdown() string {
	for _, rows := range []int{1000, 100, 25, 5, 0} {
		if text := r.markdown(rows); len(text) <= MaxMarkdown || rows == 0 {
			return text[:min(len(text), MaxMarkdown)]
		}
	}

	panic("unreachable: the loop returns with 0 rows")
}

func (r *Report) markdown(rows int) string {
	var text strings.Builder

	fmt.Fprintf(&text, "## %s of %s: %s\n\n", r.Operation, r.Stack, r.Summarized())

	if r.Commit != "" {
		fmt.Fprintf(&text, "Rehearsal of commit `%s`.\n\n", r.Commit)
	}

	r.writeLosses(&text)
	r.writeFigures(&text)
	r.writePlan(&text, rows)
	r.writeTime(&text)
	r.writeCost(&text)
	r.writeControls(&text)
	r.writeOutputs(&text)

	return text.String()
}

// Summarized returns the number of changes of each kind.
func (r *Report) Summarized() string {
	if len(r.Changes) == 0 {
		return "no changes"
	}

	parts := make([]string, 0, len(r.Changes))
	for _, op := range slices.Sorted(maps.Keys(r.Changes)) {
		parts = append(parts, fmt.Sprintf("%d %s", r.Changes[op], op))
	}

	return strings.Join(parts, ", ")
}

// writeLosses writes the steps that lose data.
func (r *Report) writeLosses(text *strings.Builder) {
	lost := slices.DeleteFunc(slices.Clone(r.Plan), func(s plan.Step) bool { return !s.Loses() })
	if len(lost) == 0 {
		return
	}

	fmt.Fprintf(text, "> [!CAUTION]\n> **These steps lose data:**\n")

	for _, step := range lost {
		fmt.Fprintf(text, "> - %s `%s` (%s)%s\n",
			step.Op, cell(step.URN.Name()), cell(string(step.URN.Type())), differs(step))
	}

	fmt.Fprintln(text)
}

// writePlan writes the steps of each component, deletions first.
func (r *Report) writePlan(text *strings.Builder, rows int) {
	components := make(map[string][]plan.Step)
	for _, step := range r.Plan {
		components[step.Component] = append(components[step.Component], step)
	}

	for _, name := range slices.Sorted(maps.Keys(components)) {
		steps := components[name]
		slices.SortStableFunc(steps, func(a, b plan.Step) int { return weight(a.Op) - weight(b.Op) })

		fmt.Fprintf(text, "<details><summary><b>%s</b>: %s</summary>\n\n", cell(name), countOps(steps))
		fmt.Fprint(text, "| | resource | type | differs in |\n|---|---|---|---|\n")

		for _, step := range steps[:min(rows, len(steps))] {
			fmt.Fprintf(text, "| %s | `%s` | %s | %s |\n", step.Op, cell(step.URN.Name()), cell(string(step.URN.Type())),
				strings.TrimPrefix(differs(step), ": "))
		}

		if omitted := len(steps) - rows; omitted > 0 {
			fmt.Fprintf(text, "| | and %d more, in report.json | | |\n", omitted)
		}

		fmt.Fprint(text, "\n</details>\n\n")
	}
}

// weight orders replacements and deletions before updates, and those before creations.
func weight(op apitype.OpType) int {
	switch {
	case strings.Contains(string(op), "replace"):
		return 0
	case strings.Contains(string(op), "delete"):
		return 1
	case op == apitype.OpUpdate:
		return 2
	default:
		return 3
	}
}

func countOps(steps []plan.Step) string {
	counts := make(map[string]int)
	for _, step := range steps {
		counts[string(step.Op)]++
	}

	return strings.Join(kinds(counts), ", ")
}

func differs(step plan.Step) string {
	if len(step.Differs) == 0 {
		return ""
	}

	quoted := make([]string, len(step.Differs))
	for i, property := range step.Differs {
		quoted[i] = "`" + cell(property) + "`"
	}

	return ": " + strings.Join(quoted, ", ")
}

// writeControls writes the controls that fail or are excepted, and then all of them, folded.
func (r *Report) writeControls(text *strings.Builder) {
	if len(r.Controls) == 0 {
		return
	}

	results := make(map[controls.Result][]controls.Finding)
	for _, found := range r.Controls {
		results[found.Result] = append(results[found.Result], found)
	}

	fmt.Fprintf(text, "### Controls: %s\n\n", r.CountControls())

	if len(results[controls.Fail])+len(results[controls.Exception]) > 0 {
		fmt.Fprint(text, "| | | | reason |\n|---|---|---|---|\n")

		for _, found := range slices.Concat(results[controls.Fail], results[controls.Exception]) {
			fmt.Fprintf(text, "| **%s** | %s | %s | %s |\n", found.Result, found.ID, cell(found.Title), cell(found.Reason))
		}

		fmt.Fprintln(text)
	}

	fmt.Fprint(text, "<details><summary>All controls</summary>\n\n| | | | reason | source |\n|---|---|---|---|---|\n")

	for _, found := range r.Controls {
		fmt.Fprintf(text, "| %s | %s | %s | %s | %s |\n", found.Result, found.ID, cell(found.Title), cell(found.Reason),
			cell(found.Source))
	}

	fmt.Fprint(text, "\n</details>\n\n")
}

// CountControls returns the number of controls with each result that one has.
func (r *Report) CountControls() string {
	counts := make(map[controls.Result]int)
	for _, found := range r.Controls {
		counts[found.Result]++
	}

	parts := []string{fmt.Sprintf("%d pass, %d fail", counts[controls.Pass], counts[controls.Fail])}

	if n := counts[controls.Exception]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d excepted", n))
	}

	if n := counts[controls.Unknown]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d unknown", n))
	}

	if n := counts[controls.Tested]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d by tests only", n))
	}

	return strings.Join(parts, ", ")
}

// writeOutputs writes the outputs of the stack.
func (r *Report) writeOutputs(text *strings.Builder) {
	if len(r.Outputs) == 0 {
		return
	}

	fmt.Fprint(text, "<details><summary>Outputs</summary>\n\n| | |\n|---|---|\n")

	for _, name := range slices.Sorted(maps.Keys(r.Outputs)) {
		value, ok := r.Outputs[name].(string)
		if !ok {
			encoded, err := json.Marshal(r.Outputs[name])
			if err != nil {
				panic(err) // the value was decoded from JSON
			}

			value = string(encoded)
		}

		fmt.Fprintf(text, "| %s | %s |\n", cell(name), cell(value))
	}

	fmt.Fprint(text, "\n</details>\n")
}

// cell escapes a string for a cell of a table: it cannot leave the cell, and contains no HTML and no mention of a user.
func cell(text string) string {
	return strings.NewReplacer(
		"|", "\\|", "\n", " ", "\r", " ", "`", "'", "<", "&lt;", ">", "&gt;", "@", "@\u200b",
	).Replace(text)
}
