package charttest_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"helm.sh/helm/v3/pkg/chart/loader"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// charts is where the charts of others are, of which the repository has no copy.
var charts = flag.String("charts", "", "a folder with argo-cd and traefik, as `helm pull --untar` leaves them: record "+
	"what they render")

// installed is a release of a third-party chart that the program declares.
type installed struct{ Name, Chart, Version, Environment string }

// file is where its rendering is recorded.
func (i installed) file() string {
	return filepath.Join("testdata", "rendered", i.Chart+"-"+i.Version+"-"+i.Environment+".yaml")
}

// rendering is what a chart renders with values: of each workload, what decides where its pods run.
type rendering struct {
	Values  values           `json:"values"`
	Objects []map[string]any `json:"objects"`
}

// releases are the third-party releases of an environment, and the values that the program passes.
func releases(t *testing.T, environment string) map[installed]values {
	t.Helper()

	var declared graph

	read(t, filepath.Join(apps, "..", "stacks", "testdata", environment+".json"), &declared)

	found := make(map[installed]values)

	for _, one := range declared.Deployment.Resources {
		if one.Type == "kubernetes:helm.sh/v3:Release" {
			found[installed{
				Name: fmt.Sprint(one.Inputs["name"]), Chart: fmt.Sprint(one.Inputs["chart"]),
				Version: fmt.Sprint(one.Inputs["version"]), Environment: environment,
			}] = at(t, one.Inputs, "values")
		}
	}

	require.NotEmpty(t, found)

	return found
}

// upstream are the workloads and budgets of third-party charts in an environment: as recorded, with today's values.
func upstream(t *testing.T, environment string) map[string]objects {
	t.Helper()

	found := make(map[string]objects)

	for release, passed := range releases(t, environment) {
		var recorded rendering

		read(t, release.file(), &recorded)
		found[release.Name] = overlay(t, release.Chart, recorded.Objects, passed)
	}

	return found
}

// The test of rollouts trusts what is recorded: so the charts' versions, and the names of all values, are today's.
func TestTheRecordedRenderingsAreOfTheChartsThatAreInstalled(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		for release, passed := range releases(t, environment) {
			const fix = "get the charts, and run `go test . -run TestTheRecordedRenderings -charts FOLDER`"

			if *charts != "" {
				record(t, release, passed)
			}

			var recorded rendering

			require.FileExists(t, release.file(), "the rendering of %s is not recorded: %s", release.Chart, fix)
			read(t, release.file(), &recorded)

			assert.ElementsMatch(t, leaves(recorded.Values), leaves(passed), "%s is recorded with other values: %s",
				release.file(), fix)

			unchanged := overlay(t, release.Chart, recorded.Objects, recorded.Values)
			for i, object := range recorded.Objects {
				assert.Equal(t, object, unchanged[i].Object, "what overlay writes is not what %s renders", release.Chart)
			}
		}
	}
}

// record renders a chart and keeps what decides where pods run.
func record(t *testing.T, release installed, passed values) {
	t.Helper()

	loaded, err := loader.Load(filepath.Join(*charts, release.Chart))
	require.NoError(t, err)
	require.Equal(t, release.Version, loaded.Metadata.Version, release.Chart)

	made, err := template(loaded, release.Name, passed)
	require.NoError(t, err)

	kept := rendering{Values: passed}

	for _, object := range parse(t, manifest(made)) {
		if of := trimmed(object); of != nil {
			kept.Objects = append(kept.Objects, of)
		}
	}

	text, err := yaml.Marshal(kept)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(release.file(), text, 0o600))
}

