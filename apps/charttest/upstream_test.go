package charttest_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
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

// charts is a folder with third-party charts, of which the repository has no copy.
var charts = flag.String("charts", "", "a folder with some of the charts argo-cd, traefik, karpenter and "+
	"karpenter-crd, from `helm pull --untar`: record their rendering")

// installed is a release of a third-party chart that the program declares.
type installed struct{ Name, Chart, Version, Environment string }

// file returns the file with the recorded rendering.
func (i installed) file() string {
	return filepath.Join("testdata", "rendered", i.Chart+"-"+i.Version+"-"+i.Environment+".yaml")
}

// rendering is the result of rendering a chart: for each workload, the fields that decide where its pods run.
type rendering struct {
	Values  values           `json:"values"`
	Objects []map[string]any `json:"objects"`
}

// releases returns the third-party releases of an environment, with the values from the program.
func releases(t *testing.T, environment string) map[installed]values {
	t.Helper()

	var declared graph

	read(t, filepath.Join(apps, "..", "stacks", "testdata", environment+".json"), &declared)

	found := make(map[installed]values)

	for _, one := range declared.Deployment.Resources {
		if one.Type == "kubernetes:helm.sh/v3:Release" {
			passed, _ := one.Inputs["values"].(values) // a release may have none

			found[installed{
				Name: fmt.Sprint(one.Inputs["name"]), Chart: path.Base(fmt.Sprint(one.Inputs["chart"])),
				Version: fmt.Sprint(one.Inputs["version"]), Environment: environment,
			}] = passed
		}
	}

	require.NotEmpty(t, found)

	return found
}

// upstream returns the workloads and budgets of third-party charts in an environment: as recorded, with current values.
func upstream(t *testing.T, environment string) map[string]objects {
	t.Helper()

	found := make(map[string]objects)

	for release, passed := range releases(t, environment) {
		found[release.Name] = overlay(t, release.Chart, recording(t, release, passed).Objects, passed)
	}

	return found
}

// recording returns the recorded rendering with values of the same names: which objects a chart renders depends on
// them, and not on the environment.
func recording(t *testing.T, release installed, passed values) rendering {
	t.Helper()

	files, err := filepath.Glob(filepath.Join("testdata", "rendered", release.Chart+"-"+release.Version+"-*.yaml"))
	require.NoError(t, err)

	for _, file := range files {
		var recorded rendering

		read(t, file, &recorded)

		if ours, theirs := leaves(recorded.Values), leaves(passed); len(ours) == len(theirs) && contains(ours, theirs) {
			return recorded
		}
	}

	require.Fail(t, "no rendering has these values: download the charts and run "+
		"`go test . -run TestTheRecordedRenderings -charts FOLDER`", "%s of %s", release.Chart, release.Environment)

	return rendering{}
}

// contains reports whether a list has all the elements.
func contains(list, elements []string) bool {
	return !slices.ContainsFunc(elements, func(element string) bool { return !slices.Contains(list, element) })
}

// The tests of rollouts use recorded renderings, which must match the versions of the charts and the names of the
// values. An environment like another one needs no recording of its own.
func TestTheRecordedRenderingsAreUpToDate(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		for release, passed := range releases(t, environment) {
			if _, err := os.Stat(filepath.Join(*charts, release.Chart, "Chart.yaml")); *charts != "" && err == nil {
				record(t, release, passed)
			}

			recorded := recording(t, release, passed)

			unchanged := overlay(t, release.Chart, recorded.Objects, recorded.Values)
			for i, object := range recorded.Objects {
				assert.Equal(t, object, unchanged[i].Object, "overlay must not change the rendering of %s", release.Chart)
			}
		}
	}
}

// record renders a chart, and writes the fields that decide where pods run.
func record(t *testing.T, release installed, passed values) {
	t.Helper()

	loaded, err := loader.Load(filepath.Join(*charts, release.Chart))
	require.NoError(t, err)
	require.Equal(t, release.Version, loaded.Metadata.Version, release.Chart)

	rendered, err := template(loaded, release.Name, passed)
	require.NoError(t, err)

	kept := rendering{Values: passed}

	for _, object := range parse(t, manifest(rendered)) {
		if of := trimmed(object); of != nil {
			kept.Objects = append(kept.Objects, of)
		}
	}

	text, err := yaml.Marshal(kept)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(release.file(), text, 0o600))
}

// trimmed returns a workload or a budget without fields that do not affect scheduling, and nil for any other object.
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

// keep deletes empty values, and all keys except the given ones.
func keep(object map[string]any, keys ...string) {
	maps.DeleteFunc(object, func(key string, value any) bool {
		inner, ok := value.(map[string]any)

		return !slices.Contains(keys, key) || value == nil || ok && len(inner) == 0
	})
}

// workloadsOf maps paths of a chart's values to the workload that they configure (argo-helm,
// charts/argo-cd/values.yaml; Karpenter, charts/karpenter/values.yaml).
func workloadsOf(chart string) map[string]string {
	return map[string]map[string]string{
		"argo-cd": {
			"controller": "argocd-application-controller", "server": "argocd-server", "repoServer": "argocd-repo-server",
			"applicationSet": "argocd-applicationset-controller", "redis": "argocd-redis",
			"redis-ha.redis": "argocd-redis-ha-server", "redis-ha.haproxy": "argocd-redis-ha-haproxy",
		},
		"traefik":   {"": "traefik"},
		"karpenter": {"": "karpenter"},
	}[chart]
}

// overlay writes values into recorded objects as the chart does. A change of replicas, requests, strategies or budgets
// therefore counts without the chart.
func overlay(t *testing.T, chart string, recorded []map[string]any, passed values) objects {
	t.Helper()

	overlaid := make(objects, len(recorded))
	for i, object := range recorded {
		overlaid[i] = unstructured.Unstructured{Object: runtime.DeepCopyJSON(object)}
	}

	for at, workload := range workloadsOf(chart) {
		part := passed

		for key := range strings.SplitSeq(at, ".") {
			if key != "" {
				part, _ = part[key].(values)
			}
		}

		for _, object := range overlaid {
			if object.GetName() == workload {
				write(t, object, part)
			}
		}
	}

	return overlaid
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
		value, found, err := unstructured.NestedFieldCopy(part, strings.Split(from, ".")...)
		require.NoError(t, err)

		if found && budget == (to == "minAvailable") {
			require.NoError(t, unstructured.SetNestedField(object.Object, value, strings.Split("spec."+to, ".")...))
		}
	}

	for _, kind := range []string{"containers", "initContainers"} {
		containers, _, err := unstructured.NestedSlice(object.Object, "spec", "template", "spec", kind)
		require.NoError(t, err)

		for _, container := range containers {
			container, _ := container.(map[string]any)
			if _, has := container["resources"]; has && part["resources"] != nil {
				container["resources"] = part["resources"]
			}
		}

		if containers != nil {
			require.NoError(t, unstructured.SetNestedSlice(object.Object, containers, "spec", "template", "spec", kind))
		}
	}
}
