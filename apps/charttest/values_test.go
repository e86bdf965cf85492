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
	yamlv3 "go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// property is a value in the schema of a chart.
type property struct {
	Ref        string              `json:"$ref"`
	Type       string              `json:"type"`
	Properties map[string]property `json:"properties"`
	Additional *bool               `json:"additionalProperties"`
	Enum       []any               `json:"enum"`
	Examples   []any               `json:"examples"`
	// Definitions are those of the schema.
	Definitions map[string]property `json:"definitions"`
}

// options returns the values of a service's chart, by their paths.
func options(t *testing.T, service string) map[string]property {
	t.Helper()

	var schema property

	require.NoError(t, json.Unmarshal(load(t, service).Schema, &schema))

	found := make(map[string]property)
	schema.collect(t, "", schema.Definitions, found)

	return found
}

func (p property) collect(t *testing.T, path string, definitions, found map[string]property) {
	t.Helper()

	if name, ok := strings.CutPrefix(p.Ref, "#/definitions/"); ok {
		p = definitions[name]
	}

	if len(p.Properties) == 0 {
		found[path] = p

		return
	}

	if assert.NotNil(t, p.Additional, "%s accepts any key", path) {
		assert.False(t, *p.Additional, "%s accepts any key", path)
	}

	for key, inner := range p.Properties {
		inner.collect(t, strings.TrimPrefix(path+"."+key, "."), definitions, found)
	}
}

// leaves returns the paths of the values in an object. A list is one value.
func leaves(object values) []string {
	var paths []string

	for key, value := range object {
		inner, ok := value.(values)
		if !ok {
			paths = append(paths, key)
		}

		for _, path := range leaves(inner) {
			paths = append(paths, key+"."+path)
		}
	}

	return paths
}

// If both set a value, that of the program would win, and a release could not change it.
func TestTheProgramAndAReleaseSetDifferentValues(t *testing.T) {
	t.Parallel()

	each(t, func(t *testing.T, service, environment string) {
		t.Helper()

		program, release := leaves(platformValues(t, service, environment)), leaves(releaseValues(t, service, environment))
		known := slices.Sorted(maps.Keys(options(t, service)))

		assert.Subset(t, known, slices.Concat(program, release))

		for _, option := range known {
			ofPlatform := strings.HasPrefix(option, "platform.")
			assert.Equal(t, ofPlatform, slices.Contains(program, option), "%s, passed by the program", option)
			assert.False(t, ofPlatform && slices.Contains(release, option), "%s, set by a release", option)
		}
	})
}

func TestEveryValueHasADefaultAndAComment(t *testing.T) {
	t.Parallel()

	for _, service := range services(t) {
		text, err := os.ReadFile(filepath.Clean(filepath.Join(apps, service, "chart", "values.yaml")))
		require.NoError(t, err)

		var document yamlv3.Node

		require.NoError(t, yamlv3.Unmarshal(text, &document))

		documented := comments(t, "", document.Content[0])

		assert.ElementsMatch(t, slices.Collect(maps.Keys(options(t, service))), slices.Collect(maps.Keys(documented)))

		for path, comment := range documented {
			assert.NotEmpty(t, comment, "%s: %s", service, path)
		}
	}
}

// comments returns the comment above each value. Each object must have a comment too.
func comments(t *testing.T, path string, mapping *yamlv3.Node) map[string]string {
	t.Helper()

	found := make(map[string]string)

	for pair := range slices.Chunk(mapping.Content, 2) {
		key, value := pair[0], pair[1]
		inner := strings.TrimPrefix(path+"."+key.Value, ".")

		if value.Kind == yamlv3.MappingNode {
			assert.NotEmpty(t, key.HeadComment, inner)
			maps.Copy(found, comments(t, inner, value))
		} else {
			found[inner] = key.HeadComment
		}
	}

	return found
}

// The test changes each value, and the manifest must change with it.
func TestEveryValueIsUsed(t *testing.T) {
	t.Parallel()

	for _, service := range services(t) {
		loaded := load(t, service)

		for path, option := range options(t, service) {
			used := false

			for _, given := range places(t, service) {
				before, err := try(loaded, runtime.DeepCopyJSON(given))
				require.NoError(t, err)

				after, err := try(loaded, changed(t, merge(loaded.Values, given), path, option))
				used = used || err == nil && manifest(before) != manifest(after)
			}

			// Every chart gets the region. Only a service that signs tokens needs it.
			unused := path == "platform.region" && loaded.Values["store"] == nil
			assert.NotEqual(t, unused, used, "%s: whether %s changes anything", service, path)
		}
	}
}

// changed returns the values with another value at the path.
func changed(t *testing.T, given values, path string, option property) values {
	t.Helper()

	keys := strings.Split(path, ".")

	now, ok, err := unstructured.NestedFieldNoCopy(given, keys...)
	require.NoError(t, err)
	require.True(t, ok, path)
	require.NoError(t, unstructured.SetNestedField(given, another(t, path, now, option), keys...))

	return given
}

// another returns a valid value other than the current one.
func another(t *testing.T, path string, now any, option property) any {
	t.Helper()

	for _, other := range slices.Concat(option.Enum, option.Examples) {
		if other != nil && !assert.ObjectsAreEqual(other, now) {
			return other
		}
	}

	switch now := now.(type) {
	case bool:
		return !now
	case int64:
		return now + 1
	case float64:
		return now + 1
	}

	require.Fail(t, "the schema needs an example", path)

	return nil
}

func TestInvalidValuesAreErrors(t *testing.T) {
	t.Parallel()

	const digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

	for _, service := range services(t) {
		loaded := load(t, service)

		wrongs := map[string]values{
			"hots":             {"platform": values{"hots": "flightsvc.com"}},
			"replicas":         {"replicas": int64(3)},
			"tag":              {"image": values{"tag": "latest"}},
			"/image/digest":    {"image": values{"digest": "latest"}},
			"/imageRepository": {"platform": values{"imageRepository": "platform/flights@" + digest}},
			"/platform/zones":  {"platform": values{"zones": []any{"a", "a"}}},
			"/resources/cpu":   {"resources": values{"cpu": "1"}},
			"/callers/0":       {"callers": []any{"*"}},
			"/quota/memory":    {"quota": values{"memory": "4Gi"}},
			"autoscaling.max":  {"autoscaling": values{"min": int64(4), "max": int64(3)}},
		}

		// A service that signs tokens needs TLS and the region.
		if loaded.Values["store"] != nil {
			wrongs["/store/tls"] = values{"store": values{"tls": false}}
			wrongs["/platform/region"] = values{"platform": values{"region": ""}}
		}

		for wrong, change := range wrongs {
			_, err := try(loaded, merge(valuesIn(t, service, "sandbox"), change))
			require.ErrorContains(t, err, wrong, service)
		}

		_, err := try(loaded, platformValues(t, service, "sandbox"))
		require.ErrorContains(t, err, "/image/digest", "%s without a digest", service)

		_, err = try(loaded, releaseValues(t, service, "sandbox"))
		require.ErrorContains(t, err, "/platform/imageRepository", "%s without an image", service)
	}
}
