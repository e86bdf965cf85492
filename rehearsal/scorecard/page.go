package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"

	"github.com/msur/platform/rehearsal/controls"
)

//go:embed scorecard.md.tmpl
var layout string

// page is the content of the document.
type page struct {
	AsOf  string
	Names []string
	// Rows are the controls of environments, and Account those of the account.
	Rows, Account []row
	// Reasons explain every result that is not a pass.
	Reasons []reason
	// Charts are the tests of controls of charts.
	Charts map[string][]controls.Test
}

// row is one control, with a result for each environment in the order of Names, or one result for the account.
type row struct {
	ID, Title, Source string
	Results           []controls.Result
	Evidence          string
}

// reason explains why a control does not pass in an environment, or in the account.
type reason struct {
	ID, Place string
	Result    controls.Result
	Why       string
}

// Counts returns the number of each result in each environment.
func (p *page) Counts() string {
	counts := make([]string, 0, len(p.Names))

	for i, name := range p.Names {
		count := make(map[controls.Result]int)
		for _, r := range p.Rows {
			count[r.Results[i]]++
		}

		counts = append(counts, fmt.Sprintf("%s: %d pass, %d fail, %d exception, %d notApplicable, %d tested", name,
			count[controls.Pass], count[controls.Fail], count[controls.Exception], count[controls.NotApplicable],
			count[controls.Tested]))
	}

	return strings.Join(counts, "; ")
}

// check checks every control in every environment and in the account. A control that applies only to the account has no
// row among the environments'.
func check(environments map[string]controls.Environment, account controls.Environment) *page {
	p := &page{
		AsOf: asOf().Format("2006-01-02"), Names: slices.Sorted(maps.Keys(environments)), Charts: controls.Charts(),
	}

	findings := make([][]controls.Finding, len(p.Names))
	for i, name := range p.Names {
		findings[i] = controls.Check(environments[name])
	}

	applies := func(found controls.Finding) bool { return found.Result != controls.NotApplicable }

	for control, found := range controls.Check(account) {
		var inEnvironments []controls.Finding
		for i := range p.Names {
			inEnvironments = append(inEnvironments, findings[i][control])
		}

		if applies(found) {
			p.Account = append(p.Account, p.row([]string{"account"}, []controls.Finding{found}))
		}

		if !applies(found) || slices.ContainsFunc(inEnvironments, applies) {
			p.Rows = append(p.Rows, p.row(p.Names, inEnvironments))
		}
	}

	return p
}

// row returns the row of one control, and adds the reasons of results that are not a pass.
func (p *page) row(places []string, findings []controls.Finding) row {
	r := row{ID: findings[0].ID, Title: findings[0].Title, Source: findings[0].Source}

	var shown []string

	for i, found := range findings {
		r.Results = append(r.Results, found.Result)
		shown = append(shown, strings.ReplaceAll(evidence(found.Evidence), "-"+places[i]+".yaml", "-<environment>.yaml"))

		if found.Result != controls.Pass {
			p.Reasons = append(p.Reasons, reason{found.ID, places[i], found.Result, found.Reason})
		}
	}

	r.Evidence = merge(places, shown)

	return r
}

// merge returns the evidence of several places: once if all that have any agree, else by place.
func merge(places, shown []string) string {
	different := slices.DeleteFunc(slices.Clone(shown), func(text string) bool { return text == "" })

	different = slices.Compact(different)
	if len(different) <= 1 {
		return strings.Join(different, "")
	}

	byPlace := make([]string, len(shown))
	for i, text := range shown {
		byPlace[i] = places[i] + ": " + text
	}

	return strings.Join(byPlace, "<br>")
}

// render returns the page as Markdown.
func render(p *page) (string, error) {
	var document bytes.Buffer

	parsed := template.Must(template.New(target).Funcs(template.FuncMap{"cell": cell}).Parse(layout))
	if err := parsed.Execute(&document, p); err != nil {
		return "", fmt.Errorf("rendering %s: %w", target, err)
	}

	return document.String(), nil
}

// cell escapes a string for a cell of a table.
func cell(text string) string { return strings.NewReplacer("|", `\|`, "*", `\*`).Replace(text) }
