package catalogue_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

type in = map[string]any

func values(plain in) resource.PropertyMap { return resource.NewPropertyMapFromMap(plain) }

const (
	vpc    = "aws:ec2/vpc:Vpc"
	group  = "aws:ec2/securityGroup:SecurityGroup"
	subnet = "aws:ec2/subnet:Subnet"
	zone   = "aws:route53/zone:Zone"
)

// is returns the failure of a property whose value is not of its type's kind.
func is(token, path, what, want string) catalogue.Failure {
	return catalogue.Failure{Path: path, Reason: token + `: property "` + path + `" is ` + what + `, expected ` + want}
}

type checkCase struct {
	name, token string
	inputs      in
	want        []catalogue.Failure
}

func check(t *testing.T, cases []checkCase) {
	t.Helper()

	described := catalogue.AWS()

	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, described.CheckType(test.token, values(test.inputs)))
		})
	}
}

func TestCheckType(t *testing.T) {
	t.Parallel()

	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	number := resource.NewNumberProperty(1)

	check(t, []checkCase{
		{name: "good", token: subnet, inputs: in{"vpcId": "v", "tags": in{"a": "b"}}},
		{name: "unknown values pass", token: subnet, inputs: in{"vpcId": unknown, "tags": unknown}},
		{name: "nulls pass", token: subnet, inputs: in{"vpcId": "v", "tags": nil, "cidrBlock": nil}},
		{name: "the bridge's marker passes", token: subnet, inputs: in{"vpcId": "v", "__defaults": []any{}}},
		{
			name: "secrets are looked into", token: subnet, inputs: in{"vpcId": resource.MakeSecret(number)},
			want: []catalogue.Failure{is(subnet, "vpcId", "a number", "string")},
		},
		{
			name: "outputs are looked into", token: subnet,
			inputs: in{"vpcId": resource.NewOutputProperty(resource.Output{Element: number, Known: true})},
			want:   []catalogue.Failure{is(subnet, "vpcId", "a number", "string")},
		},
		{
			name: "a misspelt name", token: vpc, inputs: in{"cidrBlok": "x"},
			want: []catalogue.Failure{{Path: "cidrBlok", Reason: vpc + `: unknown property "cidrBlok"; ` +
				`known: cidrBlock, ipv6CidrBlock, tags, ipv4IpamPoolId, ipv6IpamPoolId`}},
		},
		{
			name: "all at once", token: subnet, inputs: in{"cidrBlock": true, "tags": []any{"x"}},
			want: []catalogue.Failure{
				is(subnet, "cidrBlock", "a bool", "string"), is(subnet, "tags", "a list", "{}string"),
				{Path: "vpcId", Reason: subnet + `: missing required property "vpcId"`},
			},
		},
	})
}

func TestCheckTypeAtDepth(t *testing.T) {
	t.Parallel()

	unknown := resource.MakeComputed(resource.NewStringProperty(""))

	check(t, []checkCase{
		{
			name: "every element", token: group, inputs: in{"ingress": []any{
				in{"fromPort": 1.5, "toPort": 80, "protocol": "tcp", "selff": true},
				in{"fromPort": 1, "protocol": "tcp", "cidrBlocks": []any{"a", 1}},
			}},
			want: []catalogue.Failure{
				is(group, "ingress[0].fromPort", "a number", "integer"),
				{
					Path:   "ingress[0].selff",
					Reason: group + `: unknown property "selff"; known: self, toPort, fromPort, protocol, cidrBlocks`,
				},
				is(group, "ingress[1].cidrBlocks[1]", "a number", "string"),
				{Path: "ingress[1].toPort", Reason: group + `: missing required property "toPort"`},
			},
		},
		{
			name: "an unknown element", token: group, inputs: in{"ingress": []any{unknown, in{
				"fromPort": unknown, "toPort": 1, "protocol": "tcp", "cidrBlocks": []any{unknown},
			}}},
		},
		{
			name: "in a map", token: vpc, inputs: in{"tags": in{"a": 1, "b": "c"}},
			want: []catalogue.Failure{is(vpc, "tags.a", "a number", "string")},
		},
		{
			name: "one for a list", token: group, inputs: in{"ingress": in{}},
			want: []catalogue.Failure{is(group, "ingress", "an object", "[]object ec2.SecurityGroupIngress")},
		},
		{
			name: "a text for an object", token: group, inputs: in{"ingress": []any{"x"}},
			want: []catalogue.Failure{is(group, "ingress[0]", "a string", "object ec2.SecurityGroupIngress")},
		},
		{
			name: "an object for a text", token: zone, inputs: in{"name": in{}, "forceDestroy": "yes"},
			want: []catalogue.Failure{
				is(zone, "forceDestroy", "a string", "boolean"), is(zone, "name", "an object", "string"),
			},
		},
	})
}

