package page

import (
	"cmp"
	"maps"
	"slices"

	"github.com/msur/platform/rehearsal/report"
)

// component is a list of resources with their properties.
type component struct {
	Name      string
	Resources []described
}

// described is a resource with its properties.
type described struct {
	Anchor, Name, Type string
	Deleted            bool
	Properties         []property
}

type property struct{ Name, Value string }

// most is the number of characters of a property.
const most = 400

// components lists the resources in the account by component.
func components(r *report.Report) []component {
	byName := make(map[string][]described)

	for i, known := range slices.Concat(r.Resources, r.Deleted) {
		if !known.InAccount {
			continue
		}

		one := described{
			Anchor: anchor(string(known.URN)), Name: known.URN.Name(), Type: known.Type, Deleted: i >= len(r.Resources),
		}
		for _, name := range slices.Sorted(maps.Keys(known.Properties)) {
			if name != "__defaults" {
				one.Properties = append(one.Properties, property{name, report.Short(known.Properties[name], most)})
			}
		}

		byName[known.Component] = append(byName[known.Component], one)
	}

	all := make([]component, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		slices.SortFunc(byName[name], func(a, b described) int { return cmp.Compare(a.Type+a.Name, b.Type+b.Name) })
		all = append(all, component{Name: name, Resources: byName[name]})
	}

	return all
}
