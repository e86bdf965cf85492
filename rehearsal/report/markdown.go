package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/controls"
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

// writeLosses writes the changes that lose data.
func (r *Report) writeLosses(text *strings.Builder) {
	lost := slices.DeleteFunc(r.Changed(), func(c Change) bool { return !c.Loses })
	if len(lost) == 0 {
		return
	}

	fmt.Fprintf(text, "> [!CAUTION]\n> **These changes lose data:**\n")

	for _, c := range lost {
		fmt.Fprintf(text, "> - %s `%s` (%s)", c.Word, cell(c.URN.Name()), cell(string(c.URN.Type())))

		if len(c.Differs) > 0 {
			fmt.Fprintf(text, ": %s", differs(c))
		}

		fmt.Fprintln(text)
	}

	fmt.Fprintln(text)
}

// writePlan writes the changes of each component, replacements and deletions first.
func (r *Report) writePlan(text *strings.Builder, rows int) {
	components := make(map[string][]Change)
	for _, c := range r.Changed() {
		components[c.Component] = append(components[c.Component], c)
	}

	for _, name := range slices.Sorted(maps.Keys(components)) {
		changes, counts := components[name], make(map[string]int)
		slices.SortStableFunc(changes, func(a, b Change) int { return weight(a) - weight(b) })

		for _, c := range changes {
			counts[c.Word]++
		}

		fmt.Fprintf(text, "<details><summary><b>%s</b>: %s</summary>\n\n", cell(name), strings.Join(kinds(counts), ", "))
		fmt.Fprint(text, "| | resource | type | differs in |\n|---|---|---|---|\n")

		for _, c := range changes[:min(rows, len(changes))] {
			fmt.Fprintf(text, "| %s | `%s` | %s | %s |\n", c.Word, cell(c.URN.Name()), cell(string(c.URN.Type())), differs(c))
		}

		if omitted := len(changes) - rows; omitted > 0 {
			fmt.Fprintf(text, "| | and %d more, in report.json | | |\n", omitted)
		}

		fmt.Fprint(text, "\n</details>\n\n")
	}
}

// weight orders what a reviewer must see before updates, and those before creations.
func weight(c Change) int {
	return slices.Index([]string{"replace", "delete", "update", "import", "create"}, c.Word)
}

func differs(c Change) string {
	quoted := make([]string, len(c.Differs))
	for i, difference := range c.Differs {
		quoted[i] = "`" + cell(difference.String()) + "`"
	}

	return strings.Join(quoted, ", ")
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
