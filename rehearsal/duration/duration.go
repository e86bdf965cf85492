// Package duration models how long AWS takes for a run: with unlimited parallelism, from the dependencies between the
// resources and the times that AWS needs for each.
package duration

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/state"
)

// Estimate is the modelled time of a run.
type Estimate struct {
	// MedianSeconds is the longest chain when each step takes its median time.
	MedianSeconds float64 `json:"medianSeconds"`
	// P90Seconds is the 90th percentile of the longest chain when the times vary independently.
	P90Seconds float64 `json:"p90Seconds"`
	// LimitSeconds is the longest chain when only those dependencies remain that a property or a documented rule of AWS
	// requires.
	LimitSeconds float64 `json:"limitSeconds"`
	// Steps are in the order of their start. Steps that take no time, such as those on components, are left out.
	Steps []Step `json:"steps"`
	// Delays are the dependencies on the critical path that the limit does without.
	Delays []Delay `json:"delays"`
}

// Step is one operation with its modelled time. All times are medians in seconds.
type Step struct {
	URN resource.URN `json:"urn"`
	// Operation is create, update or delete. A replacement is a creation and a deletion.
	Operation string  `json:"operation"`
	Start     float64 `json:"startSeconds"`
	Seconds   float64 `json:"seconds"`
	// Critical steps are those of the critical path: if one of them takes longer, the run does.
	Critical bool   `json:"critical"`
	Assumed  bool   `json:"assumed"`
	Source   string `json:"source"`
}

// Delay is a dependency that delays a run and that neither a property nor a documented rule requires.
type Delay struct {
	From resource.URN `json:"from"`
	To   resource.URN `json:"to"`
	// Seconds is how much sooner the run would end without the dependency.
	Seconds float64 `json:"seconds"`
}

const (
	create = "create"
	update = "update"
	remove = "delete"
)

// Of models a run of the steps, which change the resources before into those after.
func Of(steps []plan.Step, before, after *state.State) Estimate {
	g := newGraph(steps, before, after)
	all := g.schedule(median, nil)
	critical := g.critical(all)

	estimate := Estimate{
		MedianSeconds: tenths(all.end), P90Seconds: tenths(g.ninetieth()),
		LimitSeconds: tenths(g.schedule(median, func(from, to int) bool { return !g.required(from, to) }).end),
		Steps:        []Step{}, Delays: []Delay{},
	}

	for i, n := range g.nodes {
		if n.taken.Median == 0 {
			continue
		}

		estimate.Steps = append(estimate.Steps, Step{
			URN: n.URN, Operation: n.operation, Start: tenths(all.start[i]), Seconds: n.taken.Median,
			Critical: slices.Contains(critical, i), Assumed: n.taken.Assumed, Source: n.taken.Source,
		})
	}

	slices.SortStableFunc(estimate.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.Seconds, a.Seconds), cmp.Compare(a.URN, b.URN))
	})

	for k, i := range critical[min(1, len(critical)):] {
		if from := critical[k]; !g.required(from, i) {
			without := g.schedule(median, func(a, b int) bool { return a == from && b == i })
			estimate.Delays = append(estimate.Delays, Delay{
				From: g.nodes[from].URN, To: g.nodes[i].URN, Seconds: tenths(all.end - without.end),
			})
		}
	}

	return estimate
}

// CriticalPath returns the steps of the critical path in the order of their start.
func (e Estimate) CriticalPath() []Step {
	return slices.DeleteFunc(slices.Clone(e.Steps), func(s Step) bool { return !s.Critical })
}

func tenths(seconds float64) float64 { return math.Round(seconds*10) / 10 }

// node is an operation on a resource. A resource that does not change takes no time.
type node struct {
	state.Resource

	operation string
	taken     Taken
	// after are the nodes that end before this one starts.
	after []int
}

// graph is a run.
type graph struct {
	nodes []node
	// present and gone are the indices of nodes: of the resources after the run, and of deletions.
	present, gone map[resource.URN]int
	children      map[resource.URN][]int
}

