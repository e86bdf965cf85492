package charttest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// tries are how many orders of events a test tries. Each is the same for everyone.
const tries = 100

// Helm waits for a rollout, and a service's release for its pods: one that the nodes have no room for fails every `up`
// from then on (argo-cd#16627). So all workloads can be replaced, even all at once, wherever their pods are and in
// whatever order it happens, when there are fewest nodes.
func TestEveryRolloutEndsOnTheFewestNodes(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		for when, replicas := range loads() {
			t.Run(environment+" "+when, func(t *testing.T) {
				t.Parallel()

				all := workloads(t, environment, replicas)

				for seed := range uint64(tries) {
					s := fewest(t, environment, seed)
					require.Empty(t, s.settle(t, all), "pods that no node takes")
					require.Empty(t, s.roll(t, all), "rollouts that no node has room for, at seed %d", seed)
				}
			})
		}
	}
}

// A zone without a node that takes pods must not stop a release of what takes requests. Argo CD waits, as its three
// Redises need three nodes.
func TestALostZoneStopsNoRolloutOfAService(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		all := deployed(t, upstream(t, environment)["traefik"], nil)
		for _, service := range services(t) {
			all = append(all, deployed(t, render(t, load(t, service), told(t, service, environment)), loads()["at rest"])...)
		}

		for seed := range uint64(tries) {
			s := newSite(seed, 3, 1, room{CPU: 1 << 20, Memory: 1 << 20, Pods: 1 << 20})
			require.Empty(t, s.settle(t, all))

			lost := s.machines[s.random.IntN(len(s.machines))]
			lost.tainted = true

			for _, r := range append([]*replica(nil), s.replicas...) {
				if r.on == lost {
					s.remove(r)
				}
			}

			require.Empty(t, s.roll(t, all), "in %s, at seed %d", environment, seed)
		}
	}
}

// A budget that permits no eviction blocks the update of every node that has one of its pods.
func TestEveryBudgetLetsANodeBeDrained(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		rendered := upstream(t, environment)
		for _, service := range services(t) {
			rendered[service] = render(t, load(t, service), told(t, service, environment))
		}

		for release, all := range rendered {
			there := deployed(t, all, loads()["at rest"])

			for _, budget := range of[policyv1.PodDisruptionBudget](t, all, "PodDisruptionBudget") {
				count := 0

				for _, w := range there {
					if selects(t, budget.Spec.Selector, w) {
						count += w.count
					}
				}

				assert.Positive(t, evictions(t, budget.Spec, count), "%s of %s in %s", budget.Name, release, environment)
			}
		}
	}
}

// evictions are how many pods a budget lets go at once.
func evictions(t *testing.T, budget policyv1.PodDisruptionBudgetSpec, count int) int {
	t.Helper()

	if budget.MaxUnavailable != nil {
		permitted, err := intstr.GetScaledValueFromIntOrPercent(budget.MaxUnavailable, count, true)
		require.NoError(t, err)

		return permitted
	}

	kept, err := intstr.GetScaledValueFromIntOrPercent(budget.MinAvailable, count, true)
	require.NoError(t, err)

	return count - kept
}

// fewest are an environment's nodes when there are fewest, with what DaemonSets leave of them.
func fewest(t *testing.T, environment string, seed uint64) *site {
	t.Helper()

	each, zones, number := nodes(t, environment)
	onNode, _ := addons()

	for _, addon := range onNode {
		each = each.plus(addon.times(-1))
	}

	return newSite(seed, zones, number, each)
}

// The model finds a strategy that there is no room for: the tests above rely on it.
func TestARolloutThatNoNodeHasRoomForIsFound(t *testing.T) {
	t.Parallel()

	for about, test := range map[string]struct {
		nodes              int
		surge, unavailable int
		stuck              bool
	}{
		"one more pod than there are nodes":    {nodes: 3, surge: 1, stuck: true},
		"one more pod, and a node for it":      {nodes: 4, surge: 1},
		"each in the place of the one before":  {nodes: 3, unavailable: 1},
		"either, as there is room for the one": {nodes: 3, surge: 1, unavailable: 1},
	} {
		for seed := range uint64(tries) {
			all := []*workload{apart(3, test.surge, test.unavailable)}
			s := newSite(seed, 1, test.nodes, room{CPU: 1000, Memory: 1000, Pods: 10})

			require.Empty(t, s.settle(t, all), about)
			require.Equal(t, test.stuck, len(s.roll(t, all)) > 0, about)
		}
	}
}

// The chart's own strategy of HAProxy, a quarter more and none fewer, is the one that has no room.
func TestTheChartsOwnStrategyOfHAProxyHasNoRoom(t *testing.T) {
	t.Parallel()

	surge, unavailable := strategy(t, appsv1.DeploymentStrategy{Type: appsv1.RollingUpdateDeploymentStrategyType}, 3)
	all := workloads(t, "staging", loads()["at rest"])

	for _, w := range all {
		if w.name == "argocd-redis-ha-haproxy" {
			w.surge, w.unavailable = surge, unavailable
		}
	}

	s := fewest(t, "staging", 1)
	require.Empty(t, s.settle(t, all))
	assert.Equal(t, []string{"argocd-redis-ha-haproxy"}, s.roll(t, all))
}

// apart is a workload no two of whose pods share a node.
func apart(count, surge, unavailable int) *workload {
	pod := labelled("app", "apart")
	pod.Spec.Affinity = &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{{
			LabelSelector: &metav1.LabelSelector{MatchLabels: pod.Labels}, TopologyKey: corev1.LabelHostname,
		}},
	}}

	return &workload{
		name: "apart", count: count, surge: surge, unavailable: unavailable, asks: room{CPU: 1, Memory: 1, Pods: 1}, pod: pod,
	}
}
