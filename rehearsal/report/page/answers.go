package page

import (
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/report"
)

// answer is a figure at the top of the page. Its tone is good, warn, bad or nothing.
type answer struct{ Question, Figure, Detail, Tone string }

// answers are what a reviewer asks first.
func answers(r *report.Report, losses int) []answer {
	all := []answer{
		{"What changes?", r.Summarized(), fmt.Sprintf("%d resources in the account afterwards", countInAccount(r)), ""},
		lost(r, losses),
	}

	if r.Time.MedianSeconds > 0 {
		all = append(all, answer{
			"How long does it take?", report.Minutes(r.Time.MedianSeconds),
			"9 of 10 runs take at most " + report.Minutes(r.Time.P90Seconds), "",
		})
	}

	all = append(all, costs(r.Cost))

	if len(r.Controls) > 0 {
		all = append(all, failing(r))
	}

	return all
}

func lost(r *report.Report, losses int) answer {
	const question = "Is anything lost?"

	if losses > 0 {
		return answer{question, fmt.Sprintf("%d with data", losses), "see below", "bad"}
	}

	if shorter := r.ShorterLogs(); len(shorter) > 0 {
		return answer{
			question, "old logs", fmt.Sprintf("%d log groups keep fewer days, see the plan; no database, cache or network is "+
				"deleted or replaced", len(shorter)), "warn",
		}
	}

	return answer{question, "no", "no resource with data is deleted or replaced", "good"}
}

func costs(c report.Cost) answer {
	detail := "a month, with little traffic"
	if change := c.Change.MonthlyUSD; change != 0 && change != c.MonthlyUSD {
		detail = "a month, " + report.Signed(change)
	}

	if c.PoolsUSD > 0 {
		detail += "; load adds nodes, at most " + report.Dollars(c.PoolsUSD)
	}

	return answer{"What does it cost?", report.Dollars(c.MonthlyUSD), detail + c.Lacks(), ""}
}

// failing names the controls that fail or are excepted.
func failing(r *report.Report) answer {
	const question = "Does a control fail?"

	of := func(result controls.Result) []string {
		var names []string

		for _, found := range r.Controls {
			if found.Result == result {
				names = append(names, found.ID+": "+strings.ReplaceAll(found.Title, "`", ""))
			}
		}

		return names
	}

	failed, excepted := of(controls.Fail), of(controls.Exception)
	named := strings.Join(slices.Concat(failed, excepted), "; ")

	switch {
	case len(failed) > 0:
		return answer{question, fmt.Sprintf("%d fail", len(failed)), named, "bad"}
	case len(excepted) > 0:
		return answer{question, fmt.Sprintf("%d excepted", len(excepted)), named + " (" + r.CountControls() + ")", "warn"}
	default:
		return answer{question, "none fails", r.CountControls(), "good"}
	}
}

func countInAccount(r *report.Report) int {
	count := 0

	for _, known := range r.Resources {
		if known.InAccount {
			count++
		}
	}

	return count
}
