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

// tries is the number of random orders of events that a test tries. Each seed gives the same order in every run.
const tries = 100

// Helm and Argo CD wait for rollouts. A rollout that finds no room on the nodes makes every later `up` fail
// (argo-cd#16627). The smallest set of nodes must therefore have room to replace all of the system's workloads at once,
// wherever their pods run, and in any order; and with what Karpenter may launch, all workloads.
func TestEveryRolloutEndsOnTheNodesThatTheEnvironmentMayHave(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		for when, replicas := range loads() {
			t.Run(environment+" "+when, func(t *testing.T) {
				t.Parallel()

				for name, all := range map[string][]*workload{
					"the system": systemWorkloads(t, environment), "everything": workloads(t, environment, replicas),
				} {
					for seed := range uint64(tries) {
						s := smallest(t, environment, seed)
						if name == "everything" {
							s.launch(launched(t, environment))
						}

						require.Empty(t, s.settle(t, all), "%s: pods that find no node", name)
						require.Empty(t, s.roll(t, all), "%s: rollouts without room, at seed %d", name, seed)
					}
				}
			})
		}
	}
}

// A zone whose nodes accept no pods must not stop a release of a service or of Traefik. Argo CD may wait: its three
// Redis pods need three nodes.
func TestALostZoneStopsNoRolloutOfAService(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		all := deployed(t, upstream(t, environment)["traefik"], nil)
		for _, service := range services(t) {
			all = append(all, deployed(t, render(t, load(t, service), valuesIn(t, service, environment)), loads()["at rest"])...)
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

// A budget that allows no eviction blocks the update of every node with one of its pods.
func TestEveryBudgetAllowsANodeToDrain(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		rendered := upstream(t, environment)
		for _, service := range services(t) {
			rendered[service] = render(t, load(t, service), valuesIn(t, service, environment))
		}

		for release, all := range rendered {
			running := deployed(t, all, loads()["at rest"])

			for _, budget := range of[policyv1.PodDisruptionBudget](t, all, "PodDisruptionBudget") {
				count := 0

				for _, w := range running {
					if selects(t, budget.Spec.Selector, w) {
						count += w.count
					}
				}

				assert.Positive(t, evictions(t, budget.Spec, count), "%s of %s in %s", budget.Name, release, environment)
			}
		}
	}
}

// evictions returns how many pods can be evicted at once under a budget.
func evictions(t *testing.T, budget policyv1.PodDisruptionBudgetSpec, count int) int {
	t.Helper()

	if budget.MaxUnavailable != nil {
		allowed, err := intstr.GetScaledValueFromIntOrPercent(budget.MaxUnavailable, count, true)
		require.NoError(t, err)

		return allowed
	}

	kept, err := intstr.GetScaledValueFromIntOrPercent(budget.MinAvailable, count, true)
	require.NoError(t, err)

	return count - kept
}

// smallest returns an environment's smallest set of nodes, with the room that DaemonSets leave.
func smallest(t *testing.T, environment string, seed uint64) *site {
	t.Helper()

	each, zones, number := nodes(t, environment)
	onNode, _ := addons()

	for _, addon := range onNode {
		each = each.plus(addon.times(-1))
	}

	return newSite(seed, zones, number, each)
}

// The tests above rely on the model: it must detect a strategy that does not fit.
func TestARolloutWithoutRoomIsDetected(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		nodes              int
		surge, unavailable int
		stuck              bool
	}{
		"one pod more than nodes":           {nodes: 3, surge: 1, stuck: true},
		"one pod more, and a node for it":   {nodes: 4, surge: 1},
		"each pod replaces another":         {nodes: 3, unavailable: 1},
		"both strategies, and room for one": {nodes: 3, surge: 1, unavailable: 1},
	} {
		for seed := range uint64(tries) {
			all := []*workload{apart(3, test.surge, test.unavailable)}
			s := newSite(seed, 1, test.nodes, room{CPU: 1000, Memory: 1000, Pods: 10})

			require.Empty(t, s.settle(t, all), name)
			require.Equal(t, test.stuck, len(s.roll(t, all)) > 0, name)
		}
	}
}

// The chart's default strategy for HAProxy, a quarter more pods and none fewer, does not fit.
func TestTheDefaultStrategyOfHAProxyDoesNotFit(t *testing.T) {
	t.Parallel()

	surge, unavailable := strategy(t, appsv1.DeploymentStrategy{Type: appsv1.RollingUpdateDeploymentStrategyType}, 3)
	all := workloads(t, "staging", loads()["at rest"])

	for _, w := range all {
		if w.name == "argocd-redis-ha-haproxy" {
			w.surge, w.unavailable = surge, unavailable
		}
	}

	s := smallest(t, "staging", 1)
	require.Empty(t, s.settle(t, all))
	assert.Equal(t, []string{"argocd-redis-ha-haproxy"}, s.roll(t, all))
}

// apart returns a workload whose pods must run on different nodes.
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
