package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// environments are those that have a golden graph.
func environments() []string { return []string{"sandbox", "staging"} }

// resource is one of a golden graph.
type resource struct {
	URN          string         `json:"urn"`
	ID           string         `json:"id"`
	Type         string         `json:"type"`
	Provider     string         `json:"provider"`
	Inputs       map[string]any `json:"inputs"`
	Dependencies []string       `json:"dependencies"`
}

// graph is a golden graph.
type graph struct{ resources []resource }

func readGraph(files fs.FS, environment string) (*graph, error) {
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

	return &graph{resources: golden.Deployment.Resources}, nil
}

// of are the resources whose type ends so, as in "/subnet:Subnet".
func (g *graph) of(kind string) []resource {
	var found []resource

	for _, r := range g.resources {
		if strings.HasSuffix(r.Type, kind) {
			found = append(found, r)
		}
	}

	return found
}

// byID is the resource with an id.
func (g *graph) byID(id string) (resource, error) {
	for _, r := range g.resources {
		if r.ID == id && id != "" {
			return r, nil
		}
	}

	return resource{}, fmt.Errorf("the golden graph has no resource with the id %q", id)
}

// name is the logical one.
func (r resource) name() string { return r.URN[strings.LastIndex(r.URN, ":")+1:] }

// owner finds the component at the top that a resource is of, in its URN.
var owner = regexp.MustCompile(`::platform:([a-z]+):[A-Za-z]+(?:\$|::)`)

// component is that at the top; empty for what is in none.
func (r resource) component() string {
	if found := owner.FindStringSubmatch(r.URN); found != nil {
		return found[1]
	}

	return ""
}

// kind is the last word of the type, as in "Subnet".
func (r resource) kind() string { return r.Type[strings.LastIndex(r.Type, ":")+1:] }

// text is an input that is a text; empty where it is not.
func (r resource) text(name string) string {
	text, _ := r.Inputs[name].(string)

	return text
}

// number is an input that is one.
func (r resource) number(name string) int {
	number, _ := r.Inputs[name].(float64)

	return int(number)
}

// texts is an input that is a list of texts.
func (r resource) texts(name string) []string {
	list, _ := r.Inputs[name].([]any)

	texts := make([]string, 0, len(list))
	for _, one := range list {
		texts = append(texts, fmt.Sprint(one))
	}

	return texts
}
