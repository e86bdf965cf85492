package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/controls"
)

// The resources of all zones are shown as one, and so are the elements of a list.
var (
	zone  = regexp.MustCompile(`-[a-h]$`)
	index = regexp.MustCompile(`\[\d+\]`)
)

// evidence lists resources by their logical names, with their properties. Resources with the same properties share an
// entry.
func evidence(all []controls.Evidence) string {
	properties := make(map[string][]string)

	for _, e := range all {
		name := zone.ReplaceAllString(e.Name(), "-<zone>")
		properties[name] = append(properties[name], index.ReplaceAllString(e.Property, ""))
	}

	var entries []string

	resources := make(map[string][]string)

	for _, name := range slices.Sorted(maps.Keys(properties)) {
		slices.Sort(properties[name])

		list := code(slices.Compact(properties[name]))
		if resources[list] == nil {
			entries = append(entries, list)
		}

		resources[list] = append(resources[list], name)
	}

	for i, list := range entries {
		entries[i] = code(resources[list]) + ": " + list
	}

	return strings.Join(entries, "; ")
}

// code formats words as code.
func code(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }
