package stacks_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
)

func TestLogicalNamesDoNotContainTheEnvironment(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		for _, r := range deploy(t, environment, nil).Customs() {
			assert.NotContains(t, r.Name, environment, r.URN)
		}
	}
}

func TestPhysicalNamesStartWithTheEnvironment(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		for _, r := range deploy(t, environment, nil).Customs() {
			for _, name := range physicalNames(r) {
				own := amazons.ReplaceAllString(name, "")
				assert.True(t, strings.HasPrefix(own, environment), "%s is named %s", r.URN, name)
			}
		}
	}
}

// Even with the longest values of all settings that are part of names, every name fits the limits of AWS.
func TestNoNameIsLongerThanAWSAllows(t *testing.T) {
	t.Parallel()

	const digits = 26 // which the provider appends to a prefix

	// API References: ELB CreateLoadBalancer and CreateTargetGroup, ElastiCache CreateReplicationGroup and CreateUser, RDS
	// CreateDBInstance and CreateDBParameterGroup, IAM CreateRole, EKS CreateCluster and CreateNodegroup, EC2
	// CreateLaunchTemplate and CreateSecurityGroup.
	bounds := []struct {
		kind string
		key  resource.PropertyKey
		most int
	}{
		{"aws:lb/loadBalancer:LoadBalancer", "name", 32},
		{"aws:lb/targetGroup:TargetGroup", "name", 32},
		{"aws:elasticache/replicationGroup:ReplicationGroup", "replicationGroupId", 40},
		{"aws:elasticache/user:User", "userId", 40},
		{"aws:elasticache/userGroup:UserGroup", "userGroupId", 40},
		{"aws:rds/instance:Instance", "identifier", 63},
		{"aws:rds/parameterGroup:ParameterGroup", "namePrefix", 255 - digits},
		{roleType, "name", 64},
		{componentType, "name", 100},
		{groupType, "nodeGroupNamePrefix", 63 - digits},
		{"aws:ec2/launchTemplate:LaunchTemplate", "namePrefix", 128 - digits},
		{"aws:ec2/securityGroup:SecurityGroup", "namePrefix", 255 - digits},
	}

	for _, environment := range environments(t) {
		g := deploy(t, environment, longest(t, environment))

		for _, bound := range bounds {
			made := g.All(bound.kind)
			require.NotEmpty(t, made, bound.kind)

			for _, r := range made {
				require.True(t, r.Inputs[bound.key].IsString(), "%s of %s", bound.key, r.URN)

				name := r.Inputs[bound.key].StringValue()
				assert.LessOrEqual(t, len(name), bound.most, "%s is named %s", r.URN, name)
			}
		}
	}
}

// longest sets the longest names that the settings accept.
func longest(t *testing.T, environment string) map[string]string {
	t.Helper()

	config := configuration(t, environment, nil)
	grown := make(map[string]string)

	for _, more := range []other{
		{"platform:apps." + strings.Repeat("a", 27), map[string]any{"path": "/a", "needs": []any{"mysql", "redis"}}},
		{"platform:cluster.nodes." + strings.Repeat("b", 26), map[string]any{
			"instanceTypes": []any{"t4g.large"}, "min": 1, "max": 1,
		}},
		{"platform:cluster.addons.aws-ebs-csi-driver", map[string]any{
			"version": "v1.0.0-eksbuild.1", "role": map[string]any{
				"serviceAccount": strings.Repeat("c", 44), "policies": []any{"arn:aws:iam::aws:policy/A"},
			},
		}},
	} {
		section := changed(t, config, more.path, more.value)
		maps.Copy(config, section)
		maps.Copy(grown, section)
	}

	return grown
}

func TestTaggableResourcesHaveAName(t *testing.T) {
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

// The sandbox has some of staging's zones and gateways, and nothing that staging lacks.
func TestEnvironmentsAgreeOnTheNamesThatTheyShare(t *testing.T) {
	t.Parallel()

	sandbox, staging := logicalNames(deploy(t, "sandbox", nil)), logicalNames(deploy(t, "staging", nil))

	assert.Subset(t, staging, sandbox)

	for _, name := range staging {
		ofAnotherZone := strings.HasSuffix(name, "-c") || strings.HasSuffix(name, "::network-nat-b")
		assert.Equal(t, !ofAnotherZone, slices.Contains(sandbox, name), name)
	}
}

// amazons matches the part of a name that AWS chooses.
var amazons = regexp.MustCompile(`^(alias/|/aws/eks/|/aws/rds/instance/)`)

// within returns types whose names must be unique only within a resource with the environment's name: a role, a DNS
// zone, a cluster.
func within() []string {
	return []string{"aws:iam/rolePolicy:RolePolicy", "aws:route53/record:Record", "kubernetes:helm.sh/v3:Release"}
}

// physicalNames returns the names of a resource in the account.
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

// logicalNames returns the types and names of the resources of a graph.
func logicalNames(g *graphtest.Graph) []string {
	var names []string
	for _, r := range g.Customs() {
		names = append(names, r.Type+"::"+r.Name)
	}

	return names
}
