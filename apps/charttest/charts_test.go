package charttest_test

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	kubefake "helm.sh/helm/v3/pkg/kube/fake"
	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/storage"
	"helm.sh/helm/v3/pkg/storage/driver"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// values are the values of a chart.
type values = map[string]any

// apps is the folder of the services.
const apps = ".."

// services returns the names of the services with a chart.
func services(t *testing.T) []string {
	t.Helper()

	charts, err := filepath.Glob(filepath.Join(apps, "*", "chart", "Chart.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, charts)

	names := make([]string, len(charts))
	for i, path := range charts {
		names[i] = filepath.Base(filepath.Dir(filepath.Dir(path)))
	}

	return names
}

// environments returns the environments that deploy a service.
func environments(t *testing.T, service string) []string {
	t.Helper()

	files, err := filepath.Glob(filepath.Join(apps, service, "chart", "ci", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)

	names := make([]string, len(files))
	for i, path := range files {
		names[i] = strings.TrimSuffix(filepath.Base(path), ".yaml")
	}

	return names
}

// each runs a test for each service in each environment.
func each(t *testing.T, test func(t *testing.T, service, environment string)) {
	t.Helper()

	for _, service := range services(t) {
		for _, environment := range environments(t, service) {
			t.Run(service+" in "+environment, func(t *testing.T) {
				t.Parallel()
				test(t, service, environment)
			})
		}
	}
}

func load(t *testing.T, service string) *chart.Chart {
	t.Helper()

	loaded, err := loader.Load(filepath.Join(apps, service, "chart"))
	require.NoError(t, err)

	return loaded
}

// valuesIn returns the values of a chart in an environment: those of the program, and those of the release.
func valuesIn(t *testing.T, service, environment string) values {
	t.Helper()

	return merge(platformValues(t, service, environment), releaseValues(t, service, environment))
}

func platformValues(t *testing.T, service, environment string) values {
	t.Helper()

	var content values

	read(t, filepath.Join(apps, service, "chart", "ci", environment+".yaml"), &content)

	return content
}

func releaseValues(t *testing.T, service, environment string) values {
	t.Helper()

	var content values

	read(t, filepath.Join(apps, service, "environments", environment+".yaml"), &content)

	return content
}

// merge overlays values over other values, as Helm does. It changes neither.
func merge(below, above values) values {
	return chartutil.CoalesceTables(runtime.DeepCopyJSON(above), runtime.DeepCopyJSON(below))
}

// read reads a YAML file.
func read(t *testing.T, path string, content any) {
	t.Helper()

	text, err := os.ReadFile(filepath.Clean(path))
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, content), path)
}

// try renders a chart as `helm template` does, as a release with the name of the chart.
func try(loaded *chart.Chart, given values) (*release.Release, error) {
	return template(loaded, loaded.Name(), given)
}

// template renders a chart as `helm template` does, as a release in the namespace with the same name.
func template(loaded *chart.Chart, name string, given values) (*release.Release, error) {
	version, err := chartutil.ParseKubeVersion("v1.35.2-eks-1a2b3c4")
	if err != nil {
		return nil, err
	}

	install := action.NewInstall(&action.Configuration{
		Capabilities: chartutil.DefaultCapabilities.Copy(),
		KubeClient:   &kubefake.PrintingKubeClient{Out: io.Discard},
		Releases:     storage.Init(driver.NewMemory()),
		Log:          func(string, ...any) {},
	})
	install.DryRun, install.ClientOnly, install.KubeVersion = true, true, version
	install.ReleaseName, install.Namespace = name, name

	return install.Run(loaded, given)
}

// render renders a chart, and returns its objects.
func render(t *testing.T, loaded *chart.Chart, given values) objects {
	t.Helper()

	rendered, err := try(loaded, given)
	require.NoError(t, err)

	return parse(t, manifest(rendered))
}

// manifest returns everything that a release applies, including hooks.
func manifest(rendered *release.Release) string {
	var text strings.Builder

	text.WriteString(strings.TrimPrefix(rendered.Manifest, "\n"))

	for _, hook := range rendered.Hooks {
		text.WriteString("---\n# Source: " + hook.Path + "\n" + hook.Manifest + "\n")
	}

	return text.String()
}

type objects []unstructured.Unstructured

func parse(t *testing.T, text string) objects {
	t.Helper()

	var parsed objects

	for document := range strings.SplitSeq(text, "\n---\n") {
		var object map[string]any

		require.NoError(t, yaml.UnmarshalStrict([]byte(document), &object), document)

		if len(object) > 0 {
			parsed = append(parsed, unstructured.Unstructured{Object: object})
		}
	}

	return parsed
}

// of returns the objects of a kind, as the Go type of Kubernetes. An unknown field is an error.
func of[T any](t *testing.T, all objects, kind string) []T {
	t.Helper()

	var found []T

	for _, object := range all {
		if object.GetKind() != kind {
			continue
		}

		text, err := json.Marshal(object.Object)
		require.NoError(t, err)

		var typed T

		require.NoError(t, yaml.UnmarshalStrict(text, &typed), kind)
		found = append(found, typed)
	}

	return found
}

// one returns the only object of a kind.
func one[T any](t *testing.T, all objects, kind string) *T {
	t.Helper()

	found := of[T](t, all, kind)
	require.Len(t, found, 1, kind)

	return &found[0]
}
