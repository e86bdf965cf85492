package graphtest

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Node is a resource under assertion. Each method asserts one thing and returns the node, so that assertions
// read as sentences.
type Node struct {
	t        testing.TB
	graph    *Graph
	resource *Resource
}

// Under asserts that the resource's parent is named so.
func (n Node) Under(parent string) Node {
	n.t.Helper()
	assert.Equal(n.t, parent, n.resource.Parent.Name(), "parent of %s", n.resource.URN)

	return n
}

// DependsOn asserts that the resource waits for each of the resources named so. Where several share a name,
// "type::name" says which of them, as the end of a URN does.
func (n Node) DependsOn(names ...string) Node {
	n.t.Helper()

	var dependencies []string
	for _, urn := range n.resource.Dependencies {
		dependencies = append(dependencies, urn.Name(), string(urn.Type())+"::"+urn.Name())
	}

	assert.Subset(n.t, dependencies, names, "dependencies of %s", n.resource.URN)

	return n
}

// WaitsForNo asserts that the resource waits for none of this type, and that nothing does that it waits for.
func (n Node) WaitsForNo(resourceType string) Node {
	n.t.Helper()

	for _, awaited := range n.graph.awaited(n.resource) {
		assert.NotEqual(n.t, resourceType, string(awaited.Type()), "%s waits for %s", n.resource.URN, awaited)
	}

	return n
}

// Protected asserts that the engine refuses to delete the resource.
func (n Node) Protected() Node {
	n.t.Helper()
	assert.True(n.t, n.resource.Protect, "%s is protected", n.resource.URN)

	return n
}

// Kept asserts that the resource stays in the account when the engine deletes it.
func (n Node) Kept() Node {
	n.t.Helper()
	assert.True(n.t, n.resource.RetainOnDelete, "%s is kept", n.resource.URN)

	return n
}

// Imported asserts the id of the resource that the engine imports where the state has none; empty for no import.
func (n Node) Imported(id string) Node {
	n.t.Helper()
	assert.Equal(n.t, id, n.resource.ImportID, "import of %s", n.resource.URN)

	return n
}

// IgnoresChangesOf asserts that the engine ignores changes of these inputs, and of no others.
func (n Node) IgnoresChangesOf(inputs ...string) Node {
	n.t.Helper()
	assert.ElementsMatch(n.t, inputs, n.resource.IgnoreChanges, "ignored changes of %s", n.resource.URN)

	return n
}

// GoesWith asserts that the resource is not deleted by itself where the one named so is.
func (n Node) GoesWith(name string) Node {
	n.t.Helper()
	require.True(n.t, n.resource.DeletedWith.IsValid(), "%s is deleted with another", n.resource.URN)
	assert.Equal(n.t, name, n.resource.DeletedWith.Name(), "what %s is deleted with", n.resource.URN)

	return n
}

// Has asserts the value of an input: path as in "tags.Name" or "vpcs[0].vpcId", want as plain Go.
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

// JSON asserts that an input is a JSON text equal to want.
func (n Node) JSON(path, want string) Node {
	n.t.Helper()

	value, found := n.lookUp(path)
	require.True(n.t, found && value.IsString(), "%s has no text as input %q", n.resource.URN, path)
	assert.JSONEq(n.t, want, value.StringValue(), "input %q of %s", path, n.resource.URN)

	return n
}

// SecretJSON asserts that an input is a secret, and what it hides a JSON text equal to want.
func (n Node) SecretJSON(path, want string) Node {
	n.t.Helper()

	value, found := n.lookUp(path)
	require.True(n.t, found && value.IsSecret(), "%s has no secret as input %q", n.resource.URN, path)

	hidden := value.SecretValue().Element
	require.True(n.t, hidden.IsString(), "%s has no text in the secret input %q", n.resource.URN, path)
	assert.JSONEq(n.t, want, hidden.StringValue(), "input %q of %s", path, n.resource.URN)

	return n
}

// Refers asserts that an input is the id or the ARN of the resource of this type and name, or the resource itself.
func (n Node) Refers(path, resourceType, name string) Node {
	n.t.Helper()

	value, found := n.lookUp(path)
	require.True(n.t, found, "%s has no input %q", n.resource.URN, path)

	meant := n.graph.One(n.t, resourceType, name).resource

	if value.IsResourceReference() {
		assert.Equal(n.t, meant.URN, value.ResourceReferenceValue().URN, "input %q of %s", path, n.resource.URN)

		return n
	}

	require.True(n.t, value.IsString(), "%s has no text as input %q", n.resource.URN, path)
	assert.Contains(n.t, []string{meant.ID, arnOf(meant.Type, meant.ID)}, value.StringValue(),
		"input %q of %s", path, n.resource.URN)

	return n
}

func (n Node) lookUp(path string) (resource.PropertyValue, bool) {
	n.t.Helper()

	parsed, err := resource.ParsePropertyPath(path)
	require.NoError(n.t, err, "property path %q", path)

	return parsed.Get(resource.NewProperty(n.resource.Inputs))
}
