package charttest_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// machine is a node of a site.
type machine struct {
	zone string
	free room
	// tainted takes no new pods: it is drained, or lost.
	tainted bool
}

// workload makes pods that are alike.
type workload struct {
	name string
	// count is how many pods there are at rest. A rollout makes up to surge pods more, and leaves up to unavailable pods
	// of them out.
	count, surge, unavailable int
	// ordered workloads replace one pod after another, in the place of the one before: StatefulSets.
	ordered bool
	// ends is set of a Job: its pod is there only during a rollout.
	ends bool
	asks room
	pod  corev1.PodTemplateSpec
}

// replica is a pod of a workload, before a rollout or after it. It is pending until it is on a machine.
type replica struct {
	of  *workload
	new bool
	on  *machine
}

// site is machines and the pods on them.
type site struct {
	machines []*machine
	replicas []*replica
	random   *rand.Rand
}

// place puts a pending replica onto any machine that may take it, and reports whether there is one. The scheduler's
// scores are not modelled: what holds for any of the machines holds for the best.
func (s *site) place(t *testing.T, pending *replica) bool {
	t.Helper()

	possible := s.possible(t, pending)
	if len(possible) == 0 {
		return false
	}

	pending.on = possible[s.random.IntN(len(possible))]
	pending.on.free = pending.on.free.plus(pending.of.asks.times(-1))

	return true
}

// remove ends a replica, which always succeeds.
func (s *site) remove(ended *replica) bool {
	if ended.on != nil {
		ended.on.free = ended.on.free.plus(ended.of.asks)
	}

	s.replicas = slices.DeleteFunc(s.replicas, func(r *replica) bool { return r == ended })

	return true
}

// possible are the machines that the scheduler's filters leave: NodeResourcesFit, TaintToleration, InterPodAffinity and
// PodTopologySpread, as far as the workloads use them.
func (s *site) possible(t *testing.T, pending *replica) []*machine {
	t.Helper()

	var left []*machine

	for _, machine := range s.machines {
		asks := pending.of.asks
		fits := asks.CPU <= machine.free.CPU && asks.Memory <= machine.free.Memory && asks.Pods <= machine.free.Pods

		if fits && !machine.tainted && s.apart(t, pending, machine) && s.spread(t, pending, machine) {
			left = append(left, machine)
		}
	}

	return left
}

// apart reports whether a machine has no pod that the replica must not be beside.
func (s *site) apart(t *testing.T, pending *replica, on *machine) bool {
	t.Helper()

	affinity := pending.of.pod.Spec.Affinity
	if affinity == nil || affinity.PodAntiAffinity == nil {
		return true
	}

	for _, term := range affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution {
		require.Equal(t, corev1.LabelHostname, term.TopologyKey, "other keys are not modelled: %s", pending.of.name)

		if slices.ContainsFunc(s.replicas, func(r *replica) bool {
			return r.on == on && selects(t, term.LabelSelector, r.of)
		}) {
			return false
		}
	}

	return true
}

// spread reports whether a machine's zone may have one more of the replicas that a constraint counts.
func (s *site) spread(t *testing.T, pending *replica, on *machine) bool {
	t.Helper()

	for _, constraint := range pending.of.pod.Spec.TopologySpreadConstraints {
		if constraint.WhenUnsatisfiable != corev1.DoNotSchedule {
			continue
		}

		require.Equal(t, corev1.LabelTopologyZone, constraint.TopologyKey, "other keys are not modelled: %s", pending.of.name)

		counts := s.zones(constraint)

		for _, other := range s.replicas {
			eachRollout := slices.Contains(constraint.MatchLabelKeys, "pod-template-hash")
			if _, counted := counts[other.zone()]; counted && selects(t, constraint.LabelSelector, other.of) &&
				(!eachRollout || other.new == pending.new) {
				counts[other.zone()]++
			}
		}

		least := counts[on.zone]
		for _, count := range counts {
			least = min(least, count)
		}

		if counts[on.zone]+1-least > int(constraint.MaxSkew) {
			return false
		}
	}

	return true
}

// zones are those that a constraint counts, each with no pod yet.
func (s *site) zones(constraint corev1.TopologySpreadConstraint) map[string]int {
	policy := constraint.NodeTaintsPolicy
	honors := policy != nil && *policy == corev1.NodeInclusionPolicyHonor
	zones := make(map[string]int)

	for _, machine := range s.machines {
		if !honors || !machine.tainted {
			zones[machine.zone] = 0
		}
	}

	return zones
}

// zone is where a replica is, or "".
func (r *replica) zone() string {
	if r.on == nil {
		return ""
	}

	return r.on.zone
}

// selects reports whether a selector finds the pods of a workload.
func selects(t *testing.T, selector *metav1.LabelSelector, of *workload) bool {
	t.Helper()

	compiled, err := metav1.LabelSelectorAsSelector(selector)
	require.NoError(t, err)

	return compiled.Matches(labels.Set(of.pod.Labels))
}
