package main

import (
	"maps"
	"slices"
	"strings"
)

// edge leads from a part of an environment to another part.
type edge struct{ from, to string }

// needs holds, for each edge, the kinds of resources that one part needs of the other, and in which environments.
type needs map[edge]map[string][]string

// drawNeeds draws which resources of other components each component depends on.
func drawNeeds(graphs []*graph) string {
	all := make(needs)
	for _, g := range graphs {
		all.add(g)
	}

	f := newFlowchart("LR")

	var parts []string
	for e := range all {
		parts = append(parts, e.from, e.to)
	}

	slices.Sort(parts)

	for _, part := range slices.Compact(parts) {
		f.node(part, titles(part)...)
	}

	for _, e := range slices.SortedFunc(maps.Keys(all), func(a, b edge) int {
		return strings.Compare(a.from+" "+a.to, b.from+" "+b.to)
	}) {
		f.arrow(e.from, e.to, describe(all[e], len(graphs)))
	}

	return f.String()
}

// applications is the part of the cluster that exists once per application.
const applications = "app"

// titles returns the lines in a part's box.
func titles(part string) []string {
	if part == applications {
		return []string{"cluster:", "identities of applications"}
	}

	return []string{part}
}

// part returns the component of a resource. The cluster's resources for applications are a part of their own, because
// they depend on components that the cluster itself does not need.
func part(r resource) string {
	if first, _, _ := strings.Cut(r.name(), "-"); first == applications {
		return applications
	}

	return r.component()
}

// add adds the dependencies of an environment.
func (n needs) add(g *graph) {
	known := make(map[string]resource)
	for _, r := range g.resources {
		known[r.URN] = r
	}

	for _, r := range g.resources {
		provider := r.Provider[:max(0, strings.LastIndex(r.Provider, "::"))]

		for _, urn := range append(slices.Clone(r.Dependencies), provider) {
			needed := known[urn] // the zero value, which is in no part, for a resource outside of the graph
			if e := (edge{part(r), part(needed)}); e.from != e.to && e.from != "" && e.to != "" {
				n.need(e, needed, g.name)
			}
		}
	}
}

// need adds a resource that one part needs of another.
func (n needs) need(e edge, needed resource, environment string) {
	if n[e] == nil {
		n[e] = make(map[string][]string)
	}

	kind := needed.kind()
	if strings.HasPrefix(needed.Type, "pulumi:providers:") {
		kind = "provider"
	}

	if !slices.Contains(n[e][kind], environment) {
		n[e][kind] = append(n[e][kind], environment)
	}
}

// describe lists kinds of resources, each with its environments unless all environments have it.
func describe(kinds map[string][]string, environments int) string {
	var described []string

	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if len(kinds[kind]) < environments {
			kind += " (" + strings.Join(kinds[kind], ", ") + ")"
		}

		described = append(described, kind)
	}

	return strings.Join(described, ", ")
}
