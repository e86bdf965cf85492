// Command drawings writes those drawings of docs/architecture.md that can be read off: what imports what, from the
// code, and what an environment is, from its golden graph. It runs in the root of the repository.
package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

// target is the document whose drawings are written, each between its markers.
const target = "docs/architecture.md"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "drawing:", err)
		os.Exit(1)
	}
}

func run() error {
	packages, err := list(".")
	if err != nil {
		return err
	}

	text, err := generate(os.DirFS("."), packages)
	if err != nil {
		return err
	}

	if err := os.WriteFile(target, text, 0o600); err != nil {
		return fmt.Errorf("writing the document: %w", err)
	}

	return nil
}

// generate returns the document with its drawings as they should be.
func generate(files fs.FS, packages imports) ([]byte, error) {
	graphs := make(map[string]*graph)

	for _, environment := range environments() {
		read, err := readGraph(files, environment)
		if err != nil {
			return nil, err
		}

		graphs[environment] = read
	}

	network, err := drawNetwork(graphs["staging"])
	if err != nil {
		return nil, fmt.Errorf("the network of staging: %w", err)
	}

	document, err := fs.ReadFile(files, target)
	if err != nil {
		return nil, fmt.Errorf("opening the document: %w", err)
	}

	return place(string(document), map[string]string{
		"imports": drawImports(packages),
		"needs":   drawComponents(graphs),
		"network": network,
	})
}

// marked finds what stands between two markers.
var marked = regexp.MustCompile(`(?s)<!-- drawing: ([a-z]+) -->\n.*?<!-- end of drawing -->`)

// place puts drawings between the markers that name them.
func place(document string, drawings map[string]string) ([]byte, error) {
	placed := make(map[string]bool)

	var unknown []string

	text := marked.ReplaceAllStringFunc(document, func(part string) string {
		name := marked.FindStringSubmatch(part)[1]

		drawing, known := drawings[name]
		if !known {
			unknown = append(unknown, name)
		}

		placed[name] = true

		return "<!-- drawing: " + name + " -->\n```mermaid\n" + drawing + "```\n<!-- end of drawing -->"
	})

	if len(unknown) > 0 {
		return nil, fmt.Errorf("%s has markers of drawings that there are not: %s", target, strings.Join(unknown, ", "))
	}

	for _, name := range slices.Sorted(maps.Keys(drawings)) {
		if !placed[name] {
			return nil, fmt.Errorf("%s has no markers for the drawing %s", target, name)
		}
	}

	return []byte(text), nil
}
