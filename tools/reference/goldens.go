package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// environments are those that have a golden graph.
func environments() []string { return []string{"sandbox", "staging"} }

// place is where names of resources belong on the page.
type place struct{ component, kind, environment string }

// resource is one of a golden graph.
type resource struct {
	URN    string `json:"urn"`
	Type   string `json:"type"`
	Parent string `json:"parent"`
}

// below finds the component in the URN of what a resource is under.
var below = regexp.MustCompile(`[:$]platform:([a-z]+):`)

// readGoldens returns the names of what the components make.
func readGoldens(files fs.FS) (map[place][]string, error) {
	made := make(map[place][]string)

	for _, environment := range environments() {
		text, err := fs.ReadFile(files, "stacks/testdata/"+environment+".json")
		if err != nil {
			return nil, fmt.Errorf("reading a golden graph: %w", err)
		}

		var golden struct {
			Deployment struct {
				Resources []resource `json:"resources"`
			} `json:"deployment"`
		}
		if err := json.Unmarshal(text, &golden); err != nil {
			return nil, fmt.Errorf("decoding the golden graph of %s: %w", environment, err)
		}

		for _, r := range golden.Deployment.Resources {
			if component := below.FindStringSubmatch(r.Parent); component != nil {
				at := place{component[1], r.Type, environment}
				made[at] = append(made[at], r.URN[strings.LastIndex(r.URN, ":")+1:])
			}
		}
	}

	return made, nil
}

// zone ends the name of what there is one of in each zone.
var zone = regexp.MustCompile(`-[a-h]$`)

// resources counts what a component makes, by type.
func resources(made map[place][]string, component string) table {
	t := table{Title: "Resources", Head: slices.Concat([]string{"Type"}, environments(), []string{"Names"})}

	kinds := make(map[string]bool)

	for at := range made {
		if at.component == component {
			kinds[at.kind] = true
		}
	}

	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		row, patterns := []string{code(kind)}, []string(nil)

		for _, environment := range environments() {
			names := made[place{component, kind, environment}]
			row = append(row, strconv.Itoa(len(names)))

			for _, name := range names {
				patterns = append(patterns, zone.ReplaceAllString(name, "-<zone>"))
			}
		}

		slices.Sort(patterns)
		t.Rows = append(t.Rows, append(row, code(strings.Join(slices.Compact(patterns), "`, `"))))
	}

	return t
}
