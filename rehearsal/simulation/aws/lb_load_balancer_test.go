package aws_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestLoadBalancer(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	made := b.balancer(nil)
	assert.Regexp(t, `^arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/front/[0-9a-f]{16}$`, made.ID)

	digits := made.ID[len(made.ID)-16:]
	outputs(t, made, map[string]string{
		"arn": made.ID, "arnSuffix": "net/front/" + digits, "zoneId": "Z26RNL4JYFTOTI", "vpcId": b.vpc.ID,
		"dnsName": "front-" + digits + `\.elb\.us-east-1\.amazonaws\.com`, "ipAddressType": "ipv4",
	})
	assert.True(t, b.aws.Preview(balancerType, "x", b.inputs(nil)).Outputs["dnsName"].IsComputed())

	inside := b.balancer(in{"name": "inside", "internal": true, "securityGroups": nil})
	assert.Regexp(t, `^internal-inside-[0-9a-f]{16}\.elb\.`, inside.Text("dnsName"))
	assert.Empty(t, inside.Outputs["securityGroups"].ArrayValue())

	auto := b.aws.Create(balancerType, "auto", b.inputs(in{"name": nil}))
	assert.Regexp(t, `^auto-[0-9a-f]{7}$`, auto.Text("name"))

	prefixed := b.aws.Create(balancerType, "prefixed", b.inputs(in{"name": nil, "namePrefix": "front-"}))
	assert.Regexp(t, `^front-[0-9a-f]{26}$`, prefixed.Text("name"))
}

func TestALoadBalancersName(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	refuses(t, b.aws, balancerType, complete(b.inputs, map[string]in{
		"ValidationError: The load balancer name '" + strings.Repeat("a", 33): {"name": strings.Repeat("a", 33)},
		"ValidationError: The load balancer name 'a.b' can only":              {"name": "a.b"},
		"ValidationError: The load balancer name '-a' cannot begin or":        {"name": "-a"},
		"ValidationError: The load balancer name 'a-' cannot begin or":        {"name": "a-"},
		"ValidationError: The load balancer name 'internal-a' cannot begin":   {"name": "internal-a"},
	}))
	acceptsEach(t, b.aws, balancerType, complete(b.inputs, map[string]in{
		"long": {"name": strings.Repeat("a", 32)}, "near a reserved one": {"name": "internal"},
	}))
	declines(t, b.aws, balancerType, complete(b.inputs, map[string]in{
		`"name_prefix" cannot be longer than 6`: {"name": nil, "namePrefix": "front-a"},
		"type application are not simulated":    {"loadBalancerType": nil},
		"type gateway are not simulated":        {"loadBalancerType": "gateway"},
	}))

	made := b.balancer(nil)
	refuses(t, b.aws, balancerType, map[string]in{
		"DuplicateLoadBalancerName: A load balancer with the same name 'front'": b.inputs(nil),
	})

	difference := b.aws.Diff(made, b.inputs(in{"internal": true}))
	assert.Equal(t, []string{"internal"}, difference.GetReplaces())
	assert.True(t, difference.GetDeleteBeforeReplace(), "the name is taken")
}

func TestALoadBalancersSubnets(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	beside := b.privateSubnet("beside", "10.0.3.0/24", "us-east-1b")
	third := b.privateSubnet("third", "10.0.4.0/24", "us-east-1c")
	closed := b.aws.Create(vpcType, "closed", in{"cidrBlock": "10.1.0.0/16"})
	far := b.aws.Create(subnetType, "far", in{
		"vpcId": closed.ID, "cidrBlock": "10.1.0.0/24", "availabilityZone": "us-east-1d",
	})
	on := func(subnets ...any) in { return in{"subnets": subnets} }
	mapped := func(id string) in { return in{"subnets": nil, "subnetMappings": []any{in{"subnetId": id}}} }

	refuses(t, b.aws, balancerType, complete(b.inputs, map[string]in{
		"ValidationError: At least one subnet must be specified":          on(),
		"InvalidConfigurationRequest: A load balancer cannot be attached": on(b.subnet.ID, beside.ID),
		"SubnetNotFound": on("subnet-" + absent), "SubnetNotFound: The sub": mapped("subnet-" + absent),
		"InvalidSubnet: All subnets must belong to the same VPC":       on(b.subnet.ID, far.ID),
		"InvalidSubnet: VPC " + closed.ID + " has no internet gateway": changed(on(far.ID), in{"securityGroups": nil}),
	}))
	acceptsEach(t, b.aws, balancerType, complete(b.inputs, map[string]in{
		"one": on(b.subnet.ID), "three": on(b.subnet.ID, b.second.ID, third.ID), "mapped": mapped(b.subnet.ID),
		"no way out": changed(on(far.ID), in{"securityGroups": nil, "internal": true}),
	}))
	declines(t, b.aws, balancerType, complete(b.inputs, map[string]in{
		"one of `subnet_mapping,subnets` must be": {"subnets": nil},
	}))

	made := b.balancer(nil)
	more := b.inputs(on(b.subnet.ID, b.second.ID, third.ID))
	assert.Empty(t, b.aws.Diff(made, more).GetReplaces(), "added in place")
	assert.Empty(t, b.aws.Diff(made, b.inputs(on(b.second.ID, b.subnet.ID))).GetDiffs(), "another order is none")
	made = b.aws.Update(made, more)
	assert.Equal(t, []string{"subnets"}, b.aws.Diff(made, b.inputs(nil)).GetReplaces())
	assert.Empty(t, b.aws.Diff(made, b.inputs(on(b.subnet.ID, enginetest.Unknown()))).GetReplaces(), "not known as yet")

	_, err := b.aws.TryUpdate(made, b.inputs(nil))
	require.ErrorContains(t, err, "api error InvalidConfigurationRequest: Subnet removal is not supported")
}

