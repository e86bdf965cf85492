package main

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
)

// drawn is the environment whose network is drawn.
const drawn = "staging"

// architecture returns docs/architecture.md with current drawings.
func architecture(files fs.FS) ([]byte, error) {
	graphs, err := readGraphs(files, goldens)
	if err != nil {
		return nil, err
	}

	i := slices.IndexFunc(graphs, func(g graph) bool { return g.name == drawn })
	if i < 0 {
		return nil, fmt.Errorf("found no golden graph of %s: run make golden", drawn)
	}

	network, err := drawNetwork(graphs[i])
	if err != nil {
		return nil, fmt.Errorf("drawing the network of %s: %w", drawn, err)
	}

	page, err := fs.ReadFile(files, "docs/architecture.md")
	if err != nil {
		return nil, fmt.Errorf("reading the page: %w", err)
	}

	return place(string(page), map[string]string{"needs": drawNeeds(graphs), "network": network})
}

// marked matches a drawing and its markers.
var marked = regexp.MustCompile(`(?s)<!-- drawing: ([a-z]+) -->\n.*?<!-- end of drawing -->`)

// place puts each drawing between its markers in a page.
func place(page string, drawings map[string]string) ([]byte, error) {
	var markers []string

	page = marked.ReplaceAllStringFunc(page, func(part string) string {
		name := marked.FindStringSubmatch(part)[1]
		markers = append(markers, name)

		return "<!-- drawing: " + name + " -->\n```mermaid\n" + drawings[name] + "```\n<!-- end of drawing -->"
	})

	slices.Sort(markers)

	if expected := slices.Sorted(maps.Keys(drawings)); !slices.Equal(markers, expected) {
		return nil, fmt.Errorf("the page has markers for the drawings %q, expected %q", markers, expected)
	}

	return []byte(page), nil
}
