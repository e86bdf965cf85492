package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// edge leads from one node of a drawing to another.
type edge struct{ from, to string }

// drawNeeds draws the kinds of resources of other components that each component depends on in any environment.
func drawNeeds(graphs []graph) string {
	kinds := make(map[edge][]string)
	parts := make(map[string]bool)

	for _, g := range graphs {
		for e, needed := range g.needs() {
			kinds[e] = append(kinds[e], needed...)
			parts[e.from], parts[e.to] = true, true
		}
	}

	f := newFlowchart("LR")

	for _, part := range slices.Sorted(maps.Keys(parts)) {
		if part == applications {
			f.node(part, "cluster:", "identities of applications")
		} else {
			f.node(part, part)
		}
	}

	for _, e := range slices.SortedFunc(maps.Keys(kinds), func(a, b edge) int {
		return cmp.Or(strings.Compare(a.from, b.from), strings.Compare(a.to, b.to))
	}) {
		slices.Sort(kinds[e])
		f.edge(e.from, arrow, e.to, strings.Join(slices.Compact(kinds[e]), ", "))
	}

	return f.String()
}

// needs returns the kinds of resources that each part of an environment depends on, by dependent part and dependency.
func (g graph) needs() map[edge][]string {
	byURN := make(map[string]resource)
	for _, r := range g.resources {
		byURN[r.URN] = r
	}

	needs := make(map[edge][]string)

	for _, r := range g.resources {
		provider := r.Provider[:max(0, strings.LastIndex(r.Provider, "::"))]

		for _, urn := range append(slices.Clone(r.Dependencies), provider) {
			needed := byURN[urn] // the zero value, which is in no part, for a resource outside of the graph
			kind := needed.kind()

			if strings.HasPrefix(needed.Type, "pulumi:providers:") {
				kind = "provider"
			}

			if e := (edge{part(r), part(needed)}); e.from != e.to && e.from != "" && e.to != "" {
				needs[e] = append(needs[e], kind)
			}
		}
	}

	return needs
}

// applications is the part of the cluster that exists once per application.
const applications = "app"

// part returns the component of a resource. The cluster's resources for applications are a part of their own, because
// they depend on components that the cluster itself does not need.
func part(r resource) string {
	if strings.HasPrefix(r.name(), applications+"-") {
		return applications
	}

	return componentOf(r.URN)
}
