package stacks_test

import (
	"regexp"
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
				own := amazons.ReplaceAllString(name, "")
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

// amazons is the part of a name that AWS chooses.
var amazons = regexp.MustCompile(`^(alias/|/aws/eks/|/aws/rds/instance/)`)

// within are types whose names are unique within what they are in, which bears the environment's name: a role, a DNS
// zone, a cluster.
func within() []string {
	return []string{"aws:iam/rolePolicy:RolePolicy", "aws:route53/record:Record", "kubernetes:helm.sh/v3:Release"}
}

// physicalNames are those by which the account knows a resource.
func physicalNames(r *graphtest.Resource) []string {
	var names []string

	for _, key := range []resource.PropertyKey{
		"name", "namePrefix", "nodeGroupNamePrefix", "identifier", "replicationGroupId", "userId", "userGroupId",
	} {
		if name := r.Inputs[key]; name.IsString() && !slices.Contains(within(), r.Type) {
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
