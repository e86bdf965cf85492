package charttest_test

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/httpserver"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// pods returns the pods of a release, by the names of their Deployment, Job or Pod.
func pods(t *testing.T, all objects) map[string]corev1.PodTemplateSpec {
	t.Helper()

	deployment := one[appsv1.Deployment](t, all, "Deployment")
	found := map[string]corev1.PodTemplateSpec{deployment.Name: deployment.Spec.Template}

	for _, job := range of[batchv1.Job](t, all, "Job") {
		found[job.Name] = job.Spec.Template
	}

	for _, pod := range of[corev1.Pod](t, all, "Pod") {
		found[pod.Name] = corev1.PodTemplateSpec{ObjectMeta: pod.ObjectMeta, Spec: pod.Spec}
	}

	return found
}

// variables returns the environment of a container, in the form of os.Environ.
func variables(container corev1.Container) []string {
	environ := make([]string, len(container.Env))
	for i, variable := range container.Env {
		environ[i] = variable.Name + "=" + variable.Value
	}

	return environ
}

func TestAPodHasTimeToDrain(t *testing.T) {
	t.Parallel()

	everywhere(t, func(t *testing.T, service string, given values) {
		t.Helper()

		pod := one[appsv1.Deployment](t, render(t, load(t, service), given), "Deployment").Spec.Template.Spec
		cfg := httpserver.ReadConfig(config.NewReader(variables(pod.Containers[0])), 0, "/")
		drain := cfg.DrainDelay + cfg.DrainTimeout

		assert.Greater(t, float64(*pod.TerminationGracePeriodSeconds), drain.Seconds())
		assert.EqualValues(t, cfg.Port, pod.Containers[0].Ports[0].ContainerPort)
		assert.Greater(t, float64(pod.Containers[0].ReadinessProbe.TimeoutSeconds), health.Deadline.Seconds())
	})
}

// A selector that matches too much sends requests to a migration, or counts it as a replica.
func TestSelectorsSelectOnlyTheirPods(t *testing.T) {
	t.Parallel()

	each(t, func(t *testing.T, service, environment string) {
		t.Helper()

		all := render(t, load(t, service), valuesIn(t, service, environment))
		deployment := one[appsv1.Deployment](t, all, "Deployment")

		selectors := map[string]*metav1.LabelSelector{
			"pods": deployment.Spec.Selector, "service": {MatchLabels: one[corev1.Service](t, all, "Service").Spec.Selector},
		}
		for _, constraint := range deployment.Spec.Template.Spec.TopologySpreadConstraints {
			selectors[constraint.TopologyKey] = constraint.LabelSelector
		}

		for _, budget := range of[policyv1.PodDisruptionBudget](t, all, "PodDisruptionBudget") {
			selectors["budget"] = budget.Spec.Selector
		}

		for name, pod := range pods(t, all) {
			for object, selector := range selectors {
				assert.Equal(t, name == deployment.Name, matches(t, selector, &pod), "%s: %s", object, name)
			}
		}
	})
}

// Each pod has two policies: one denies all traffic of all pods, and one allows the traffic of this pod.
func TestC3AllTrafficIsDeniedExceptWhatAPodNeeds(t *testing.T) {
	t.Parallel()

	everywhere(t, func(t *testing.T, service string, given values) {
		t.Helper()

		all := render(t, load(t, service), given)

		for name, pod := range pods(t, all) {
			found := make(map[string]networkingv1.NetworkPolicySpec)

			for _, policy := range of[networkingv1.NetworkPolicy](t, all, "NetworkPolicy") {
				if matches(t, &policy.Spec.PodSelector, &pod) {
					found[policy.Name] = policy.Spec
				}
			}

			deny := service + "-default-deny"
			assert.ElementsMatch(t, []string{deny, name}, slices.Collect(maps.Keys(found)))
			assert.Empty(t, found[deny].Ingress)
			assert.Empty(t, found[deny].Egress)
			assert.Len(t, found[deny].PolicyTypes, 2)
		}
	})
}

