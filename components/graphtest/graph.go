package graphtest

import (
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

// Graph is what a program registered, ordered by URN.
type Graph struct {
	resources []*Resource
	// stack is the URN of the stack, and outputs are what it exports.
	stack   resource.URN
	outputs resource.PropertyMap
}

// Resource is one registration.
type Resource struct {
	URN    resource.URN
	Type   string
	Name   string
	ID     string
	Custom bool
	// Parent is the URN of the parent; of the stack for a resource at the top.
	Parent   resource.URN
	Provider string
	// Dependencies are explicit ones and those through inputs, as the engine sees them.
	Dependencies   []resource.URN
	Protect        bool
	RetainOnDelete bool
	DeletedWith    resource.URN
	// ImportID is the id of the resource that the engine imports where the state has none.
	ImportID string
	// IgnoreChanges are the inputs whose changes the engine ignores.
	IgnoreChanges []string
	Inputs        resource.PropertyMap
}

// One returns the resource of this type and name, and fails the test where there is none or more.
func (g *Graph) One(t testing.TB, resourceType, name string) Node {
	t.Helper()

	found := g.filter(func(r *Resource) bool { return r.Type == resourceType && r.Name == name })
	require.Len(t, found, 1, "one %s named %q; the graph has %v", resourceType, name, g.names(resourceType))

	return Node{t: t, graph: g, resource: found[0]}
}

// All returns the resources of this type, ordered by URN.
func (g *Graph) All(resourceType string) []*Resource {
	return g.filter(func(r *Resource) bool { return r.Type == resourceType })
}

// None fails the test where there is a resource of this type.
func (g *Graph) None(t testing.TB, resourceType string) {
	t.Helper()
	require.Empty(t, g.names(resourceType), "no %s", resourceType)
}

// Customs returns the resources that a provider would hold, providers themselves left out.
func (g *Graph) Customs() []*Resource {
	return g.filter(func(r *Resource) bool { return r.Custom && !isProvider(r) })
}

// awaited returns what a resource waits for, and what that waits for in turn.
func (g *Graph) awaited(waiting *Resource) []resource.URN {
	found := slices.Clone(waiting.Dependencies)

	for i := 0; i < len(found); i++ {
		for _, r := range g.filter(func(r *Resource) bool { return r.URN == found[i] }) {
			for _, further := range r.Dependencies {
				if !slices.Contains(found, further) {
					found = append(found, further)
				}
			}
		}
	}

	return found
}

func (g *Graph) filter(keep func(*Resource) bool) []*Resource {
	var kept []*Resource

	for _, r := range g.resources {
		if keep(r) {
			kept = append(kept, r)
		}
	}

	return kept
}

func (g *Graph) names(resourceType string) []string {
	var names []string
	for _, r := range g.All(resourceType) {
		names = append(names, r.Name)
	}

	slices.Sort(names)

	return names
}

func isProvider(r *Resource) bool {
	return r.URN.Type().Module().Name() == "providers"
}
