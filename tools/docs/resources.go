package main

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// inComponent matches the outermost component in a parent's URN, including that component itself.
var inComponent = regexp.MustCompile(`[:$]platform:([a-z]+):`)

// zoneSuffix matches the end of the name of a resource that exists in each zone.
var zoneSuffix = regexp.MustCompile(`-[a-h]$`)

// resources counts the resources of a component by type: a column for each environment, then the names, including
// those in the golden graphs of components that no environment uses.
func resources(environments, separate []*graph, component string) table {
	counts := make(map[string][]int)
	names := make(map[string][]string)

	for i, g := range slices.Concat(environments, separate) {
		for _, r := range g.resources {
			if parent := inComponent.FindStringSubmatch(r.Parent); parent == nil || parent[1] != component {
				continue
			}

			if counts[r.Type] == nil {
				counts[r.Type] = make([]int, len(environments))
			}

			if i < len(environments) {
				counts[r.Type][i]++
			}

			names[r.Type] = append(names[r.Type], zoneSuffix.ReplaceAllString(r.name(), "-<zone>"))
		}
	}

	t := table{Title: "Resources", Head: []string{"Type"}}
	for _, g := range environments {
		t.Head = append(t.Head, g.name)
	}

	t.Head = append(t.Head, "Names")

	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		row := []string{code(kind)}
		for _, count := range counts[kind] {
			row = append(row, strconv.Itoa(count))
		}

		slices.Sort(names[kind])
		t.Rows = append(t.Rows, append(row, code(strings.Join(slices.Compact(names[kind]), "`, `"))))
	}

	return t
}
