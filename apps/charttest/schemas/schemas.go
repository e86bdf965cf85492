// Package schemas holds what each Kubernetes minor in support takes: a JSON schema of the kinds that charts may have,
// made from the OpenAPI text in Kubernetes' own module. It is strict: a field that Kubernetes would ignore is an error.
package schemas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

//go:generate go run ./generate

// Versions are the releases of Kubernetes that there is a schema of, in <version>.json: one for each minor in support.
func Versions() []string { return []string{"v1.34.1", "v1.35.0", "v1.36.0"} }

// kinds are what charts may have. Whatever else one renders is an error, and to be added here.
func kinds() []kind {
	return []kind{
		{"", "v1", "LimitRange"},
		{"", "v1", "Pod"},
		{"", "v1", "ResourceQuota"},
		{"", "v1", "Service"},
		{"", "v1", "ServiceAccount"},
		{"apps", "v1", "Deployment"},
		{"autoscaling", "v2", "HorizontalPodAutoscaler"},
		{"batch", "v1", "Job"},
		{"networking.k8s.io", "v1", "Ingress"},
		{"networking.k8s.io", "v1", "NetworkPolicy"},
		{"policy", "v1", "PodDisruptionBudget"},
	}
}

type kind struct {
	Group   string `json:"group"`
	Version string `json:"version"`
	Kind    string `json:"kind"`
}

// apiVersion is how an object writes the group and the version.
func (k kind) apiVersion() string { return strings.TrimPrefix(k.Group+"/"+k.Version, "/") }

// Download finds the OpenAPI text of a release in the module cache, or brings it there. Go checks its sum.
func Download(ctx context.Context, version string) ([]byte, error) {
	module := "k8s.io/kubernetes@" + version

	// It says what was wrong in its output.
	answer, err := exec.CommandContext(ctx, "go", "mod", "download", "-json", module).Output()

	var found struct {
		Dir   string `json:"Dir"`
		Error string `json:"Error"`
	}
	if failed := json.Unmarshal(answer, &found); failed != nil || found.Error != "" {
		return nil, fmt.Errorf("downloading %s: %w", module, errors.Join(err, failed, errors.New(found.Error)))
	}

	text, err := os.ReadFile(filepath.Join(found.Dir, "api", "openapi-spec", "swagger.json"))
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI text of %s: %w", module, err)
	}

	return text, nil
}

// object is one of JSON.
type object = map[string]any

// From makes the schema of an OpenAPI text.
func From(openAPI []byte) ([]byte, error) {
	var text struct {
		Definitions map[string]*definition `json:"definitions"`
	}
	if err := json.Unmarshal(openAPI, &text); err != nil {
		return nil, fmt.Errorf("reading the OpenAPI text: %w", err)
	}

	kept := make(map[string]*definition)
	known := make([]string, 0, len(kinds()))
	rules := make([]object, 0, len(kinds()))

	for _, kind := range kinds() {
		name, err := find(text.Definitions, kind)
		if err != nil {
			return nil, err
		}

		keep(kept, text.Definitions, name)

		known = append(known, kind.Kind)
		rules = append(rules, rule(kind, name))
	}

	schema, err := json.MarshalIndent(object{
		"$schema":     "http://json-schema.org/draft-07/schema#",
		"allOf":       append(rules, has("kind", object{"enum": known})),
		"definitions": kept,
	}, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing the schema: %w", err)
	}

	return append(schema, '\n'), nil
}

// find returns the name of the definition that describes a kind.
func find(all map[string]*definition, wanted kind) (string, error) {
	for name, definition := range all {
		if slices.Contains(definition.Kinds, wanted) {
			return name, nil
		}
	}

	return "", fmt.Errorf("looking for %s %s: the OpenAPI text has no such kind", wanted.apiVersion(), wanted.Kind)
}

// rule has objects of a kind follow its definition.
func rule(kind kind, name string) object {
	return object{
		"if":   has("kind", object{"const": kind.Kind}),
		"then": object{"allOf": []object{has("apiVersion", object{"const": kind.apiVersion()}), {"$ref": reference + name}}},
	}
}

// has is a schema of one property.
func has(property string, schema object) object {
	return object{"properties": object{property: schema}}
}

// keep adds a definition, and those that it refers to.
func keep(kept, all map[string]*definition, name string) {
	if _, is := kept[name]; is {
		return
	}

	definition := all[name].strict(name)
	kept[name] = definition

	for _, referred := range definition.references() {
		keep(kept, all, referred)
	}
}