// trimmed is a workload or a budget without what has no part in scheduling, or nil for any other object.
func trimmed(object unstructured.Unstructured) map[string]any {
	spec, _ := object.Object["spec"].(map[string]any)

	switch object.GetKind() {
	case "Deployment", "StatefulSet", "Job":
		keep(spec, "replicas", "selector", "strategy", "updateStrategy", "podManagementPolicy", "template")

		template, _ := spec["template"].(map[string]any)
		keep(template, "metadata", "spec")
		keep(template["metadata"].(map[string]any), "labels")

		pod, _ := template["spec"].(map[string]any)
		keep(pod, "affinity", "topologySpreadConstraints", "containers", "initContainers", "nodeSelector", "tolerations")

		for _, kind := range []string{"containers", "initContainers"} {
			containers, _ := pod[kind].([]any)
			for _, container := range containers {
				keep(container.(map[string]any), "name", "resources")
			}
		}
	case "PodDisruptionBudget":
	default:
		return nil
	}

	return map[string]any{
		"apiVersion": object.GetAPIVersion(), "kind": object.GetKind(),
		"metadata": map[string]any{"name": object.GetName()}, "spec": spec,
	}
}

// keep deletes everything but some keys, and those that hold nothing.
func keep(object map[string]any, keys ...string) {
	maps.DeleteFunc(object, func(key string, value any) bool {
		inner, is := value.(map[string]any)

		return !slices.Contains(keys, key) || value == nil || is && len(inner) == 0
	})
}

// workloadsOf says which workload the values at a path of a chart are for (argo-helm, charts/argo-cd/values.yaml).
func workloadsOf(chart string) map[string]string {
	return map[string]map[string]string{
		"argo-cd": {
			"controller": "argocd-application-controller", "server": "argocd-server", "repoServer": "argocd-repo-server",
			"applicationSet": "argocd-applicationset-controller", "redis": "argocd-redis",
			"redis-ha.redis": "argocd-redis-ha-server", "redis-ha.haproxy": "argocd-redis-ha-haproxy",
		},
		"traefik": {"": "traefik"},
	}[chart]
}

// overlay writes values into recorded objects as the chart does. So a changed number of replicas, a request, a strategy
// or a budget counts without the chart.
func overlay(t *testing.T, chart string, recorded []map[string]any, passed values) objects {
	t.Helper()

	laid := make(objects, len(recorded))
	for i, object := range recorded {
		laid[i] = unstructured.Unstructured{Object: runtime.DeepCopyJSON(object)}
	}

	for path, workload := range workloadsOf(chart) {
		part := passed

		for key := range strings.SplitSeq(path, ".") {
			if key != "" {
				part, _ = part[key].(values)
			}
		}

		for _, object := range laid {
			if object.GetName() == workload {
				write(t, object, part)
			}
		}
	}

	return laid
}

// write writes a part's values into its workload or its budget.
func write(t *testing.T, object unstructured.Unstructured, part values) {
	t.Helper()

	budget := object.GetKind() == "PodDisruptionBudget"

	for from, to := range map[string]string{
		"replicas": "replicas", "deployment.replicas": "replicas",
		"deploymentStrategy": "strategy", "updateStrategy": "strategy",
		"topologySpreadConstraints": "template.spec.topologySpreadConstraints",
		"pdb.minAvailable":          "minAvailable", "podDisruptionBudget.minAvailable": "minAvailable",
	} {
		value, there, err := unstructured.NestedFieldCopy(part, strings.Split(from, ".")...)
		require.NoError(t, err)

		if there && budget == (to == "minAvailable") {
			require.NoError(t, unstructured.SetNestedField(object.Object, value, strings.Split("spec."+to, ".")...))
		}
	}

	for _, kind := range []string{"containers", "initContainers"} {
		containers, _, err := unstructured.NestedSlice(object.Object, "spec", "template", "spec", kind)
		require.NoError(t, err)

		for _, container := range containers {
			container, _ := container.(map[string]any)
			if _, asks := container["resources"]; asks && part["resources"] != nil {
				container["resources"] = part["resources"]
			}
		}

		if containers != nil {
			require.NoError(t, unstructured.SetNestedSlice(object.Object, containers, "spec", "template", "spec", kind))
		}
	}
}
