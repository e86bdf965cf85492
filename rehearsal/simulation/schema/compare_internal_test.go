package schema

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
)

type in = map[string]any

// Two versions of a resource's inputs between which the provider sees no difference, and a third that differs.
func TestVersionsThatAreTheSame(t *testing.T) {
	t.Parallel()

	const (
		alias       = "aws:kms/alias:Alias"
		cluster     = "aws:eks/cluster:Cluster"
		flowLog     = "aws:ec2/flowLog:FlowLog"
		group       = "aws:ec2/securityGroup:SecurityGroup"
		listener    = "aws:lb/listener:Listener"
		nodes       = "aws:eks/nodeGroup:NodeGroup"
		role        = "aws:iam/role:Role"
		target      = "aws:lb/targetGroup:TargetGroup"
		subnetGroup = "aws:elasticache/subnetGroup:SubnetGroup"
		zone        = "aws:route53/zone:Zone"
	)

	rule := func(values in) in { return in{"ingress": []any{values}} }
	action := func(values in) in { return in{"defaultActions": []any{values}} }

	for name, test := range map[string]struct {
		token                  string
		held, old, same, other in
	}{
		"a default": {
			token: role, old: in{}, same: in{"maxSessionDuration": 3600, "path": "/"}, other: in{"path": "/a/"},
		},
		"a default inside a list": {
			token: group, old: rule(in{"fromPort": 1}), same: rule(in{"fromPort": 1, "self": false}),
			other: rule(in{"self": true}),
		},
		"a default inside an object": {
			token: flowLog, old: in{"destinationOptions": in{}},
			same:  in{"destinationOptions": in{"fileFormat": "plain-text"}},
			other: in{"destinationOptions": in{"fileFormat": "parquet"}},
		},
		"a value that AWS has chosen, written out": {
			token: nodes, held: in{"capacityType": "ON_DEMAND"}, old: in{},
			same: in{"capacityType": "ON_DEMAND"}, other: in{"capacityType": "SPOT"},
		},
		"a value that AWS keeps, removed": {
			token: nodes, held: in{"capacityType": "SPOT"}, old: in{"capacityType": "SPOT"},
			same: in{}, other: in{"capacityType": "ON_DEMAND"},
		},
		"one inside an object, removed": {
			token: cluster, old: in{"kubernetesNetworkConfig": in{"ipFamily": "ipv6"}},
			same: in{"kubernetesNetworkConfig": in{}}, other: in{"kubernetesNetworkConfig": in{"ipFamily": "ipv4"}},
		},
		"a document in another form": {
			token: role, old: in{"assumeRolePolicy": `{"Statement":{"Action":["b","a"]}}`},
			same:  in{"assumeRolePolicy": `{ "Statement": [{"Action": ["a", "b"]}] }`},
			other: in{"assumeRolePolicy": `{"Statement":{"Action":["a"]}}`},
		},
		"a protocol's number": {
			token: group, old: rule(in{"protocol": "tcp"}), same: rule(in{"protocol": "6"}),
			other: rule(in{"protocol": "udp"}),
		},
		"a name in capitals": {token: subnetGroup, old: in{"name": "a"}, same: in{"name": "A"}, other: in{"name": "b"}},
		"a trailing dot":     {token: zone, old: in{"name": "a.b"}, same: in{"name": "a.b."}, other: in{"name": "a.c"}},
		"a key's ARN": {
			token: alias, old: in{"targetKeyId": "1"}, same: in{"targetKeyId": "arn:aws:kms:us-east-1:123456789012:key/1"},
			other: in{"targetKeyId": "2"},
		},
		"what has no effect in the resource": {
			token: target, old: sticky("TCP", 1), same: sticky("TCP", 2), other: sticky("HTTP", 1),
		},
		"what has no effect": {
			token: listener, old: action(in{"type": "forward"}), same: action(in{"type": "forward", "redirect": in{}}),
			other: action(in{"type": "redirect", "redirect": in{}}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			described := realSchema(t)[test.token]
			assert.True(t, equal(described, test.held, test.old, test.same))
			assert.False(t, equal(described, test.held, test.old, test.other))
		})
	}
}

// sticky is a target group with a cookie.
func sticky(protocol string, duration int) in {
	return in{"protocol": protocol, "stickiness": in{"cookieDuration": duration}}
}

func equal(described *Type, held, old, inputs in) bool {
	before, after := described.Comparable(values(held), values(old), values(inputs))

	return before.Diff(after) == nil
}

func values(plain in) resource.PropertyMap { return resource.NewPropertyMapFromMap(plain) }

func TestUnknownsDiffer(t *testing.T) {
	t.Parallel()

	described := realSchema(t)["aws:eks/nodeGroup:NodeGroup"]
	unknown := resource.PropertyMap{"capacityType": resource.MakeComputed(resource.NewStringProperty(""))}

	before, after := described.Comparable(values(in{"capacityType": "SPOT"}), resource.PropertyMap{}, unknown)
	assert.NotNil(t, before.Diff(after))
}

// The inputs themselves do not change.
func TestComparableCopies(t *testing.T) {
	t.Parallel()

	described := realSchema(t)["aws:ec2/securityGroup:SecurityGroup"]
	inputs := in{"ingress": []any{in{"protocol": "6"}}}
	given := values(inputs)

	described.Comparable(nil, given, given)
	assert.Equal(t, values(inputs), given)
}
