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
	// tainted machines accept no new pods: they are drained or lost.
	tainted bool
}

// workload is a set of equal pods.
type workload struct {
	name string
	// count is the number of pods at rest. A rollout has up to surge pods more, and up to unavailable pods fewer.
	count, surge, unavailable int
	// ordered workloads replace their pods one by one: StatefulSets.
	ordered bool
	// ends is true for a Job: its pod exists only during a rollout.
	ends bool
	asks room
	pod  corev1.PodTemplateSpec
}

// replica is an old or a new pod of a workload. It is pending until it is on a machine.
type replica struct {
	of  *workload
	new bool
	on  *machine
}

// site is a set of machines with the pods on them.
type site struct {
	machines []*machine
	replicas []*replica
	random   *rand.Rand
}

// place puts a pending replica onto a random possible machine, and reports whether there is one. The model has no
// scores: a property of all possible machines is also one of the machine with the best score.
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

// remove ends a replica. It always succeeds.
func (s *site) remove(ended *replica) bool {
	if ended.on != nil {
		ended.on.free = ended.on.free.plus(ended.of.asks)
	}

	s.replicas = slices.DeleteFunc(s.replicas, func(r *replica) bool { return r == ended })

	return true
}

// possible returns the machines that pass the scheduler's filters NodeResourcesFit, TaintToleration, InterPodAffinity
// and PodTopologySpread, as far as the workloads use them.
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

// apart reports whether a machine has no pod that excludes the replica.
func (s *site) apart(t *testing.T, pending *replica, on *machine) bool {
	t.Helper()

	affinity := pending.of.pod.Spec.Affinity
	if affinity == nil || affinity.PodAntiAffinity == nil {
		return true
	}

	for _, term := range affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution {
		require.Equal(t, corev1.LabelHostname, term.TopologyKey, "the model has no other keys: %s", pending.of.name)

		if slices.ContainsFunc(s.replicas, func(r *replica) bool {
			return r.on == on && selects(t, term.LabelSelector, r.of)
		}) {
			return false
		}
	}

	return true
}

// spread reports whether the spread constraints allow the replica in the machine's zone.
func (s *site) spread(t *testing.T, pending *replica, on *machine) bool {
	t.Helper()

	for _, constraint := range pending.of.pod.Spec.TopologySpreadConstraints {
		if constraint.WhenUnsatisfiable != corev1.DoNotSchedule {
			continue
		}

		require.Equal(t, corev1.LabelTopologyZone, constraint.TopologyKey, "the model has no other keys: %s", pending.of.name)

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

// zones returns the zones that a constraint counts, each with zero pods.
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

// zone returns the zone of a replica, or "" while it is pending.
func (r *replica) zone() string {
	if r.on == nil {
		return ""
	}

	return r.on.zone
}

// selects reports whether a selector matches the pods of a workload.
func selects(t *testing.T, selector *metav1.LabelSelector, of *workload) bool {
	t.Helper()

	compiled, err := metav1.LabelSelectorAsSelector(selector)
	require.NoError(t, err)

	return compiled.Matches(labels.Set(of.pod.Labels))
}
