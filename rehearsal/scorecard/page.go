package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/msur/platform/rehearsal/controls"
)

//go:embed scorecard.md.tmpl
var layout string

// row is how one control stands in all environments, or in the account.
type row struct {
	ID, Title, Source string
	// Results are the environments' in the order of names, or the account's.
	Results []controls.Result
	// Evidence are the properties that the results rest on.
	Evidence string
}

// card is what the page says.
type card struct {
	AsOf  string
	Names []string
	Rows  []row
	// Account are the controls that apply to the account, each with one result.
	Account []row
	// Reasons are why a control need not hold in an environment.
	Reasons []reason
	Held    []held
}

// reason is why a control does not simply hold in an environment, or in the account.
type reason struct {
	ID, Place string
	Result    controls.Result
	Why       string
}

// Counts says how many controls of each environment stand how.
func (c *card) Counts() string {
	var told []string

	for at, name := range c.Names {
		counts := make(map[controls.Result]int)
		for _, r := range c.Rows {
			counts[r.Results[at]]++
		}

		told = append(told, fmt.Sprintf("%s: %d pass, %d fail, %d exception, %d notApplicable", name,
			counts[controls.Pass], counts[controls.Fail], counts[controls.Exception], counts[controls.NotApplicable]))
	}

	return strings.Join(told, "; ")
}

// check looks at every control in every environment, and in the account. What says nothing of an environment and
// something of the account is the account's.
func check(known map[string]controls.Environment, account controls.Environment) *card {
	c := &card{AsOf: asOf().Format("2006-01-02"), Names: names(), Held: elsewhere()}

	all := make(map[string][]controls.Finding)
	for _, name := range c.Names {
		all[name] = controls.Check(known[name])
	}

	for at, found := range controls.Check(account) {
		here := make([]controls.Finding, 0, len(c.Names))
		for _, name := range c.Names {
			here = append(here, all[name][at])
		}

		if found.Result != controls.NotApplicable {
			c.Account = append(c.Account, c.row([]string{"account"}, []controls.Finding{found}))
		}

		if found.Result == controls.NotApplicable || slices.ContainsFunc(here, func(f controls.Finding) bool {
			return f.Result != controls.NotApplicable
		}) {
			c.Rows = append(c.Rows, c.row(c.Names, here))
		}
	}

	return c
}

// row is how one control stands in those places. Where it does not simply hold, the reason is noted.
func (c *card) row(places []string, findings []controls.Finding) row {
	r := row{ID: findings[0].ID, Title: findings[0].Title, Source: findings[0].Source}

	var said []string

	for at, found := range findings {
		r.Results = append(r.Results, found.Result)
		said = append(said, evidence(found.Evidence))

		if found.Result != controls.Pass {
			c.Reasons = append(c.Reasons, reason{found.ID, places[at], found.Result, found.Reason})
		}
	}

	r.Evidence = together(places, said)

	return r
}

// together is what environments have alike once, and otherwise what each has.
func together(environments, said []string) string {
	there := slices.DeleteFunc(slices.Clone(said), func(text string) bool { return text == "" })
	if len(slices.Compact(slices.Clone(there))) <= 1 {
		return strings.Join(slices.Compact(there), "")
	}

	told := make([]string, 0, len(said))
	for at, text := range said {
		told = append(told, environments[at]+": "+text)
	}

	return strings.Join(told, "<br>")
}

// page lays the card out.
func page(c *card) (string, error) {
	var text bytes.Buffer

	laidOut := template.Must(template.New(target).Funcs(template.FuncMap{"cell": cell}).Parse(layout))
	if err := laidOut.Execute(&text, c); err != nil {
		return "", fmt.Errorf("laying out %s: %w", target, err)
	}

	return text.String(), nil
}

// cell is a text that stays within its cell, and whose stars are stars.
func cell(text string) string { return strings.NewReplacer("|", `\|`, "*", `\*`).Replace(text) }
