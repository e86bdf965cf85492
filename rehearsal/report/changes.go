package report

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/plan"
)

// Change is what the run does to a resource in the account, which may take the engine several steps.
type Change struct {
	URN       resource.URN
	Component string
	// Word is create, import, update, replace or delete.
	Word    string
	Differs []Difference
	// Loses is true if the change deletes data.
	Loses bool
}

// Difference is a property that differs, with its values as text. An empty value is one that is not set.
type Difference struct{ Property, Before, After string }

// words are those for changes, the most important first: a resource that is imported and then updated is imported.
func words() []string { return []string{"replace", "delete", "import", "create", "update"} }

// Changed returns the changes in the engine's order. Components and providers are not in the account.
func (r *Report) Changed() []Change {
	elsewhere := make(map[resource.URN]bool)

	for _, known := range slices.Concat(r.Resources, r.Deleted) {
		elsewhere[known.URN] = !known.InAccount
	}

	var changes []Change

	at := make(map[resource.URN]int)

	for _, step := range r.Plan {
		word := wordFor(step)
		if word == "" || elsewhere[step.URN] {
			continue
		}

		i, seen := at[step.URN]
		if !seen {
			i, at[step.URN] = len(changes), len(changes)
			changes = append(changes, Change{URN: step.URN, Component: step.Component, Word: word})
		}

		c := &changes[i]
		if slices.Index(words(), word) < slices.Index(words(), c.Word) {
			c.Word = word
		}

		c.Loses = c.Loses || step.Loses()

		for _, differs := range differences(step) {
			if !slices.Contains(c.Differs, differs) { // the steps of a replacement repeat them
				c.Differs = append(c.Differs, differs)
			}
		}
	}

	return changes
}

// wordFor returns the word for a step, or nothing if it changes nothing.
func wordFor(step plan.Step) string {
	switch op := step.Op; {
	case step.Replaces():
		return "replace"
	case slices.Contains(words(), string(op)):
		return string(op)
	default:
		return ""
	}
}

func differences(step plan.Step) []Difference {
	all := make([]Difference, 0, len(step.Differs))
	for _, property := range step.Differs {
		before, after := narrow(step.Before[property], step.After[property])
		all = append(all, Difference{property, printed(before), printed(after)})
	}

	return all
}

// narrow returns two values without what is equal in both: members of objects, and elements of lists, for which "…"
// stands.
func narrow(before, after any) (any, any) {
	switch before := before.(type) {
	case []any:
		if after, ok := after.([]any); ok {
			return narrowList(before, after)
		}
	case map[string]any:
		if after, ok := after.(map[string]any); ok {
			return differing(before, after), differing(after, before)
		}
	}

	return before, after
}

func narrowList(before, after []any) (any, any) {
	removed, added := without(before, after), without(after, before)

	switch {
	case len(removed) == 0 && len(added) == 0:
		return before, after // in another order
	case len(removed) == len(before):
		return before, after
	default:
		return append([]any{"…"}, removed...), append([]any{"…"}, added...)
	}
}

func without(list, other []any) []any {
	return slices.DeleteFunc(slices.Clone(list), func(element any) bool {
		return slices.ContainsFunc(other, func(equal any) bool { return reflect.DeepEqual(element, equal) })
	})
}

// differing returns the members that the other object lacks, or has with another value, without what is equal in them.
func differing(object, other map[string]any) map[string]any {
	found := make(map[string]any)

	for name, value := range object {
		if !reflect.DeepEqual(value, other[name]) {
			found[name], _ = narrow(value, other[name])
		}
	}

	return found
}

// printed returns a value in one line, or nothing if it is not set.
func printed(value any) string {
	if value == nil {
		return ""
	}

	return Short(value, 60) //nolint:mnd // half a line
}

// Short returns a value as text of at most a number of characters.
func Short(value any, most int) string {
	text, ok := value.(string)
	if !ok {
		encoded, err := json.Marshal(value)
		if err != nil {
			panic(err) // the value was decoded from JSON
		}

		text = string(encoded)
	}

	if characters := []rune(text); len(characters) > most {
		return string(characters[:most]) + "…"
	}

	return text
}

// String returns the property with its values, as far as they are known.
func (d Difference) String() string {
	switch {
	case d.Before == "" && d.After == "":
		return d.Property
	case d.Before == "":
		return d.Property + ": not set → " + d.After
	case d.After == "":
		return d.Property + ": " + d.Before + " → not set"
	default:
		return d.Property + ": " + d.Before + " → " + d.After
	}
}

// Summarized returns the number of changes of each kind.
func (r *Report) Summarized() string {
	counts := make(map[string]int)
	for _, change := range r.Changed() {
		counts[change.Word]++
	}

	if len(counts) == 0 {
		return "no changes"
	}

	return strings.Join(kinds(counts), ", ")
}

// ShorterLogs returns the log groups that keep their logs for fewer days than before. AWS then deletes older ones.
func (r *Report) ShorterLogs() []resource.URN {
	const property = "retentionInDays"

	days := func(values map[string]any) float64 {
		if set, ok := values[property].(float64); ok && set > 0 {
			return set
		}

		return forever
	}

	var found []resource.URN

	for _, step := range r.Plan {
		if step.Op == apitype.OpUpdate && strings.HasSuffix(string(step.URN.Type()), ":LogGroup") &&
			slices.Contains(step.Differs, property) && days(step.After) < days(step.Before) {
			found = append(found, step.URN)
		}
	}

	return found
}

// forever is more days than a log group can be told to keep: without a number, it keeps everything.
const forever = 1e9
