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
func readGraphs(files fs.FS, pattern string) ([]*graph, error) {
	found, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, fmt.Errorf("listing the golden graphs %s: %w", pattern, err)
	}

	graphs := make([]*graph, 0, len(found))

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

		name := strings.TrimSuffix(path.Base(file), ".json")
		graphs = append(graphs, &graph{name: name, resources: golden.Deployment.Resources})
	}

	return graphs, nil
}

// names returns the names of graphs.
func names(graphs []*graph) []string {
	all := make([]string, 0, len(graphs))
	for _, g := range graphs {
		all = append(all, g.name)
	}

	return all
}

// ofType returns the resources whose type ends in a suffix such as "/subnet:Subnet".
func (g *graph) ofType(suffix string) []resource {
	var found []resource

	for _, r := range g.resources {
		if strings.HasSuffix(r.Type, suffix) {
			found = append(found, r)
		}
	}

	return found
}

// byID returns the resource with an ID.
func (g *graph) byID(id string) (resource, error) {
	for _, r := range g.resources {
		if r.ID == id && id != "" {
			return r, nil
		}
	}

	return resource{}, fmt.Errorf("the golden graph has no resource with the ID %q", id)
}

// name returns the logical name.
func (r resource) name() string { return r.URN[strings.LastIndex(r.URN, ":")+1:] }

// topComponent matches the outermost component in a URN.
var topComponent = regexp.MustCompile(`::platform:([a-z]+):[A-Za-z]+(?:\$|::)`)

// component returns the name of the outermost component that contains a resource, or "".
func (r resource) component() string {
	if found := topComponent.FindStringSubmatch(r.URN); found != nil {
		return found[1]
	}

	return ""
}

// kind returns the last part of the type, such as "Subnet".
func (r resource) kind() string { return r.Type[strings.LastIndex(r.Type, ":")+1:] }

// text returns an input that is a string, or "".
func (r resource) text(name string) string {
	value, _ := r.Inputs[name].(string)

	return value
}

// number returns an input that is a number, or 0.
func (r resource) number(name string) int {
	value, _ := r.Inputs[name].(float64)

	return int(value)
}

// texts returns an input that is a list of strings.
func (r resource) texts(name string) []string {
	list, _ := r.Inputs[name].([]any)

	values := make([]string, 0, len(list))
	for _, value := range list {
		values = append(values, fmt.Sprint(value))
	}

	return values
}
