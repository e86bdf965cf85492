package page

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/cost"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report"
)

// view is what the template shows.
type view struct {
	*report.Report

	Policy, Title string
	Style         template.CSS
	Answers       []answer
	Losses        []change
	Picture       *picture
	Chart         *chart
	Components    []component
	Changes       []change
	Costs         []bar
	Groups        []group
}

// answer is a figure at the top of the page.
type answer struct{ Question, Figure, Detail, Tone string }

// change is a step of the plan.
type change struct {
	Name, Type, Component, Mark, Word, Differs string
	Loses                                      bool
}

// bar is the cost of a component. Width is in percent of the largest.
type bar struct {
	Name, USD, Change string
	Width             float64
}

// group is a group of controls.
type group struct {
	Name     string
	Findings []controls.Finding
	Counts   string
}

func newView(r *report.Report) *view {
	v := &view{
		Report: r, Policy: policy(), Style: template.CSS(style), //nolint:gosec // a file of this package
		Title:   "The " + r.Operation + " of " + r.Stack,
		Picture: newPicture(r), Chart: newChart(r.Time), Components: components(r), Costs: bars(r.Cost),
		Groups: groups(r.Controls),
	}

	for _, step := range r.Plan {
		described := newChange(step)
		v.Changes = append(v.Changes, described)

		if described.Loses {
			v.Losses = append(v.Losses, described)
		}
	}

	v.Answers = answers(r, len(v.Losses))

	return v
}

// answers are what a reviewer asks first.
func answers(r *report.Report, losses int) []answer {
	all := []answer{{"What changes?", r.Summarized(), fmt.Sprintf("%d resources afterwards", countInAccount(r)), ""}}

	if losses > 0 {
		all = append(all, answer{"Is anything lost?", fmt.Sprintf("%d with data", losses), "see below", "bad"})
	} else {
		all = append(all, answer{"Is anything lost?", "no", "no resource with data is deleted or replaced", "good"})
	}

	if r.Time.MedianSeconds > 0 {
		all = append(all, answer{
			"How long does it take?", report.Minutes(r.Time.MedianSeconds),
			"9 of 10 runs take at most " + report.Minutes(r.Time.P90Seconds), "",
		})
	}

	detail := "a month, before traffic"
	if c := r.Cost.Change.MonthlyUSD; c != 0 && c != r.Cost.MonthlyUSD {
		detail = "a month, " + report.Difference(c)
	}

	all = append(all, answer{"What does it cost?", report.Dollars(r.Cost.MonthlyUSD), detail + r.Cost.Lacks(), ""})

	if len(r.Controls) > 0 {
		failed := len(slices.DeleteFunc(slices.Clone(r.Controls), func(f controls.Finding) bool {
			return f.Result != controls.Fail
		}))

		figure, tone := "none fails", "good"
		if failed > 0 {
			figure, tone = fmt.Sprintf("%d fail", failed), "bad"
		}

		all = append(all, answer{"Does a control fail?", figure, r.CountControls(), tone})
	}

	return all
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

// newChange describes a step with a mark, which does not depend on colors.
func newChange(step plan.Step) change {
	mark, word := "+", "create"

	switch op := string(step.Op); {
	case strings.Contains(op, "replace"):
		mark, word = "±", "replace"
	case step.Op == apitype.OpDelete:
		mark, word = "−", "delete"
	case step.Op == apitype.OpUpdate:
		mark, word = "~", "update"
	}

	return change{
		Name: step.URN.Name(), Type: string(step.URN.Type()), Component: step.Component, Mark: mark, Word: word,
		Differs: strings.Join(step.Differs, ", "), Loses: step.Loses(),
	}
}

// bars returns the cost of each component, the most expensive first.
func bars(c report.Cost) []bar {
	changes := make(map[string]float64)
	for _, item := range c.Change.Items {
		changes[item.Component] += item.MonthlyUSD
	}

	names := slices.SortedFunc(maps.Keys(c.ByComponent), func(a, b string) int {
		return cmp.Or(cmp.Compare(c.ByComponent[b], c.ByComponent[a]), cmp.Compare(a, b))
	})

	var all []bar

	for _, name := range names {
		one := bar{
			Name: name, USD: report.Dollars(c.ByComponent[name]),
			Width: math.Round(100 * c.ByComponent[name] / c.ByComponent[names[0]]),
		}
		if change := changes[name]; math.Abs(change) >= 0.005 && c.Change.MonthlyUSD != c.MonthlyUSD {
			one.Change = report.Difference(change)
		}

		all = append(all, one)
	}

	return all
}

// ByCost returns the charges that are at least a tenth of a percent of the cost.
func (v *view) ByCost() []cost.Item {
	return slices.DeleteFunc(slices.Clone(v.Cost.Items), func(i cost.Item) bool {
		return i.MonthlyUSD < v.Cost.MonthlyUSD/1000
	})
}

// groups returns the controls as the score card does, with those that fail or are excepted first.
func groups(findings []controls.Finding) []group {
	weight := map[controls.Result]int{
		controls.Fail: 0, controls.Exception: 1, controls.Unknown: 2, controls.Tested: 3, controls.Pass: 4,
		controls.NotApplicable: 5,
	}

	var all []group

	for _, g := range []struct{ letter, name string }{
		{"N", "Network"},
		{"K", "Cluster"},
		{"W", "Nodes"},
		{"D", "Data"},
		{"L", "Load balancer"},
		{"C", "Charts"},
		{"A", "Accounts, keys, delivery"},
		{"O", "Observability"},
	} {
		var members []controls.Finding

		for _, found := range findings {
			if strings.HasPrefix(found.ID, g.letter) {
				members = append(members, found)
			}
		}

		if len(members) == 0 {
			continue
		}

		slices.SortStableFunc(members, func(a, b controls.Finding) int { return weight[a.Result] - weight[b.Result] })

		all = append(all, group{Name: g.name, Findings: members, Counts: (&report.Report{Controls: members}).CountControls()})
	}

	return all
}

// Name returns the logical name in a URN.
func (*view) Name(urn resource.URN) string { return urn.Name() }

// Anchor returns the id of a resource in the page.
func (*view) Anchor(urn resource.URN) string { return anchor(string(urn)) }

// Minutes formats a time.
func (*view) Minutes(seconds float64) string { return report.Minutes(seconds) }

// USD formats an amount.
func (*view) USD(amount float64) string { return report.Dollars(amount) }

// Change formats a difference.
func (*view) Change(amount float64) string { return report.Difference(amount) }
