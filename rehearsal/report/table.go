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

// Table lists the components with how many resources of each kind they have in the account, the largest
// component first.
func (r *Report) Table() string {
	components := r.byComponent()

	names := slices.SortedFunc(maps.Keys(components), func(a, b string) int {
		return cmpDescending(total(components[a]), total(components[b]), a, b)
	})

	var (
		text strings.Builder
		all  int
	)

	const gap = 3

	table := tabwriter.NewWriter(&text, 0, 0, gap, ' ', 0)
	fmt.Fprintln(table, "COMPONENT\tRESOURCES\tOF WHICH")

	for _, name := range names {
		all += total(components[name])

		for i, line := range wrap(kinds(components[name])) {
			if i == 0 {
				fmt.Fprintf(table, "%s\t%d\t%s\n", name, total(components[name]), line)
			} else {
				fmt.Fprintf(table, "\t\t%s\n", line)
			}
		}
	}

	fmt.Fprintf(table, "in all\t%d\t\n", all)
	table.Flush() //nolint:errcheck // a strings.Builder takes everything

	return text.String()
}

// byComponent counts the resources of each component by kind.
func (r *Report) byComponent() map[string]map[string]int {
	components := make(map[string]map[string]int)

	for _, held := range r.Resources {
		if !held.Held {
			continue
		}

		if components[held.Component] == nil {
			components[held.Component] = make(map[string]int)
		}

		components[held.Component][tokens.Type(held.Type).Name().String()]++
	}

	return components
}

// kinds lists how many there are of each kind, the most frequent first.
func kinds(counts map[string]int) []string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmpDescending(counts[a], counts[b], a, b)
	})

	parts := make([]string, 0, len(names))
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
	}

	return parts
}

// wrap joins parts into lines that a terminal of ordinary width holds.
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

func total(counts map[string]int) int {
	sum := 0
	for _, count := range counts {
		sum += count
	}

	return sum
}

// cmpDescending puts the larger count first, and equal ones in the order of their names.
func cmpDescending(countA, countB int, a, b string) int {
	return cmp.Or(cmp.Compare(countB, countA), cmp.Compare(a, b))
}
