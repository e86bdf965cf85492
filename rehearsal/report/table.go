package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Table lists the components, the largest first, with the number of their resources of each kind in the account.
func (r *Report) Table() string {
	totals := make(map[string]int)
	components := make(map[string]map[string]int)

	for _, resource := range r.Resources {
		if !resource.InAccount {
			continue
		}

		if components[resource.Component] == nil {
			components[resource.Component] = make(map[string]int)
		}

		totals[resource.Component]++
		components[resource.Component][tokens.Type(resource.Type).Name().String()]++
	}

	var (
		text strings.Builder
		all  int
	)

	table := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "COMPONENT\tRESOURCES\tKINDS")

	for _, name := range byCount(totals) {
		all += totals[name]

		for i, line := range wrap(kinds(components[name])) {
			if i == 0 {
				fmt.Fprintf(table, "%s\t%d\t%s\n", name, totals[name], line)
			} else {
				fmt.Fprintf(table, "\t\t%s\n", line)
			}
		}
	}

	fmt.Fprintf(table, "total\t%d\t\n", all)
	table.Flush() //nolint:errcheck // a strings.Builder never fails

	return text.String()
}

// byCount returns the names in descending order of their counts.
func byCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}

// kinds returns each count with its kind, in descending order.
func kinds(counts map[string]int) []string {
	parts := make([]string, 0, len(counts))
	for _, name := range byCount(counts) {
		parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
	}

	return parts
}

// wrap joins parts into lines of about 75 characters, which fit a terminal beside the other columns.
func wrap(parts []string) []string {
	const width = 75

	lines := []string{""}

	for i, part := range parts {
		last := &lines[len(lines)-1]

		switch {
		case i == 0:
			*last = part
		case len(*last)+len(part) > width:
			*last += ","

			lines = append(lines, part)
		default:
			*last += ", " + part
		}
	}

	return lines
}
