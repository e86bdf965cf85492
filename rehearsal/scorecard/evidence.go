package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/controls"
)

// Of several zones, and of several rules or disks, one says what all say.
var (
	zone  = regexp.MustCompile(`-[a-h]$`)
	index = regexp.MustCompile(`\[\d+\]`)
)

// evidence is a list of resources, by their logical names, with the properties that count; resources with the same
// properties stand together.
func evidence(all []controls.Evidence) string {
	properties := make(map[string][]string)

	var resources []string

	for _, one := range all {
		name := zone.ReplaceAllString(one.URN.Name(), "-<zone>")
		if properties[name] == nil {
			resources = append(resources, name)
		}

		properties[name] = append(properties[name], index.ReplaceAllString(one.Property, ""))
	}

	slices.Sort(resources)

	alike := make(map[string][]string)

	var order []string

	for _, name := range resources {
		slices.Sort(properties[name])

		of := codes(slices.Compact(properties[name]))
		if alike[of] == nil {
			order = append(order, of)
		}

		alike[of] = append(alike[of], name)
	}

	parts := make([]string, 0, len(order))
	for _, of := range order {
		parts = append(parts, codes(alike[of])+": "+of)
	}

	return strings.Join(parts, "; ")
}

// codes are words as code.
func codes(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }
