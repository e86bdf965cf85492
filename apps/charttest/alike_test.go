package charttest_test

import (
	"encoding/json"
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
)

// own returns the templates and suites that depend on the store. All others are the same in every service (decision
// 0025).
func own() []string {
	return []string{
		"templates/_store.tpl", "templates/migration.yaml", "tests/store_test.yaml", "tests/migration_test.yaml",
	}
}

// stores returns the parts of a schema that differ between services.
func stores() []string { return []string{"mysql", "redis"} }

// Services share all templates and suites, except those of their store. Services with the same store share these too.
func TestServicesShareTheirTemplates(t *testing.T) {
	t.Parallel()

	first := make(map[string]map[string]string)

	for _, service := range services(t) {
		shared, ofStore := templates(t, service)

		for kind, files := range map[string]map[string]string{"every service": shared, needs(t, service): ofStore} {
			if first[kind] == nil {
				first[kind] = files
			}

			assert.Equal(t, first[kind], files, "%s, as %s", service, kind)
		}
	}
}

// needs returns the stores of a service.
func needs(t *testing.T, service string) string {
	t.Helper()

	platform := at(t, load(t, service).Values, "platform")

	needs := slices.DeleteFunc(stores(), func(store string) bool { return platform[store] == nil })

	return "needs " + strings.Join(needs, ", ")
}

// templates returns the templates and suites that every service shares, and those that depend on the store, without the
// service's name.
func templates(t *testing.T, service string) (map[string]string, map[string]string) {
	t.Helper()

	shared, ofStore := make(map[string]string), make(map[string]string)

	for _, pattern := range []string{".helmignore", "templates/*", "templates/*/*", "tests/*.yaml"} {
		files, err := filepath.Glob(filepath.Join(apps, service, "chart", pattern))
		require.NoError(t, err)

		for _, file := range files {
			text, err := os.ReadFile(filepath.Clean(file))
			if info, _ := os.Stat(file); info.IsDir() {
				continue
			}

			require.NoError(t, err)

			name, err := filepath.Rel(filepath.Join(apps, service, "chart"), file)
			require.NoError(t, err)

			target := shared
			if slices.Contains(own(), name) {
				target = ofStore
			}

			target[name] = strings.ReplaceAll(string(text), service, "<name>")
		}
	}

	require.NotEmpty(t, shared)

	return shared, ofStore
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

// withoutStore returns the schema of a chart as it would be without a store.
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

	all, ok := list.([]any)
	require.True(t, ok)

	return slices.DeleteFunc(all, func(one any) bool { return one == name })
}

// at returns the object at a path.
func at(t *testing.T, object values, path ...string) values {
	t.Helper()

	for _, key := range path {
		inner, ok := object[key].(values)
		require.True(t, ok, "%s of %v", key, path)

		object = inner
	}

	return object
}

// The templates of _store.tpl are empty in a service without a store.
func TestAServiceCanHaveNoStore(t *testing.T) {
	t.Parallel()

	const (
		service = "reservations"
		empty   = `{{- define "store.env" }}{{ end }}{{ define "store.mounts" }}{{ end }}` +
			`{{ define "store.volumes" }}{{ end }}{{ define "store.egress" }}{{ end -}}`
	)

	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join(apps, service, "chart"))))
	require.NoError(t, os.WriteFile(filepath.Join(folder, own()[0]), []byte(empty), 0o600))

	loaded, err := loader.Load(folder)
	require.NoError(t, err)

	loaded.Schema, err = json.Marshal(withoutStore(t, loaded))
	require.NoError(t, err)

	given := valuesIn(t, service, "sandbox")
	for _, store := range stores() {
		delete(at(t, loaded.Values, "platform"), store)
		delete(at(t, given, "platform"), store)
	}

	delete(loaded.Values, "store")

	release, err := try(loaded, given)
	require.NoError(t, err)
	assert.Empty(t, invalid(t, minors()[0], manifest(release)))

	policies := of[networkingv1.NetworkPolicy](t, parse(t, manifest(release)), "NetworkPolicy")
	assert.Len(t, policies[1].Spec.Egress, 1, "only DNS")
}
