package charttest_test

import "testing"

// roll rolls everything out at once: each workload replaces its pods, in any order that its strategy and the room that
// is left permit, and Jobs run. It returns the workloads that no step takes any further, if there are any.
//
// A pod is ready as soon as it has a machine: what this is about is whether it gets one.
func (s *site) roll(t *testing.T, workloads []*workload) []string {
	t.Helper()

	for _, w := range workloads {
		if w.ends {
			s.replicas = append(s.replicas, &replica{of: w, new: true})
		}
	}

	for {
		var steps []func() bool

		for _, w := range workloads {
			steps = append(steps, s.replace(w)...)
		}

		for _, r := range s.replicas {
			switch {
			case r.on == nil:
				steps = append(steps, func() bool { return s.place(t, r) })
			case r.of.ends:
				steps = append(steps, func() bool { return s.remove(r) })
			}
		}

		if !s.any(steps) {
			return s.unfinished(workloads)
		}
	}
}

// any takes one of the steps that can be taken, and reports whether there is one.
func (s *site) any(steps []func() bool) bool {
	for _, i := range s.random.Perm(len(steps)) {
		if steps[i]() {
			return true
		}
	}

	return false
}

// replace are the steps by which a workload's controller comes nearer to the new pods (Kubernetes,
// pkg/controller/deployment/rolling.go and pkg/controller/statefulset/stateful_set_control.go).
func (s *site) replace(w *workload) []func() bool {
	if w.ends {
		return nil
	}

	before, after, ready := s.census(w)

	var steps []func() bool

	total := len(before) + len(after)

	if len(after) < w.count && total < w.count+w.surge {
		steps = append(steps, func() bool {
			s.replicas = append(s.replicas, &replica{of: w, new: true})

			return true
		})
	}

	if len(before) > 0 && len(ready) > w.count-w.unavailable && (!w.ordered || len(ready) == total) {
		steps = append(steps, func() bool { return s.remove(before[s.random.IntN(len(before))]) })
	}

	return steps
}

// census returns a workload's pods from before the rollout, the new ones, and those of both that have a machine.
func (s *site) census(w *workload) ([]*replica, []*replica, []*replica) {
	var before, after, ready []*replica

	for _, r := range s.replicas {
		if r.of != w {
			continue
		}

		if r.new {
			after = append(after, r)
		} else {
			before = append(before, r)
		}

		if r.on != nil {
			ready = append(ready, r)
		}
	}

	return before, after, ready
}

// unfinished are the workloads that have not as many new pods as they should, each with a machine, and no other.
func (s *site) unfinished(workloads []*workload) []string {
	var names []string

	for _, w := range workloads {
		before, after, ready := s.census(w)

		done := len(before) == 0 && len(after) == len(ready) && (w.ends && len(after) == 0 || len(after) == w.count)
		if !done {
			names = append(names, w.name)
		}
	}

	return names
}
