package charttest_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// minors returns a release of each supported Kubernetes minor. The folder schemas has a JSON schema for each: strict,
// so that a field that Kubernetes would ignore is an error.
func minors() []string { return []string{"v1.34.1", "v1.35.0", "v1.36.0"} }

// kinds returns the kinds that charts may render. Add a kind here before a chart renders it.
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

func TestTheSchemasAreThoseOfKubernetes(t *testing.T) {
	t.Parallel()

	for _, release := range minors() {
		t.Run(release, func(t *testing.T) {
			t.Parallel()

			want := schema(t, openAPI(t, release))
			file := filepath.Join("schemas", release+".json")

			if *update {
				require.NoError(t, os.WriteFile(file, want, 0o600))
			}

			got, err := os.ReadFile(filepath.Clean(file))
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got), "run go test . -run TestTheSchemas -update")
		})
	}
}

// openAPI returns the OpenAPI document of a release, from Kubernetes' own module. Go verifies its checksum.
func openAPI(t *testing.T, release string) []byte {
	t.Helper()

	module := "k8s.io/kubernetes@" + release

	output, err := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", module).Output()
	if err != nil && os.Getenv("CI") != "true" {
		t.Skipf("cannot download %s: %v: %s", module, err, output)
	}

	require.NoError(t, err, string(output))

	var downloaded struct {
		Dir string `json:"Dir"`
	}

	require.NoError(t, json.Unmarshal(output, &downloaded))

	document, err := os.ReadFile(filepath.Join(downloaded.Dir, "api", "openapi-spec", "swagger.json"))
	require.NoError(t, err)

	return document
}

// definition is the part of an OpenAPI definition that decides whether an object is valid.
type definition struct {
	Ref        string                 `json:"$ref,omitempty"`
	Type       any                    `json:"type,omitempty"`
	Format     string                 `json:"format,omitempty"`
	Required   []string               `json:"required,omitempty"`
	Items      *definition            `json:"items,omitempty"`
	Properties map[string]*definition `json:"properties,omitempty"`
	Additional *definition            `json:"additionalProperties,omitempty"`
	Not        *definition            `json:"not,omitempty"`
	Kinds      []kind                 `json:"x-kubernetes-group-version-kind,omitempty"`
}

const reference = "#/definitions/"

// schema returns the JSON schema of the kinds.
func schema(t *testing.T, openAPI []byte) []byte {
	t.Helper()

	var document struct {
		Definitions map[string]*definition `json:"definitions"`
	}

	require.NoError(t, json.Unmarshal(openAPI, &document))

	has := func(property string, schema values) values { return values{"properties": values{property: schema}} }
	names, rules, described := []string{}, []values{}, []string{}

	for i, kind := range kinds() {
		apiVersion := strings.TrimPrefix(kind.Group+"/"+kind.Version, "/")
		names = append(names, kind.Kind)

		for name, definition := range document.Definitions {
			if slices.Contains(definition.Kinds, kind) {
				described = append(described, name)
				rules = append(rules, values{
					"if":   has("kind", values{"const": kind.Kind}),
					"then": values{"allOf": []values{has("apiVersion", values{"const": apiVersion}), {"$ref": reference + name}}},
				})
			}
		}

		require.Len(t, rules, i+1, "%s %s must have one definition", apiVersion, kind.Kind)
	}

	kept := make(map[string]*definition)

	for _, name := range described {
		addDefinition(kept, document.Definitions, name)
	}

	text, err := json.MarshalIndent(values{
		"$schema":     "http://json-schema.org/draft-07/schema#",
		"allOf":       append(rules, has("kind", values{"enum": names})),
		"definitions": kept,
	}, "", " ")
	require.NoError(t, err)

	return append(text, '\n')
}

// addDefinition adds a definition, made strict, and the definitions that it refers to.
func addDefinition(kept, all map[string]*definition, name string) {
	if kept[name] != nil {
		return
	}

	kept[name] = all[name]

	// The OpenAPI document says string, and the API accepts both.
	if name == "io.k8s.apimachinery.pkg.api.resource.Quantity" {
		all[name].Type = []string{"number", "string"}
	}

	for _, referred := range all[name].restrict() {
		addDefinition(kept, all, referred)
	}
}

// restrict makes the definition refuse properties that it does not list, and returns the names of the definitions that
// it refers to.
func (d *definition) restrict() []string {
	if d == nil {
		return nil
	}

	if d.Format == "int-or-string" {
		d.Type = []string{"integer", "string"}
	}

	d.Format, d.Kinds = "", nil
	names := append(d.Items.restrict(), d.Additional.restrict()...)

	for _, property := range d.Properties {
		names = append(names, property.restrict()...)
	}

	if len(d.Properties) > 0 {
		d.Additional = &definition{Not: &definition{}}
	}

	if name, ok := strings.CutPrefix(d.Ref, reference); ok {
		names = append(names, name)
	}

	return names
}