// The program decides which namespace routes requests, and the chart which namespaces can send them. Both must agree.
func TestTheIngressControllerCanCallTheService(t *testing.T) {
	t.Parallel()

	each(t, func(t *testing.T, service, environment string) {
		t.Helper()

		var declared graph

		read(t, filepath.Join(apps, "..", "stacks", "testdata", environment+".json"), &declared)

		var routers []any

		for _, one := range declared.Deployment.Resources {
			if one.Inputs["chart"] == "traefik" {
				routers = append(routers, one.Inputs["namespace"])
			}
		}

		policies := of[networkingv1.NetworkPolicy](t, render(t, load(t, service), valuesIn(t, service, environment)),
			"NetworkPolicy")
		require.Equal(t, service, policies[1].Name)

		var allowed []any

		for _, peer := range policies[1].Spec.Ingress[0].From {
			if peer.NamespaceSelector != nil {
				allowed = append(allowed, peer.NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"])
			}
		}

		assert.NotEmpty(t, routers)
		assert.Subset(t, allowed, routers)
	})
}

// An object with a namespace would be created there, whatever the namespace of the release.
func TestNoObjectNamesANamespace(t *testing.T) {
	t.Parallel()

	everywhere(t, func(t *testing.T, service string, given values) {
		t.Helper()

		for _, object := range render(t, load(t, service), given) {
			assert.Empty(t, object.GetNamespace(), "%s %s", object.GetKind(), object.GetName())
		}
	})
}

// Argo CD applies the objects that a pod needs in an earlier wave. Helm applies the objects that a hook needs as hooks.
func TestObjectsAreAppliedInOrder(t *testing.T) {
	t.Parallel()

	waves := map[string]string{
		"ServiceAccount": "-2", "NetworkPolicy": "-2", "ResourceQuota": "-2", "LimitRange": "-2", "Job": "-1",
	}

	everywhere(t, func(t *testing.T, service string, given values) {
		t.Helper()

		for _, object := range render(t, load(t, service), given) {
			annotations := object.GetAnnotations()
			if annotations["helm.sh/hook"] == "test" {
				continue // Argo CD runs no tests
			}

			assert.Equal(t, waves[object.GetKind()], annotations["argocd.argoproj.io/sync-wave"], object.GetName())

			helm, argo := annotations["helm.sh/hook"], annotations["argocd.argoproj.io/hook"]
			require.Equal(t, helm == "", argo == "", "%s: without hooks of its own, Argo CD runs those of Helm",
				object.GetName())

			if helm != "" {
				assert.Equal(t, "Sync", argo)
				assert.Equal(t, "pre-install,pre-upgrade", helm)
				assert.Equal(t, waves[object.GetKind()], annotations["helm.sh/hook-weight"])
			}
		}
	})
}

func TestC2EachPodHasItsOwnServiceAccountWithoutAMountedToken(t *testing.T) {
	t.Parallel()

	everywhere(t, func(t *testing.T, service string, given values) {
		t.Helper()

		all := render(t, load(t, service), given)

		hooks := make(map[string]bool)
		for _, account := range of[corev1.ServiceAccount](t, all, "ServiceAccount") {
			hooks[account.Name] = account.Annotations["helm.sh/hook"] != ""
		}

		for name, pod := range pods(t, all) {
			assert.False(t, *pod.Spec.AutomountServiceAccountToken, name)

			if pod.Annotations["helm.sh/hook"] == "test" {
				assert.Empty(t, pod.Spec.ServiceAccountName, "the test runs as the default account, without permissions")

				continue
			}

			isHook, ok := hooks[pod.Spec.ServiceAccountName]
			assert.True(t, ok, name)
			assert.Equal(t, name != service, isHook, "%s: the account of a Job must exist before the Job", name)
		}
	})
}

// matches reports whether a selector matches a pod.
func matches(t *testing.T, from *metav1.LabelSelector, pod *corev1.PodTemplateSpec) bool {
	t.Helper()

	selector, err := metav1.LabelSelectorAsSelector(from)
	require.NoError(t, err)

	return selector.Matches(labels.Set(pod.Labels))
}