func TestALoadBalancerHasSecurityGroupsFromTheStartOrNever(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	other := b.aws.Create(vpcType, "other", in{"cidrBlock": "10.1.0.0/16"})
	far := b.aws.Create(groupType, "far", in{"vpcId": other.ID})
	another := b.aws.Create(groupType, "another", in{"vpcId": b.vpc.ID})
	refuses(t, b.aws, balancerType, complete(b.inputs, map[string]in{
		"InvalidSecurityGroup": {"securityGroups": []any{"sg-" + absent}},
		"InvalidConfigurationRequest: One or more security groups": {"securityGroups": []any{far.ID}},
	}))

	with, without := b.inputs(nil), b.inputs(in{"securityGroups": nil})
	changedGroups := b.inputs(in{"securityGroups": []any{another.ID}})

	made := b.aws.Create(balancerType, "front", with)
	assert.Equal(t, []string{"securityGroups"}, b.aws.Diff(made, without).GetReplaces())
	assert.Empty(t, b.aws.Diff(made, changedGroups).GetReplaces())
	made = b.aws.Update(made, changedGroups)

	_, err := b.aws.TryUpdate(made, b.inputs(in{"securityGroups": []any{}}))
	require.ErrorContains(t, err, "api error InvalidConfigurationRequest: You must specify at least one security group")
	require.NoError(t, b.aws.Delete(made))

	bare := b.aws.Create(balancerType, "front", without)
	assert.Equal(t, []string{"securityGroups"}, b.aws.Diff(bare, with).GetReplaces())
	_, err = b.aws.TryUpdate(bare, with)
	require.ErrorContains(t, err, "You can't set security groups on a Network Load Balancer that was created without any")
}

func TestALoadBalancerKeepsItsNetwork(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	for _, gone := range []enginetest.Made{b.route, b.association, b.nat} {
		require.NoError(t, b.aws.Delete(gone))
	}

	made := b.balancer(in{"enableDeletionProtection": true})
	for _, held := range []enginetest.Made{b.subnet, b.second, b.group, b.gateway} {
		require.ErrorContains(t, b.aws.Delete(held), "DependencyViolation")
	}

	require.ErrorContains(t, b.aws.Delete(made), "OperationNotPermitted: Load balancer '"+made.ID+"' cannot be deleted")
	made = b.aws.Update(made, b.inputs(nil))
	require.NoError(t, b.aws.Delete(made))

	inside := b.balancer(in{"internal": true})
	require.NoError(t, b.aws.Delete(b.gateway), "what is inside needs no way out")
	require.NoError(t, b.aws.Delete(inside))

	for _, free := range []enginetest.Made{b.second, b.group} {
		require.NoError(t, b.aws.Delete(free))
	}
}

func TestALoadBalancerKeepsItsAddresses(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	address := b.aws.Create(eipType, "front", in{"domain": "vpc"})
	made := b.balancer(in{"subnets": nil, "subnetMappings": []any{in{
		"subnetId": b.second.ID, "allocationId": address.ID,
	}}})
	assert.Equal(t, []any{b.second.ID}, made.Outputs.Mappable()["subnets"])
	require.ErrorContains(t, b.aws.Delete(address), "InvalidIPAddress.InUse")
	require.NoError(t, b.aws.Delete(made))
	require.NoError(t, b.aws.Delete(address))
}
