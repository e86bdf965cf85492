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

// pods are the pods of a release, by the names of what makes them.
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

// variables are what a container's environment holds, as os.Environ writes it.
func variables(container corev1.Container) []string {
	environ := make([]string, len(container.Env))
	for i, variable := range container.Env {
		environ[i] = variable.Name + "=" + variable.Value
	}

	return environ
}

func TestAPodLivesLongerThanItDrains(t *testing.T) {
	t.Parallel()

	everywhere(t, func(t *testing.T, service string, told values) {
		t.Helper()

		pod := one[appsv1.Deployment](t, render(t, load(t, service), told), "Deployment").Spec.Template.Spec
		read := httpserver.ReadConfig(config.NewReader(variables(pod.Containers[0])), 0)
		drains := read.DrainDelay + read.DrainTimeout

		assert.Greater(t, float64(*pod.TerminationGracePeriodSeconds), drains.Seconds())
		assert.EqualValues(t, read.Port, pod.Containers[0].Ports[0].ContainerPort)
		assert.Greater(t, float64(pod.Containers[0].ReadinessProbe.TimeoutSeconds), health.Deadline.Seconds())
	})
}

// A selector that finds too much sends requests to a migration, or counts it as a replica.
func TestSelectorsSelectOnlyTheirPods(t *testing.T) {
	t.Parallel()

	each(t, func(t *testing.T, service, environment string) {
		t.Helper()

		all := render(t, load(t, service), told(t, service, environment))
		deployment := one[appsv1.Deployment](t, all, "Deployment")
		answers := one[corev1.Service](t, all, "Service").Spec.Selector

		selectors := map[string]*metav1.LabelSelector{
			"pods": deployment.Spec.Selector, "service": {MatchLabels: answers},
		}
		for _, constraint := range deployment.Spec.Template.Spec.TopologySpreadConstraints {
			selectors[constraint.TopologyKey] = constraint.LabelSelector
		}

		for _, budget := range of[policyv1.PodDisruptionBudget](t, all, "PodDisruptionBudget") {
			selectors["budget"] = budget.Spec.Selector
		}

		for name, pod := range pods(t, all) {
			for what, selector := range selectors {
				assert.Equal(t, name == deployment.Name, finds(t, selector, &pod), "%s: %s", what, name)
			}
		}
	})
}

// Two policies: the one that denies, which finds every pod, and the pod's own.
func TestEachPodHasAPolicyOfItsOwn(t *testing.T) {
	t.Parallel()

	everywhere(t, func(t *testing.T, service string, told values) {
		t.Helper()

		all := render(t, load(t, service), told)

		for name, pod := range pods(t, all) {
			found := make(map[string]networkingv1.NetworkPolicySpec)

			for _, policy := range of[networkingv1.NetworkPolicy](t, all, "NetworkPolicy") {
				if finds(t, &policy.Spec.PodSelector, &pod) {
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

// The program says where requests are routed, and the chart who may call: they must agree.
func TestTheIngressControllerMayCallTheService(t *testing.T) {
	t.Parallel()

	each(t, func(t *testing.T, service, environment string) {
		t.Helper()

		var declared graph

		read(t, filepath.Join(apps, "..", "stacks", "testdata", environment+".json"), &declared)

		var routes []any

		for _, one := range declared.Deployment.Resources {
			if one.Inputs["chart"] == "traefik" {
				routes = append(routes, one.Inputs["namespace"])
			}
		}

		policies := of[networkingv1.NetworkPolicy](t, render(t, load(t, service), told(t, service, environment)),
			"NetworkPolicy")
		require.Equal(t, service, policies[1].Name)

		var may []any

		for _, peer := range policies[1].Spec.Ingress[0].From {
			if peer.NamespaceSelector != nil {
				may = append(may, peer.NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"])
			}
		}

		assert.NotEmpty(t, routes)
		assert.Subset(t, may, routes)
	})
}

// An object that named a namespace would be there whatever the release's is.
func TestNoObjectNamesANamespace(t *testing.T) {
	t.Parallel()

	everywhere(t, func(t *testing.T, service string, told values) {
		t.Helper()

		for _, object := range render(t, load(t, service), told) {
			assert.Empty(t, object.GetNamespace(), "%s %s", object.GetKind(), object.GetName())
		}
	})
}

// What a pod needs as it starts comes in an earlier wave, under Argo CD; and with Helm alone, what a hook needs.
func TestObjectsAreAppliedInOrder(t *testing.T) {
	t.Parallel()

	turns := map[string]string{
		"ServiceAccount": "-2", "NetworkPolicy": "-2", "ResourceQuota": "-2", "LimitRange": "-2", "Job": "-1",
	}

	everywhere(t, func(t *testing.T, service string, told values) {
		t.Helper()

		for _, object := range render(t, load(t, service), told) {
			noted := object.GetAnnotations()
			if noted["helm.sh/hook"] == "test" {
				continue // Argo CD runs none
			}

			assert.Equal(t, turns[object.GetKind()], noted["argocd.argoproj.io/sync-wave"], object.GetName())

			helm, argo := noted["helm.sh/hook"], noted["argocd.argoproj.io/hook"]
			require.Equal(t, helm == "", argo == "", "%s: Argo CD reads Helm's hooks where it has none of its own",
				object.GetName())

			if helm != "" {
				assert.Equal(t, "Sync", argo)
				assert.Equal(t, "pre-install,pre-upgrade", helm)
				assert.Equal(t, turns[object.GetKind()], noted["helm.sh/hook-weight"])
			}
		}
	})
}

func TestAJobRunsAsAnAccountThatIsThereBeforeIt(t *testing.T) {
	t.Parallel()

	everywhere(t, func(t *testing.T, service string, told values) {
		t.Helper()

		all := render(t, load(t, service), told)

		hooks := make(map[string]bool)
		for _, account := range of[corev1.ServiceAccount](t, all, "ServiceAccount") {
			hooks[account.Name] = account.Annotations["helm.sh/hook"] != ""
		}

		for name, pod := range pods(t, all) {
			if pod.Annotations["helm.sh/hook"] == "test" {
				assert.Empty(t, pod.Spec.ServiceAccountName, "it runs as the namespace's default, which may do nothing")

				continue
			}

			isHook, is := hooks[pod.Spec.ServiceAccountName]
			assert.True(t, is, name)
			assert.Equal(t, name != service, isHook, name)
		}
	})
}

// finds reports whether a selector finds a pod.
func finds(t *testing.T, written *metav1.LabelSelector, pod *corev1.PodTemplateSpec) bool {
	t.Helper()

	selector, err := metav1.LabelSelectorAsSelector(written)
	require.NoError(t, err)

	return selector.Matches(labels.Set(pod.Labels))
}