func newGraph(steps []plan.Step, before, after *state.State) *graph {
	g := &graph{
		present: make(map[resource.URN]int), gone: make(map[resource.URN]int), children: make(map[resource.URN][]int),
	}

	changes, deletions, early := sort(steps)
	taken := rows()

	for _, r := range after.Resources {
		n := node{Resource: r, operation: changes[r.URN]}
		if n.operation != "" && !isVirtual(r) {
			n.taken = of(taken, r, n.operation)
		}

		g.present[r.URN] = len(g.nodes)
		g.children[r.Parent] = append(g.children[r.Parent], len(g.nodes))
		g.nodes = append(g.nodes, n)
	}

	for _, r := range before.Resources {
		if deletions[r.URN] && !isVirtual(r) && !r.RetainOnDelete && r.DeletedWith == "" {
			g.gone[r.URN] = len(g.nodes)
			g.nodes = append(g.nodes, node{Resource: r, operation: remove, taken: of(taken, r, remove)})
		}
	}

	g.connect(early)

	return g
}

// sort returns the operation on each resource, the deleted resources, and those that are deleted before their
// replacement is created.
func sort(steps []plan.Step) (map[resource.URN]string, map[resource.URN]bool, map[resource.URN]bool) {
	changes := make(map[resource.URN]string)
	deletions, early := make(map[resource.URN]bool), make(map[resource.URN]bool)

	creations := []apitype.OpType{
		apitype.OpCreate, apitype.OpCreateReplacement, apitype.OpImport, apitype.OpImportReplacement,
	}

	for _, step := range steps {
		switch {
		case slices.Contains(creations, step.Op):
			changes[step.URN] = create
		case step.Op == apitype.OpUpdate:
			changes[step.URN] = update
		case step.Op == apitype.OpDelete, step.Op == apitype.OpDeleteReplaced:
			deletions[step.URN] = true
			early[step.URN] = step.Op == apitype.OpDeleteReplaced && changes[step.URN] == ""
		}
	}

	return changes, deletions, early
}

// isVirtual reports whether a resource is only in the state.
func isVirtual(r state.Resource) bool { return !r.Custom || r.Type.Module().Name() == "providers" }

// connect adds the edges. Resources are created after what they depend on, and deleted before it. The engine deletes
// when nothing is left to create, except for what is deleted before its replacement.
func (g *graph) connect(early map[resource.URN]bool) {
	for i := range g.nodes {
		n := &g.nodes[i]

		for _, dependency := range needs(n.Resource) {
			if n.operation != remove {
				n.after = append(n.after, g.resolve(dependency)...)
			} else if j, deleted := g.gone[dependency]; deleted {
				g.nodes[j].after = append(g.nodes[j].after, i)
			}
		}

		switch replacement, replaced := g.present[n.URN]; {
		case n.operation != remove:
		case early[n.URN] && replaced:
			g.nodes[replacement].after = append(g.nodes[replacement].after, i)
		default:
			for _, j := range g.present {
				n.after = append(n.after, j)
			}

			slices.Sort(n.after)
		}
	}
}

// needs returns what a resource depends on, its provider included.
func needs(r state.Resource) []resource.URN {
	// A reference to a provider is its URN and its id, separated as the parts of a URN are.
	end := max(0, strings.LastIndex(r.Provider, resource.URNNameDelimiter))

	return append(slices.Clone(r.Dependencies), resource.URN(r.Provider[:end]))
}

// resolve returns the nodes of a resource. A component is complete when its children are.
func (g *graph) resolve(urn resource.URN) []int {
	i, known := g.present[urn]
	if !known {
		return nil
	}

	if g.nodes[i].Custom {
		return []int{i}
	}

	var all []int
	for _, child := range g.children[urn] {
		all = append(all, g.resolve(g.nodes[child].URN)...)
	}

	return all
}
