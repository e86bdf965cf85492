package main

import (
	"maps"
	"slices"
	"strings"
)

// pair is a part of an environment, and another one that it needs something of.
type pair struct{ from, to string }

// needs are the kinds of resources that one part needs of another, and the environments in which it does.
type needs map[pair]map[string][]string

// drawComponents draws what each component needs of which other, as resources depend on those of another.
func drawComponents(graphs map[string]*graph) string {
	all := make(needs)

	for _, environment := range environments() {
		all.add(environment, graphs[environment])
	}

	f := newFlowchart("LR")

	var parts []string
	for p := range all {
		parts = append(parts, p.from, p.to)
	}

	slices.Sort(parts)

	for _, part := range slices.Compact(parts) {
		f.node(part, titles(part)...)
	}

	for _, p := range slices.SortedFunc(maps.Keys(all), func(a, b pair) int {
		return strings.Compare(a.from+" "+a.to, b.from+" "+b.to)
	}) {
		f.arrow(p.from, p.to, words(all[p]))
	}

	return f.String()
}

// applications is the part of the cluster that is made for each application.
const applications = "app"

// titles are the lines in a part's box.
func titles(part string) []string {
	if part == applications {
		return []string{"cluster:", "identities of applications"}
	}

	return []string{part}
}

// part is the component that a resource is of. What the cluster makes for applications needs more than the cluster
// does, and is a part of its own.
func part(r resource) string {
	if first, _, _ := strings.Cut(r.name(), "-"); first == applications {
		return applications
	}

	return r.component()
}

// add takes in what an environment's resources need.
func (n needs) add(environment string, g *graph) {
	known := make(map[string]resource)
	for _, r := range g.resources {
		known[r.URN] = r
	}

	for _, r := range g.resources {
		provider := r.Provider[:max(0, strings.LastIndex(r.Provider, "::"))]

		for _, urn := range append(slices.Clone(r.Dependencies), provider) {
			needed, found := known[urn]
			p := pair{part(r), part(needed)}

			if !found || p.from == p.to || p.from == "" || p.to == "" {
				continue
			}

			if n[p] == nil {
				n[p] = make(map[string][]string)
			}

			if kind := what(needed); !slices.Contains(n[p][kind], environment) {
				n[p][kind] = append(n[p][kind], environment)
			}
		}
	}
}

// what is the word for a resource that is needed.
func what(r resource) string {
	if strings.HasPrefix(r.Type, "pulumi:providers:") {
		return "provider"
	}

	return r.kind()
}

// words tells the kinds; of one that is needed in one environment alone, in which.
func words(kinds map[string][]string) string {
	var told []string

	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if len(kinds[kind]) < len(environments()) {
			kind += " (" + strings.Join(kinds[kind], ", ") + ")"
		}

		told = append(told, kind)
	}

	return strings.Join(told, ", ")
}
