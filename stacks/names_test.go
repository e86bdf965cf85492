package stacks_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks"
	"github.com/msur/platform/stacks/settings"
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

// limit is the maximum length of a name.
type limit struct {
	kind string
	key  resource.PropertyKey
	most int
}

func limits() []limit {
	const digits = 26 // which the provider appends to a prefix

	// API References: ELB CreateLoadBalancer and CreateTargetGroup, ElastiCache CreateReplicationGroup and CreateUser, RDS
	// CreateDBInstance and CreateDBParameterGroup, IAM CreateRole, EKS CreateCluster and CreateNodegroup, EC2
	// CreateLaunchTemplate and CreateSecurityGroup, CloudWatch Logs CreateLogGroup, KMS CreateAlias.
	return []limit{
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
		{"aws:elasticache/parameterGroup:ParameterGroup", "name", 255},
		{logGroupType, "name", 512},
		{"aws:kms/alias:Alias", "name", 256},
	}
}

// The longest name of an environment, with the longest values of all settings that are part of names, fits all limits
// of AWS, and reaches one that no setting influences: a longer name would not fit.
func TestNoNameIsLongerThanAWSAllows(t *testing.T) {
	t.Parallel()

	longest := ""
	for len(settings.CheckName(longest+"e", nil)) == 0 {
		longest += "e"
	}

	reached := make(map[int][]string)

	for _, environment := range []string{"e", longest} {
		values := named(t, environment)
		loaded, err := stacks.Load(environment, values, t.TempDir(), now())
		require.NoError(t, err, environment)

		g := graphtest.Run(t, func(ctx *pulumi.Context) error {
			_, err := stacks.Deploy(ctx, loaded)

			return err
		}, graphtest.InStack(environment))

		for _, limit := range limits() {
			made := g.All(limit.kind)
			require.NotEmpty(t, made, limit.kind)

			for _, r := range made {
				require.True(t, r.Inputs[limit.key].IsString(), "%s of %s", limit.key, r.URN)

				name := r.Inputs[limit.key].StringValue()
				assert.LessOrEqual(t, len(name), limit.most, "%s is named %s", r.URN, name)

				if len(name) == limit.most {
					reached[len(environment)] = append(reached[len(environment)], r.Type)
				}
			}
		}
	}

	const targets = "aws:lb/targetGroup:TargetGroup"

	assert.Contains(t, reached[len(longest)], targets)
	assert.Contains(t, reached[len(longest)], roleType, "names of roles contain the longest names of settings")
	assert.NotContains(t, reached[1], targets)
}

// named is staging's configuration under another name, with the longest names that the settings accept.
func named(t *testing.T, environment string) config.Values {
	t.Helper()

	values := configuration(t, "staging", nil)
	maps.Copy(values, changed(t, values, "aws:defaultTags.tags.Environment", environment))

	for _, grown := range []func(name string) other{
		func(name string) other {
			return other{"platform:apps." + name, map[string]any{"path": "/a", "needs": []any{"mysql", "redis"}}}
		},
		func(name string) other {
			return other{"platform:cluster.nodes." + name, map[string]any{
				"instanceTypes": []any{"t4g.large"}, "min": 1, "max": 1,
			}}
		},
		func(name string) other {
			return other{"platform:cluster.addons.aws-ebs-csi-driver", map[string]any{
				"version": "v1.0.0-eksbuild.1", "role": map[string]any{
					"serviceAccount": name, "policies": []any{"arn:aws:iam::aws:policy/A"},
				},
			}}
		},
	} {
		accepted := values

		for name := "a"; ; name += "a" {
			longer, setting := maps.Clone(values), grown(name)
			maps.Copy(longer, changed(t, values, setting.path, setting.value))

			if _, problems := settings.Load(environment, longer, nil); len(problems) > 0 {
				break
			}

			accepted = longer
		}

		require.NotEqual(t, values, accepted)
		values = accepted
	}

	return values
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
