package aws_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/aws"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/schema"
)

// project is the repository's folder.
const project = "../../.."

// refused are the paths of the strings that AWS refuses.
func refused(t *testing.T, token string, inputs map[string]any) []string {
	t.Helper()

	var paths []string

	for _, failure := range aws.Schema().Check(token, nil, resource.NewPropertyMapFromMap(inputs)) {
		if !strings.HasSuffix(failure.Reason, "expected a value") && !strings.HasSuffix(failure.Reason, "must be set") &&
			!strings.Contains(failure.Reason, "VPCIdNotSpecified") {
			paths = append(paths, failure.Path)
		}
	}

	return paths
}

func TestRefusedStrings(t *testing.T) {
	t.Parallel()

	const (
		rule  = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
		group = "aws:ec2/securityGroup:SecurityGroup"
		role  = "aws:iam/role:Role"
		nodes = "aws:eks/nodeGroup:NodeGroup"
	)

	tests := map[string]struct {
		token          string
		refuse, accept map[string]any
		path           string
	}{
		"an apostrophe in a rule": {
			rule,
			map[string]any{"description": "Traefik's port"},
			map[string]any{"description": "a-z ._-:/()#,@[]+=&;{}!$*"},
			"description",
		},
		"a rule's length": {
			rule,
			map[string]any{"description": strings.Repeat("a", 256)},
			map[string]any{"description": strings.Repeat("a", 255)},
			"description",
		},
		"a rule within a group": {
			group,
			map[string]any{"ingress": []any{map[string]any{}, map[string]any{"description": "it's"}}},
			map[string]any{"ingress": []any{map[string]any{"description": "it is"}}},
			"ingress[1].description",
		},
		"a dash in a role's description": {
			role, map[string]any{"description": "a – b"}, map[string]any{"description": "Pulumi's – é"[:9]}, "description",
		},
		"a policy's name in a role": {
			role,
			map[string]any{"inlinePolicies": []any{map[string]any{"name": "a b"}}},
			map[string]any{"inlinePolicies": []any{map[string]any{"name": "a-b"}}},
			"inlinePolicies[0].name",
		},
		"a prefix without room for the provider's digits": {
			nodes,
			map[string]any{"nodeGroupNamePrefix": strings.Repeat("a", 38)},
			map[string]any{"nodeGroupNamePrefix": strings.Repeat("a", 37)},
			"nodeGroupNamePrefix",
		},
		"a tag's key": {
			group,
			map[string]any{"tags": map[string]any{"cost;center": "1"}},
			map[string]any{"tags": map[string]any{"cost center": "1"}},
			"tags.cost;center",
		},
		"a tag's value": {
			role,
			map[string]any{"tags": map[string]any{"Owner": "a & b"}},
			map[string]any{"tags": map[string]any{"Owner": "a+b@c.de"}},
			"tags.Owner",
		},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			assert.Equal(t, []string{test.path}, refused(t, test.token, test.refuse))
			assert.Empty(t, refused(t, test.token, test.accept))
		})
	}
}

func TestUnknownAndSecretStringsPass(t *testing.T) {
	t.Parallel()

	failures := aws.Schema().Check("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", nil, resource.PropertyMap{
		"description": resource.MakeComputed(resource.NewStringProperty("")), "cidrIpv4": resource.NewStringProperty(""),
		"tags": resource.MakeSecret(resource.NewObjectProperty(resource.PropertyMap{
			"a;b": resource.NewStringProperty("c"),
		})),
	})
	assert.Empty(t, failures)
}

// Every resource of the committed environments and of the account.
func TestAWSAcceptsEveryResourceOfThePrograms(t *testing.T) {
	t.Parallel()

	goldens, err := filepath.Glob(filepath.Join(project, "stacks/testdata/*.json"))
	require.NoError(t, err)

	account, err := filepath.Glob(filepath.Join(project, "infra/bootstrap/account/testdata/*.json"))
	require.NoError(t, err)

	recorded, err := filepath.Glob(filepath.Join(project, "rehearsal/scenarios/testdata/recorded/*/*/state.json"))
	require.NoError(t, err)
	require.NotEmpty(t, recorded)

	runner := filepath.Join(project, "components/runner/testdata/runner.json") // no committed environment has one
	facts := aws.Schema()

	for _, golden := range slices.Concat(goldens, account, recorded, []string{runner}) {
		for _, r := range resourcesOf(t, golden) {
			if strings.HasSuffix(r.URN, "::aws:ec2/securityGroup:SecurityGroup::api") {
				continue // the runner's test has no VPC for it
			}

			for _, failure := range facts.Check(r.Type, nil, known(resource.NewPropertyMapFromMap(r.Inputs))) {
				assert.True(t, failure.Warning, "%s: %s: %s", golden, r.URN, failure.Reason)
			}
		}
	}
}

type recordedResource struct {
	URN    string         `json:"urn"`
	Type   string         `json:"type"`
	Inputs map[string]any `json:"inputs"`
}

// mocked matches the ids and ARNs that mocks give to resources.
var mocked = regexp.MustCompile(`^(SecurityGroup|LaunchTemplate)-|:Role-`)

// known are inputs in which the mocks' ids are unknown, without the apostrophes that AWS refused in 2026-11-24.
func known(inputs resource.PropertyMap) resource.PropertyMap {
	result := resource.PropertyMap{}

	for name, value := range inputs {
		switch {
		case value.IsObject():
			value = resource.NewObjectProperty(known(value.ObjectValue()))
		case value.IsString() && mocked.MatchString(value.StringValue()):
			value = resource.MakeComputed(resource.NewStringProperty(""))
		case name == "description" && value.IsString():
			value = resource.NewStringProperty(strings.ReplaceAll(value.StringValue(), "'", ""))
		}

		result[name] = value
	}

	return result
}

func resourcesOf(t *testing.T, file string) []recordedResource {
	t.Helper()

	text, err := os.ReadFile(file)
	require.NoError(t, err)

	var state struct {
		Deployment struct {
			Resources []recordedResource `json:"resources"`
		} `json:"deployment"`
	}

	require.NoError(t, json.Unmarshal(text, &state), file)
	require.NotEmpty(t, state.Deployment.Resources, file)

	return state.Deployment.Resources
}

// A new type, or a property that the SDK adds, gets its rule with it.
func TestEveryNameAndDescriptionHasARule(t *testing.T) {
	t.Parallel()

	texts := []string{"name", "namePrefix", "description", "comment", "addonName", "nodeGroupName", "nodeGroupNamePrefix"}
	// Their types check them.
	checked := regexp.MustCompile(`^aws:(ecr/repository|eks/cluster|kms/alias|(elasticache|lb|rds|s3|secretsmanager)/.*):`)
	facts := aws.Schema()

	for token, of := range catalogue.AWS().Types {
		require.Contains(t, facts, token)
		assert.NotEmpty(t, facts[token].Source, token)

		for _, name := range texts {
			if _, has := of.Inputs[name]; has && !checked.MatchString(token) {
				p := facts[token].Properties[name]
				require.NotNil(t, p, "%s.%s", token, name)
				assert.NotEqual(t, schema.Bounds{}, p.Length, "%s.%s", token, name)
			}
		}
	}
}
