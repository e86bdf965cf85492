package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// writeFigures writes the figures that a reviewer looks for first.
func (r *Report) writeFigures(text *strings.Builder) {
	fmt.Fprint(text, "| | |\n|---|---|\n")

	if r.Time.MedianSeconds > 0 {
		fmt.Fprintf(text, "| **Time on AWS** | %s; 9 of 10 runs take at most %s |\n", Minutes(r.Time.MedianSeconds),
			Minutes(r.Time.P90Seconds))
	}

	fmt.Fprintf(text, "| **Cost on AWS** | %s |\n", cell(r.Cost.describe()))

	if len(r.Controls) > 0 {
		fmt.Fprintf(text, "| **Controls** | %s |\n", r.CountControls())
	}

	fmt.Fprintln(text)
}

// writeTime writes the critical path, folded.
func (r *Report) writeTime(text *strings.Builder) {
	critical := r.Time.CriticalPath()
	if len(critical) == 0 {
		return
	}

	fmt.Fprintf(text, "<details><summary>Time: %s; the limit is %s</summary>\n\n", Minutes(r.Time.MedianSeconds),
		Minutes(r.Time.LimitSeconds))
	fmt.Fprint(text, "| starts after | takes | | resource | type | source of the time |\n|---|---|---|---|---|---|\n")

	for _, step := range critical {
		fmt.Fprintf(text, "| %.0f s | %.0f s | %s | `%s` | %s | %s |\n", step.Start, step.Seconds, step.Operation,
			cell(step.URN.Name()), cell(string(step.URN.Type())), cell(step.Source))
	}

	for _, delay := range r.Time.Delays {
		fmt.Fprintf(text, "\n`%s` waits for `%s`, which neither a property nor a documented rule of AWS requires: %.0f s.\n",
			cell(delay.To.Name()), cell(delay.From.Name()), delay.Seconds)
	}

	fmt.Fprint(text, "\n</details>\n\n")
}

// writeCost writes the change and the cost by component, folded.
func (r *Report) writeCost(text *strings.Builder) {
	fmt.Fprintf(text, "<details><summary>Cost: %s a month</summary>\n\n", Dollars(r.Cost.MonthlyUSD))

	if c := r.Cost.Change; len(c.Items) > 0 {
		fmt.Fprintf(text, "Compared with %s:\n\n| component | | change |\n|---|---|---:|\n", cell(r.Cost.ComparedWith))

		for _, item := range c.Items {
			fmt.Fprintf(text, "| %s | %s | %s |\n", cell(item.Component), cell(item.Title), Signed(item.MonthlyUSD))
		}

		fmt.Fprintln(text)
	}

	fmt.Fprint(text, "| component | a month |\n|---|---:|\n")

	for _, name := range slices.Sorted(maps.Keys(r.Cost.ByComponent)) {
		fmt.Fprintf(text, "| %s | %s |\n", cell(name), Dollars(r.Cost.ByComponent[name]))
	}

	fmt.Fprint(text, "\nList prices of us-east-1, 730 hours, with these assumptions (`ASSUME` replaces them):")

	for _, a := range r.Cost.Assumptions {
		fmt.Fprintf(text, " `%s=%v` %s;", a.Name, a.Value, cell(a.Unit))
	}

	if len(r.Cost.Unknown) > 0 {
		fmt.Fprintf(text, "\n\nNot included, because the price is not known: %s.", cell(strings.Join(r.Cost.Unknown, ", ")))
	}

	fmt.Fprint(text, "\n\n</details>\n\n")
}
