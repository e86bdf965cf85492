package charttest_test

import "testing"

// roll rolls out all workloads at once: each workload replaces its pods, in any order that its strategy and the free
// room allow, and Jobs run. It returns the workloads that cannot finish.
//
// A pod is ready as soon as it is on a machine: the model only decides whether pods find room.
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

// any takes one possible step, in random order, and reports whether there was one.
func (s *site) any(steps []func() bool) bool {
	for _, i := range s.random.Perm(len(steps)) {
		if steps[i]() {
			return true
		}
	}

	return false
}

// replace returns the next steps of a workload's controller towards the new pods (Kubernetes,
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

// census returns a workload's old pods, its new pods, and the pods of both that are on a machine.
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

// unfinished returns the workloads that have old pods, or too few new pods on machines.
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
