package page

import (
	"cmp"
	"encoding/json"
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
				one.Properties = append(one.Properties, property{name, short(known.Properties[name])})
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

// short returns a value of at most 400 characters.
func short(value any) string {
	const most = 400

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
