package graphtest

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Node is a resource under assertion. Each method asserts one property and returns the node, so that assertions read as
// sentences.
type Node struct {
	t        testing.TB
	graph    *Graph
	resource *Resource
}

// Under asserts the name of the resource's parent.
func (n Node) Under(parent string) Node {
	n.t.Helper()
	assert.Equal(n.t, parent, n.resource.Parent.Name(), "parent of %s", n.resource.URN)

	return n
}

// DependsOn asserts that the resource depends on resources with these names, among others. If several resources share a
// name, use "type::name", the end of the URN.
func (n Node) DependsOn(names ...string) Node {
	n.t.Helper()

	var dependencies []string
	for _, urn := range n.resource.Dependencies {
		dependencies = append(dependencies, urn.Name(), string(urn.Type())+"::"+urn.Name())
	}

	assert.Subset(n.t, dependencies, names, "dependencies of %s", n.resource.URN)

	return n
}

// WaitsForNo asserts that the resource depends on no resource of a type, directly or indirectly.
func (n Node) WaitsForNo(resourceType string) Node {
	n.t.Helper()

	for _, dependency := range n.graph.allDependencies(n.resource) {
		assert.NotEqual(n.t, resourceType, string(dependency.Type()), "%s waits for %s", n.resource.URN, dependency)
	}

	return n
}

// Protected asserts that the engine refuses to delete the resource.
func (n Node) Protected() Node {
	n.t.Helper()
	assert.True(n.t, n.resource.Protect, "%s must be protected", n.resource.URN)

	return n
}

// Kept asserts that the resource remains in the account when the engine deletes it.
func (n Node) Kept() Node {
	n.t.Helper()
	assert.True(n.t, n.resource.RetainOnDelete, "%s must be retained", n.resource.URN)

	return n
}

// Imported asserts the ID of the resource that the engine imports if the state has none, or "" for no import.
func (n Node) Imported(id string) Node {
	n.t.Helper()
	assert.Equal(n.t, id, n.resource.ImportID, "import of %s", n.resource.URN)

	return n
}

// IgnoresChangesOf asserts that the engine ignores changes of exactly these inputs.
func (n Node) IgnoresChangesOf(inputs ...string) Node {
	n.t.Helper()
	assert.ElementsMatch(n.t, inputs, n.resource.IgnoreChanges, "ignored changes of %s", n.resource.URN)

	return n
}

// GoesWith asserts that the engine does not delete the resource if it deletes another resource, with this name.
func (n Node) GoesWith(name string) Node {
	n.t.Helper()
	require.True(n.t, n.resource.DeletedWith.IsValid(), "%s must be deleted with another resource", n.resource.URN)
	assert.Equal(n.t, name, n.resource.DeletedWith.Name(), "resource that %s is deleted with", n.resource.URN)

	return n
}

// Has asserts the value of an input. The path is such as "tags.Name" or "vpcs[0].vpcId", and the value is plain Go.
func (n Node) Has(path string, want any) Node {
	n.t.Helper()

	value, found := n.lookUp(path)
	require.True(n.t, found, "%s has no input %q", n.resource.URN, path)
	assert.EqualValues(n.t, want, value.Mappable(), "input %q of %s", path, n.resource.URN)

	return n
}

// HasNo asserts that an input is not set.
func (n Node) HasNo(path string) Node {
	n.t.Helper()

	value, found := n.lookUp(path)
	assert.False(n.t, found, "%s has an input %q: %v", n.resource.URN, path, value)

	return n
}

// JSON asserts that an input is a JSON document equal to want.
func (n Node) JSON(path, want string) Node {
	n.t.Helper()

	value, _ := n.lookUp(path)
	n.equalJSON(path, want, value)

	return n
}

// SecretJSON asserts that an input is a secret JSON document equal to want.
func (n Node) SecretJSON(path, want string) Node {
	n.t.Helper()

	value, _ := n.lookUp(path)
	require.True(n.t, value.IsSecret(), "%s has no secret input %q", n.resource.URN, path)
	n.equalJSON(path, want, value.SecretValue().Element)

	return n
}

// Refers asserts that an input is the ID or the ARN of the resource of this type and name, or the resource itself.
func (n Node) Refers(path, resourceType, name string) Node {
	n.t.Helper()

	target := n.graph.One(n.t, resourceType, name).resource
	value, _ := n.lookUp(path)

	if value.IsResourceReference() {
		assert.Equal(n.t, target.URN, value.ResourceReferenceValue().URN, "input %q of %s", path, n.resource.URN)

		return n
	}

	require.True(n.t, value.IsString(), "%s has no input %q that is a string", n.resource.URN, path)
	assert.Contains(n.t, []string{target.ID, arnOf(target.Type, target.ID)}, value.StringValue(),
		"input %q of %s", path, n.resource.URN)

	return n
}

func (n Node) lookUp(path string) (resource.PropertyValue, bool) {
	n.t.Helper()

	parsed, err := resource.ParsePropertyPath(path)
	require.NoError(n.t, err, "property path %q", path)

	return parsed.Get(resource.NewProperty(n.resource.Inputs))
}

func (n Node) equalJSON(path, want string, value resource.PropertyValue) {
	n.t.Helper()
	require.True(n.t, value.IsString(), "%s has no input %q that is a string", n.resource.URN, path)
	assert.JSONEq(n.t, want, value.StringValue(), "input %q of %s", path, n.resource.URN)
}
