package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// goldens are the golden graphs of the environments.
const goldens = "stacks/testdata/*.json"

// resource is one resource of a golden graph.
type resource struct {
	URN          string         `json:"urn"`
	ID           string         `json:"id"`
	Type         string         `json:"type"`
	Parent       string         `json:"parent"`
	Provider     string         `json:"provider"`
	Inputs       map[string]any `json:"inputs"`
	Dependencies []string       `json:"dependencies"`
}

// graph is a golden graph. Its name is that of the environment, or of the component, that it describes.
type graph struct {
	name      string
	resources []resource
}

// readGraphs reads the golden graphs that match a pattern, in the order of their names.
func readGraphs(files fs.FS, pattern string) ([]graph, error) {
	found, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, fmt.Errorf("listing the golden graphs %s: %w", pattern, err)
	}

	var graphs []graph

	for _, file := range found {
		content, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("reading a golden graph: %w", err)
		}

		var golden struct {
			Deployment struct {
				Resources []resource `json:"resources"`
			} `json:"deployment"`
		}
		if err := json.Unmarshal(content, &golden); err != nil {
			return nil, fmt.Errorf("decoding the golden graph %s: %w", file, err)
		}

		graphs = append(graphs, graph{strings.TrimSuffix(path.Base(file), ".json"), golden.Deployment.Resources})
	}

	return graphs, nil
}

// ofKind returns the resources of a kind, such as "Subnet".
func (g graph) ofKind(kind string) []resource {
	var found []resource

	for _, r := range g.resources {
		if r.kind() == kind {
			found = append(found, r)
		}
	}

	return found
}

// name returns the logical name.
func (r resource) name() string { return r.URN[strings.LastIndex(r.URN, ":")+1:] }

// kind returns the last part of the type, such as "Subnet".
func (r resource) kind() string { return r.Type[strings.LastIndex(r.Type, ":")+1:] }

// text returns an input, or "" if it is not set.
func (r resource) text(name string) string {
	if value := r.Inputs[name]; value != nil {
		return fmt.Sprint(value)
	}

	return ""
}

// texts returns an input that is a list.
func (r resource) texts(name string) []string {
	list, _ := r.Inputs[name].([]any)

	values := make([]string, 0, len(list))
	for _, value := range list {
		values = append(values, fmt.Sprint(value))
	}

	return values
}

// topComponent matches the outermost component in a URN.
var topComponent = regexp.MustCompile(`[:$]platform:([a-z]+):`)

// componentOf returns the name of the outermost component in a URN, or "".
func componentOf(urn string) string {
	if found := topComponent.FindStringSubmatch(urn); found != nil {
		return found[1]
	}

	return ""
}
