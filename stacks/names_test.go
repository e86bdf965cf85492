package stacks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
)

func TestLogicalNamesNeverHoldTheEnvironment(t *testing.T) {
	t.Parallel()

	for _, environment := range environments() {
		for _, r := range deploy(t, environment, nil).Customs() {
			assert.NotContains(t, r.Name, environment, r.URN)
		}
	}
}

func TestPhysicalNamesStartWithTheEnvironment(t *testing.T) {
	t.Parallel()

	for _, environment := range environments() {
		for _, r := range deploy(t, environment, nil).Customs() {
			for _, name := range physicalNames(r) {
				own := strings.TrimPrefix(strings.TrimPrefix(name, "alias/"), "/aws/eks/") // AWS's part of the name
				assert.True(t, strings.HasPrefix(own, environment), "%s is named %s", r.URN, name)
			}
		}
	}
}

func TestWhatCanBeTaggedHasAName(t *testing.T) {
	t.Parallel()

	found := 0

	for _, r := range deploy(t, "staging", nil).Customs() {
		tags, tagged := r.Inputs["tags"]
		if !tagged {
			continue
		}

		found++

		assert.Contains(t, tags.ObjectValue(), resource.PropertyKey("Name"), r.URN)
	}

	require.Positive(t, found)
}

// The sandbox has a part of staging's zones and gateways, and nothing that staging has not.
func TestEnvironmentsNameWhatTheyShareAlike(t *testing.T) {
	t.Parallel()

	sandbox, staging := logicalNames(deploy(t, "sandbox", nil)), logicalNames(deploy(t, "staging", nil))

	assert.Subset(t, staging, sandbox)

	for _, name := range staging {
		ofAnotherZone := strings.HasSuffix(name, "-c") || strings.HasSuffix(name, "::network-nat-b")
		assert.Equal(t, !ofAnotherZone, slices.Contains(sandbox, name), name)
	}
}

// physicalNames are those by which the account knows a resource. An inline policy's is unique within its role,
// which bears the environment's name.
func physicalNames(r *graphtest.Resource) []string {
	var names []string

	for _, key := range []resource.PropertyKey{"name", "namePrefix", "nodeGroupNamePrefix"} {
		if name := r.Inputs[key]; name.IsString() && r.Type != "aws:iam/rolePolicy:RolePolicy" {
			names = append(names, name.StringValue())
		}
	}

	if tags := r.Inputs["tags"]; tags.IsObject() {
		names = append(names, tags.ObjectValue()["Name"].StringValue())
	}

	return names
}

// logicalNames are the types and names of what a graph holds.
func logicalNames(g *graphtest.Graph) []string {
	var names []string
	for _, r := range g.Customs() {
		names = append(names, r.Type+"::"+r.Name)
	}

	return names
}
