package page

import (
	"cmp"
	"html/template"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/controls"
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

// change is what the plan does to a resource.
type change struct {
	Name, Type, Mark, Word string
	Differs                []report.Difference
	Loses                  bool
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

	for _, changed := range r.Changed() {
		described := newChange(changed)
		v.Changes = append(v.Changes, described)

		if described.Loses {
			v.Losses = append(v.Losses, described)
		}
	}

	v.Answers = answers(r, len(v.Losses))

	return v
}

// newChange describes a change with a mark, which does not depend on colors.
func newChange(c report.Change) change {
	marks := map[string]string{"create": "+", "import": "+", "update": "~", "replace": "±", "delete": "−"}

	return change{
		Name: c.URN.Name(), Type: string(c.URN.Type()), Mark: marks[c.Word], Word: c.Word, Differs: c.Differs,
		Loses: c.Loses,
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
			one.Change = report.Signed(change)
		}

		all = append(all, one)
	}

	return all
}

// Word returns a result in words.
func (*view) Word(result controls.Result) string {
	if result == controls.NotApplicable {
		return "not applicable"
	}

	return string(result)
}

// part is a part of a text.
type part struct {
	Text string
	Code bool
}

// Parts splits a text at its backticks, between which there is code.
func (*view) Parts(text string) []part {
	var all []part
	for i, between := range strings.Split(text, "`") {
		all = append(all, part{between, i%2 == 1})
	}

	return all
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
func (*view) Change(amount float64) string { return report.Signed(amount) }
