package charttest_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/msur/platform/apps/charttest/schemas"
)

// own are the templates and suites that a service has for itself; all others are those of every service.
func own() []string {
	return []string{
		"templates/_store.tpl", "templates/migration.yaml", "tests/store_test.yaml", "tests/migration_test.yaml",
	}
}

// stores are the parts of a schema that differ between services.
func stores() []string { return []string{"mysql", "redis"} }

func TestServicesShareTheirTemplates(t *testing.T) {
	t.Parallel()

	var first map[string]string

	for _, service := range services(t) {
		shared := make(map[string]string)

		for _, template := range load(t, service).Templates {
			if !slices.Contains(own(), template.Name) {
				shared[template.Name] = string(template.Data)
			}
		}

		ignored, err := os.ReadFile(filepath.Clean(filepath.Join(apps, service, "chart", ".helmignore")))
		require.NoError(t, err)

		shared[".helmignore"] = string(ignored)
		maps.Copy(shared, suites(t, service))

		if first == nil {
			first = shared
		}

		assert.Equal(t, first, shared, service)
	}
}

// suites are those that a service shares, without its name.
func suites(t *testing.T, service string) map[string]string {
	t.Helper()

	files, err := filepath.Glob(filepath.Join(apps, service, "chart", "tests", "*.yaml"))
	require.NoError(t, err)

	found := make(map[string]string)

	for _, file := range files {
		name := "tests/" + filepath.Base(file)
		if slices.Contains(own(), name) {
			continue
		}

		text, err := os.ReadFile(filepath.Clean(file))
		require.NoError(t, err)

		found[name] = strings.ReplaceAll(string(text), service, "<name>")
	}

	return found
}

func TestServicesShareTheirSchema(t *testing.T) {
	t.Parallel()

	var first values

	for _, service := range services(t) {
		shared := withoutStore(t, load(t, service))
		if first == nil {
			first = shared
		}

		assert.Equal(t, first, shared, service)
	}
}

// withoutStore is the schema of a chart, of a service that needs no store.
func withoutStore(t *testing.T, loaded *chart.Chart) values {
	t.Helper()

	var schema values

	require.NoError(t, json.Unmarshal(loaded.Schema, &schema))

	delete(schema, "if")
	delete(schema, "then")
	delete(at(t, schema, "properties"), "store")
	delete(at(t, schema, "definitions"), "cidr")
	delete(at(t, schema, "definitions"), "cidrs")
	schema["required"] = without(t, schema["required"], "store")

	platform := at(t, schema, "properties", "platform")
	for _, store := range stores() {
		delete(at(t, platform, "properties"), store)
		platform["required"] = without(t, platform["required"], store)
	}

	return schema
}

func without(t *testing.T, list any, name string) []any {
	t.Helper()

	all, is := list.([]any)
	require.True(t, is)

	return slices.DeleteFunc(all, func(one any) bool { return one == name })
}

// at finds an object in others.
func at(t *testing.T, object values, path ...string) values {
	t.Helper()

	for _, key := range path {
		inner, is := object[key].(values)
		require.True(t, is, "%s of %v", key, path)

		object = inner
	}

	return object
}

// The next service may need no store: then its _store.tpl is empty.
func TestAServiceMayHaveNoStore(t *testing.T) {
	t.Parallel()

	const (
		service = "reservations"
		nothing = `{{- define "store.env" }}{{ end }}{{ define "store.mounts" }}{{ end }}` +
			`{{ define "store.volumes" }}{{ end }}{{ define "store.egress" }}{{ end -}}`
	)

	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join(apps, service, "chart"))))
	require.NoError(t, os.WriteFile(filepath.Join(folder, own()[0]), []byte(nothing), 0o600))

	loaded, err := loader.Load(folder)
	require.NoError(t, err)

	loaded.Schema, err = json.Marshal(withoutStore(t, loaded))
	require.NoError(t, err)

	told := told(t, service, "sandbox")
	for _, store := range stores() {
		delete(at(t, loaded.Values, "platform"), store)
		delete(at(t, told, "platform"), store)
	}

	delete(loaded.Values, "store")

	made, err := try(loaded, told)
	require.NoError(t, err)
	assert.Empty(t, invalid(t, schemas.Versions()[0], manifest(made)))

	policies := of[networkingv1.NetworkPolicy](t, parse(t, manifest(made)), "NetworkPolicy")
	assert.Len(t, policies[1].Spec.Egress, 1, "names alone")
}
