package report

import (
	"maps"
	"slices"

	"github.com/msur/platform/rehearsal/controls"
)

// Differences are what differs from another report of the stack.
type Differences struct {
	// Operation and Commit are those of the other report.
	Operation string `json:"operation"`
	Commit    string `json:"commit"`
	// MedianSeconds and MonthlyUSD are the other report's time and cost.
	MedianSeconds float64 `json:"medianSeconds"`
	MonthlyUSD    float64 `json:"monthlyUSD"`
	// Resources are the components whose number of resources in the account differs.
	Resources []Count `json:"resources"`
	// Controls are those whose result differs.
	Controls []Changed `json:"controls"`
}

// Count is the number of a component's resources in the other report and in this one.
type Count struct {
	Component string `json:"component"`
	Before    int    `json:"before"`
	After     int    `json:"after"`
}

// Changed is a control with its results in the other report and in this one.
type Changed struct {
	ID     string          `json:"id"`
	Title  string          `json:"title"`
	Before controls.Result `json:"before"`
	After  controls.Result `json:"after"`
}

// compare returns the differences from another report.
func (r *Report) compare(other *Report) *Differences {
	d := &Differences{
		Operation: other.Operation, Commit: other.Commit, MedianSeconds: other.Time.MedianSeconds,
		MonthlyUSD: other.Cost.MonthlyUSD, Resources: []Count{}, Controls: []Changed{},
	}

	before, after := other.count(), r.count()

	for _, name := range slices.Sorted(maps.Keys(union(before, after))) {
		if before[name] != after[name] {
			d.Resources = append(d.Resources, Count{name, before[name], after[name]})
		}
	}

	results := make(map[string]controls.Result)
	for _, found := range other.Controls {
		results[found.ID] = found.Result
	}

	for _, found := range r.Controls {
		if last, known := results[found.ID]; known && last != found.Result {
			d.Controls = append(d.Controls, Changed{found.ID, found.Title, last, found.Result})
		}
	}

	return d
}

// count returns the number of resources in the account by component.
func (r *Report) count() map[string]int {
	counts := make(map[string]int)

	for _, known := range r.Resources {
		if known.InAccount {
			counts[known.Component]++
		}
	}

	return counts
}

func union(a, b map[string]int) map[string]int {
	all := maps.Clone(a)
	maps.Copy(all, b)

	return all
}
