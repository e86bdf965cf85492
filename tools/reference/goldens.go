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

// alone is the place, instead of an environment, of a component's own golden graph: that of a component which no
// environment has.
const alone = ""

// readGoldens returns the names of what the components make.
func readGoldens(files fs.FS) (map[place][]string, error) {
	made := make(map[place][]string)

	for _, environment := range environments() {
		if err := readGolden(files, "stacks/testdata/"+environment+".json", environment, made); err != nil {
			return nil, err
		}
	}

	own, err := fs.Glob(files, "components/*/testdata/*.json")
	if err != nil {
		return nil, fmt.Errorf("looking for golden graphs of components: %w", err)
	}

	for _, file := range own {
		if err := readGolden(files, file, alone, made); err != nil {
			return nil, err
		}
	}

	return made, nil
}

// readGolden adds the names of one golden graph.
func readGolden(files fs.FS, file, environment string, made map[place][]string) error {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return fmt.Errorf("reading a golden graph: %w", err)
	}

	var golden struct {
		Deployment struct {
			Resources []resource `json:"resources"`
		} `json:"deployment"`
	}
	if err := json.Unmarshal(text, &golden); err != nil {
		return fmt.Errorf("decoding the golden graph %s: %w", file, err)
	}

	for _, r := range golden.Deployment.Resources {
		if component := below.FindStringSubmatch(r.Parent); component != nil {
			at := place{component[1], r.Type, environment}
			made[at] = append(made[at], r.URN[strings.LastIndex(r.URN, ":")+1:])
		}
	}

	return nil
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

		for _, environment := range append(environments(), alone) {
			names := made[place{component, kind, environment}]
			if environment != alone {
				row = append(row, strconv.Itoa(len(names)))
			}

			for _, name := range names {
				patterns = append(patterns, zone.ReplaceAllString(name, "-<zone>"))
			}
		}

		slices.Sort(patterns)
		t.Rows = append(t.Rows, append(row, code(strings.Join(slices.Compact(patterns), "`, `"))))
	}

	return t
}
