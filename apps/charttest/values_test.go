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

// property is what a chart's schema says of a value.
type property struct {
	Ref        string              `json:"$ref"`
	Type       string              `json:"type"`
	Properties map[string]property `json:"properties"`
	Additional *bool               `json:"additionalProperties"`
	Enum       []any               `json:"enum"`
	Examples   []any               `json:"examples"`
	// Definitions are the schema's.
	Definitions map[string]property `json:"definitions"`
}

// options are the values that a service's chart has, by their paths.
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

	if name, is := strings.CutPrefix(p.Ref, "#/definitions/"); is {
		p = definitions[name]
	}

	if len(p.Properties) == 0 {
		found[path] = p

		return
	}

	if assert.NotNil(t, p.Additional, "%s takes any key", path) {
		assert.False(t, *p.Additional, "%s takes any key", path)
	}

	for key, inner := range p.Properties {
		inner.collect(t, strings.TrimPrefix(path+"."+key, "."), definitions, found)
	}
}

// leaves are the paths of the values in an object; a list counts as one.
func leaves(object values) []string {
	var paths []string

	for key, value := range object {
		inner, is := value.(values)
		if !is {
			paths = append(paths, key)
		}

		for _, path := range leaves(inner) {
			paths = append(paths, key+"."+path)
		}
	}

	return paths
}

// Where both said something, the program's would win, and a release would decide nothing.
func TestTheProgramAndAReleaseSetDifferentValues(t *testing.T) {
	t.Parallel()

	each(t, func(t *testing.T, service, environment string) {
		t.Helper()

		program, release := leaves(platform(t, service, environment)), leaves(decided(t, service, environment))
		known := slices.Sorted(maps.Keys(options(t, service)))

		assert.Subset(t, known, slices.Concat(program, release))

		for _, option := range known {
			is := strings.HasPrefix(option, "platform.")
			assert.Equal(t, is, slices.Contains(program, option), "%s, passed by the program", option)
			assert.False(t, is && slices.Contains(release, option), "%s, decided by a release", option)
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

		explained := comments(t, "", document.Content[0])

		assert.ElementsMatch(t, slices.Collect(maps.Keys(options(t, service))), slices.Collect(maps.Keys(explained)))

		for path, comment := range explained {
			assert.NotEmpty(t, comment, "%s: %s", service, path)
		}
	}
}

// comments are what stands above each value. Something must stand above each object of them, too.
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

// Each value is changed; where nothing else does, it is dead.
func TestEveryValueIsUsed(t *testing.T) {
	t.Parallel()

	for _, service := range services(t) {
		loaded := load(t, service)

		for path, option := range options(t, service) {
			used := false

			for _, told := range places(t, service) {
				before, err := try(loaded, runtime.DeepCopyJSON(told))
				require.NoError(t, err)

				after, err := try(loaded, changed(t, merge(loaded.Values, told), path, option))
				used = used || err == nil && manifest(before) != manifest(after)
			}

			// Every chart is told the region, and it is for those that sign tokens.
			needless := path == "platform.region" && loaded.Values["store"] == nil
			assert.NotEqual(t, needless, used, "%s: whether %s changes anything", service, path)
		}
	}
}

// changed are the values with another one at the path.
func changed(t *testing.T, told values, path string, option property) values {
	t.Helper()

	keys := strings.Split(path, ".")

	now, is, err := unstructured.NestedFieldNoCopy(told, keys...)
	require.NoError(t, err)
	require.True(t, is, path)
	require.NoError(t, unstructured.SetNestedField(told, another(t, path, now, option), keys...))

	return told
}

// another is a value that is not the one there is now.
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

		// What whoever signs tokens needs.
		if loaded.Values["store"] != nil {
			wrongs["/store/tls"] = values{"store": values{"tls": false}}
			wrongs["/platform/region"] = values{"platform": values{"region": ""}}
		}

		for wrong, change := range wrongs {
			_, err := try(loaded, merge(told(t, service, "sandbox"), change))
			require.ErrorContains(t, err, wrong, service)
		}

		_, err := try(loaded, platform(t, service, "sandbox"))
		require.ErrorContains(t, err, "/image/digest", "%s without a digest", service)

		_, err = try(loaded, decided(t, service, "sandbox"))
		require.ErrorContains(t, err, "/platform/imageRepository", "%s without an image", service)
	}
}