func TestKindsOfValues(t *testing.T) {
	t.Parallel()

	described := &catalogue.Catalogue{
		Types: map[string]catalogue.Type{"t": {Inputs: map[string]string{
			"number": "number", "asset": "asset", "any": "any", "lists": "[][]string", "itself": "object Itself",
		}}},
		Objects: map[string]map[string]string{"object Itself": {"itself": "object Itself", "name": "string, required"}},
	}

	for name, test := range map[string]struct {
		inputs in
		paths  []string // refused
	}{
		"numbers":  {inputs: in{"number": 1.5}},
		"a text":   {inputs: in{"number": "1.5"}, paths: []string{"number"}},
		"anything": {inputs: in{"any": in{"a": []any{1, "b"}}}},
		"an asset": {inputs: in{"asset": "x"}, paths: []string{"asset"}},
		"lists in lists": {
			inputs: in{"lists": []any{[]any{"a"}, []any{1}, "b"}}, paths: []string{"lists[1][0]", "lists[2]"},
		},
		"objects in itself": {inputs: in{"itself": in{"itself": in{}, "name": "x"}}, paths: []string{"itself.itself.name"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var paths []string
			for _, failure := range described.CheckType("t", values(test.inputs)) {
				paths = append(paths, failure.Path)
			}

			assert.Equal(t, test.paths, paths)
		})
	}
}

func TestEncodeAndDecode(t *testing.T) {
	t.Parallel()

	for _, described := range []*catalogue.Catalogue{catalogue.AWS(), catalogue.Kubernetes()} {
		text, err := described.Encode()
		require.NoError(t, err)
		assert.True(t, bytes.HasSuffix(text, []byte("}\n")))

		var again catalogue.Catalogue
		require.NoError(t, json.Unmarshal(text, &again))
		assert.Equal(t, *described, again)
	}
}

func TestPoliciesAreTextsOrObjects(t *testing.T) {
	t.Parallel()

	described := catalogue.AWS()

	for _, policy := range []any{"{}", in{"Statement": []any{}}} {
		assert.Empty(t, described.CheckType("aws:iam/role:Role", values(in{"assumeRolePolicy": policy})))
	}
}

func TestCheckFunctionAndConfiguration(t *testing.T) {
	t.Parallel()

	described := catalogue.AWS()

	refused := described.CheckFunction("aws:index/getAvailabilityZones:getAvailabilityZones", values(in{
		"stat": "x",
	}))
	require.Len(t, refused, 1)
	assert.Contains(t, refused[0].Reason, `unknown property "stat"; known: state`)
	assert.Contains(
		t,
		described.CheckFunction("aws:index/getCallerIdentity:getCallerIdentity", values(in{"x": 1}))[0].Reason,
		`"x"`,
	)

	refused = described.CheckConfiguration(values(in{"region": "r", "version": "6.83.0", "regoin": "x"}))
	require.Len(t, refused, 1)
	assert.Equal(
		t, `provider: unknown property "regoin"; known: region, token, endpoints, noProxy, profile`, refused[0].Reason,
	)
}
