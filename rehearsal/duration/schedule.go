package duration

import (
	"math/rand/v2"
	"slices"
)

// schedule is when each node starts and ends.
type schedule struct {
	start, finish []float64
	end           float64
}

// median is the time of a node in the expected case.
func median(_ int, t Taken) float64 { return t.Median }

// schedule starts each node when the nodes before it have ended. It ignores edges without which ignored returns true.
func (g *graph) schedule(seconds func(int, Taken) float64, ignored func(from, to int) bool) schedule {
	s := schedule{start: make([]float64, len(g.nodes)), finish: make([]float64, len(g.nodes))}
	visited := make([]bool, len(g.nodes))

	var visit func(i int)

	visit = func(i int) {
		if visited[i] { // also in a cycle, which a child that needs its own component would be
			return
		}

		visited[i] = true

		for _, j := range g.nodes[i].after {
			if ignored == nil || !ignored(j, i) {
				visit(j)
				s.start[i] = max(s.start[i], s.finish[j])
			}
		}

		s.finish[i] = s.start[i] + seconds(i, g.nodes[i].taken)
		s.end = max(s.end, s.finish[i])
	}

	for i := range g.nodes {
		visit(i)
	}

	return s
}

// critical returns the nodes of a longest chain, the first one first.
func (g *graph) critical(s schedule) []int {
	var path []int

	for i := range g.nodes {
		if s.finish[i] == s.end && s.end > 0 {
			path = append(path, i)

			break
		}
	}

	for len(path) > 0 {
		last := path[len(path)-1]
		next := slices.IndexFunc(g.nodes[last].after, func(j int) bool { return s.finish[j] == s.start[last] })

		if next < 0 || s.start[last] == 0 {
			break
		}

		path = append(path, g.nodes[last].after[next])
	}

	slices.Reverse(path)

	return path
}

// ninetieth returns the 90th percentile of the time of the run, from samples that are always the same.
func (g *graph) ninetieth() float64 {
	const samples = 1000

	random := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // a model, not a secret
	ends := make([]float64, samples)

	for k := range ends {
		ends[k] = g.schedule(func(_ int, t Taken) float64 {
			return t.quantile(random.Float64())
		}, nil).end
	}

	slices.Sort(ends)

	return ends[samples*9/10]
}
