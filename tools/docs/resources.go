package main

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// zoneSuffix matches the end of the name of a resource that exists in each zone.
var zoneSuffix = regexp.MustCompile(`-[a-h]$`)

// resources counts the resources of a component by type: a column for each environment, then the names, including
// those in the golden graphs of components that no environment uses.
func resources(environments, separate []graph, name string) table {
	t := table{Title: "Resources", Head: []string{"Type"}}
	counts := make([]map[string]int, 0, len(environments))
	names := make(map[string][]string)

	for i, g := range slices.Concat(environments, separate) {
		count := make(map[string]int)

		for _, r := range g.resources {
			if componentOf(r.Parent) == name {
				count[r.Type]++
				names[r.Type] = append(names[r.Type], zoneSuffix.ReplaceAllString(r.name(), "-<zone>"))
			}
		}

		if i < len(environments) {
			t.Head = append(t.Head, g.name)
			counts = append(counts, count)
		}
	}

	t.Head = append(t.Head, "Names")

	for _, kind := range slices.Sorted(maps.Keys(names)) {
		row := []string{code(kind)}
		for _, count := range counts {
			row = append(row, strconv.Itoa(count[kind]))
		}

		slices.Sort(names[kind])
		t.Rows = append(t.Rows, append(row, code(strings.Join(slices.Compact(names[kind]), "`, `"))))
	}

	return t
}
