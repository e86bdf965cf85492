package catalogue_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

func values(plain map[string]any) resource.PropertyMap { return resource.NewPropertyMapFromMap(plain) }

func TestCheckType(t *testing.T) {
	t.Parallel()

	described, err := catalogue.AWS()
	require.NoError(t, err)

	const group, subnet, zone = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/subnet:Subnet", "aws:route53/zone:Zone"

	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	for _, test := range []struct {
		name, token string
		inputs      map[string]any
		want        []catalogue.Failure
	}{
		{name: "good", token: subnet, inputs: map[string]any{"vpcId": "v", "tags": map[string]any{"a": "b"}}},
		{name: "unknown values pass", token: subnet, inputs: map[string]any{"vpcId": unknown, "tags": unknown}},
		{name: "secrets are looked into", token: subnet, inputs: map[string]any{"vpcId": resource.MakeSecret(resource.NewNumberProperty(1))}, want: []catalogue.Failure{
			{Path: "vpcId", Reason: subnet + `: property "vpcId" is a number, want string`},
		}},
		{name: "the bridge's marker passes", token: subnet, inputs: map[string]any{"vpcId": "v", "__defaults": []any{}}},
		{name: "a misspelt name", token: "aws:ec2/vpc:Vpc", inputs: map[string]any{"cidrBlok": "x"}, want: []catalogue.Failure{
			{Path: "cidrBlok", Reason: `aws:ec2/vpc:Vpc: unknown property "cidrBlok"; known: cidrBlock, ipv6CidrBlock, tags, ipv4IpamPoolId, ipv6IpamPoolId`},
		}},
		{name: "all at once", token: subnet, inputs: map[string]any{"cidrBlock": true, "tags": []any{"x"}}, want: []catalogue.Failure{
			{Path: "cidrBlock", Reason: subnet + `: property "cidrBlock" is a bool, want string`},
			{Path: "tags", Reason: subnet + `: property "tags" is a list, want {}string`},
			{Path: "vpcId", Reason: subnet + `: missing required property "vpcId"`},
		}},
		{name: "at depth", token: group, inputs: map[string]any{"ingress": []any{
			map[string]any{"fromPort": 1.5, "toPort": 80, "protocol": "tcp", "selff": true},
			map[string]any{"fromPort": 1, "protocol": "tcp", "cidrBlocks": []any{"a", 1}},
		}}, want: []catalogue.Failure{
			{Path: "ingress[0].fromPort", Reason: group + `: property "ingress[0].fromPort" is a number, want integer`},
			{Path: "ingress[0].selff", Reason: group + `: unknown property "selff"; known: self, toPort, fromPort, protocol, cidrBlocks`},
			{Path: "ingress[1].cidrBlocks[1]", Reason: group + `: property "ingress[1].cidrBlocks[1]" is a number, want string`},
			{Path: "ingress[1].toPort", Reason: group + `: missing required property "toPort"`},
		}},
		{name: "an object for a text", token: zone, inputs: map[string]any{"name": map[string]any{}, "forceDestroy": "yes"}, want: []catalogue.Failure{
			{Path: "forceDestroy", Reason: zone + `: property "forceDestroy" is a string, want boolean`},
			{Path: "name", Reason: zone + `: property "name" is an object, want string`},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, described.CheckType(test.token, values(test.inputs)))
		})
	}
}

func TestAPolicyMayBeTextOrObject(t *testing.T) {
	t.Parallel()

	described, err := catalogue.AWS()
	require.NoError(t, err)

	for _, policy := range []any{"{}", map[string]any{"Statement": []any{}}} {
		assert.Empty(t, described.CheckType("aws:iam/role:Role", values(map[string]any{"assumeRolePolicy": policy})))
	}
}

func TestCheckFunctionAndConfiguration(t *testing.T) {
	t.Parallel()

	described, err := catalogue.AWS()
	require.NoError(t, err)

	refused := described.CheckFunction("aws:index/getAvailabilityZones:getAvailabilityZones", values(map[string]any{"stat": "x"}))
	require.Len(t, refused, 1)
	assert.Contains(t, refused[0].Reason, `unknown property "stat"; known: state`)
	assert.Contains(t, described.CheckFunction("aws:index/getCallerIdentity:getCallerIdentity", values(map[string]any{"x": 1}))[0].Reason, `"x"`)

	refused = described.CheckConfiguration(values(map[string]any{"region": "r", "version": "6.83.0", "regoin": "x"}))
	require.Len(t, refused, 1)
	assert.Equal(t, `provider: unknown property "regoin"; known: region, token, endpoints, noProxy, profile`, refused[0].Reason)
}
