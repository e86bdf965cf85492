package graphtest

import (
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

// Graph contains the resources that a program registered, ordered by URN.
type Graph struct {
	resources []*Resource
	// stack is the URN of the stack, and outputs are what it exports.
	stack   resource.URN
	outputs resource.PropertyMap
}

// Resource is a registered resource.
type Resource struct {
	URN    resource.URN
	Type   string
	Name   string
	ID     string
	Custom bool
	// Parent is the URN of the parent; for a resource without a parent, that of the stack.
	Parent   resource.URN
	Provider string
	// Dependencies are explicit dependencies and those through inputs, as the engine records them.
	Dependencies   []resource.URN
	Protect        bool
	RetainOnDelete bool
	DeletedWith    resource.URN
	// ImportID is the ID of the resource that the engine imports if the state has none.
	ImportID string
	// IgnoreChanges are the inputs whose changes the engine ignores.
	IgnoreChanges []string
	Inputs        resource.PropertyMap
}

// One returns the resource of this type and name. The test fails unless there is exactly one.
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

// None asserts that there is no resource of this type.
func (g *Graph) None(t testing.TB, resourceType string) {
	t.Helper()
	require.Empty(t, g.names(resourceType), "no %s", resourceType)
}

// Customs returns the resources that providers manage, without the providers themselves.
func (g *Graph) Customs() []*Resource {
	return g.filter(func(r *Resource) bool { return r.Custom && r.URN.Type().Module().Name() != "providers" })
}

// allDependencies returns the direct and indirect dependencies of a resource.
func (g *Graph) allDependencies(of *Resource) []resource.URN {
	found := slices.Clone(of.Dependencies)

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
	return slices.DeleteFunc(slices.Clone(g.resources), func(r *Resource) bool { return !keep(r) })
}

func (g *Graph) names(resourceType string) []string {
	var names []string
	for _, r := range g.All(resourceType) {
		names = append(names, r.Name)
	}

	return names
}
