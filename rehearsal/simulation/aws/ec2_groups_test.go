package aws_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestSecurityGroup(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	assert.Regexp(t, `^sg-[0-9a-f]{17}$`, n.group.ID)
	outputs(t, n.group, map[string]string{
		"description": "Managed by Pulumi", "arn": "arn:aws:ec2:us-east-1:123456789012:security-group/sg-.*",
	})
	refuses(t, n.aws, groupType, map[string]in{
		"InvalidGroup.Duplicate: The security group 'web' already exists for VPC '" + n.vpc.ID: {
			"vpcId": n.vpc.ID, "name": "web",
		},
		"VPCIdNotSpecified": {"name": "x"},
	})
	prefixed := n.aws.Create(groupType, "prefixed", in{"vpcId": n.vpc.ID, "namePrefix": "db-"})
	assert.Regexp(t, `^db-[0-9a-f]{26}$`, prefixed.Text("name"))
}

func TestTheOrderOfRulesIsIgnored(t *testing.T) {
	t.Parallel()

	const one, two = "10.1.0.0/16", "10.2.0.0/16"

	n := newNetwork(t)
	rule := func(port int, blocks ...any) in {
		return in{"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": blocks}
	}
	made := n.aws.Create(groupType, "ordered", in{
		"vpcId": n.vpc.ID, "name": "o", "ingress": []any{rule(80, one, two), rule(443)},
	})
	same := n.aws.Diff(made, in{"vpcId": n.vpc.ID, "name": "o", "ingress": []any{rule(443), rule(80, two, one)}})
	assert.Empty(t, same.GetDetailedDiff())

	changed := n.aws.Diff(made, in{"vpcId": n.vpc.ID, "name": "o", "ingress": []any{rule(443), rule(81, two, one)}})
	assert.Equal(t, []string{"ingress"}, changed.GetDiffs())
	assert.Empty(t, changed.GetReplaces())
}

func TestFixedNamesAreDeletedBeforeReplacement(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	fixed := n.aws.Diff(n.group, in{"vpcId": n.vpc.ID, "name": "web", "description": "other"})
	assert.Equal(t, []string{"description"}, fixed.GetReplaces())
	assert.True(t, fixed.GetDeleteBeforeReplace())

	made := n.aws.Create(groupType, "auto", in{"vpcId": n.vpc.ID})
	assert.Regexp(t, `^auto-[0-9a-f]{7}$`, made.Text("name"))
	auto := n.aws.Diff(made, in{"vpcId": n.vpc.ID, "description": "other"})
	assert.Equal(t, []string{"description"}, auto.GetReplaces(), "the generated name is kept")
	assert.False(t, auto.GetDeleteBeforeReplace())
}

func TestRules(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	other := n.aws.Create(groupType, "other", in{"vpcId": n.vpc.ID})
	rule := in{
		"securityGroupId": n.group.ID, "ipProtocol": "tcp", "fromPort": 80, "toPort": 80,
		"referencedSecurityGroupId": other.ID,
	}
	made := n.aws.Create(ingressType, "rule", rule)
	assert.Regexp(t, `^sgr-[0-9a-f]{17}$`, made.ID)
	assert.Equal(t, made.ID, made.Text("securityGroupRuleId"))
	n.aws.Create(egressType, "out", rule)
	refuses(t, n.aws, ingressType, map[string]in{
		"InvalidPermission.Duplicate: the specified rule": rule,
		"InvalidGroup.NotFound": {
			"securityGroupId": "sg-" + absent, "ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0",
		},
	})
	difference := n.aws.Diff(made, in{
		"securityGroupId": n.group.ID, "ipProtocol": "tcp", "fromPort": 80, "toPort": 81,
		"referencedSecurityGroupId": other.ID,
	})
	assert.Equal(t, []string{"toPort"}, difference.GetDiffs())
	assert.Empty(t, difference.GetReplaces(), "a rule changes in place")

	require.ErrorContains(t, n.aws.Delete(other), "DependencyViolation: resource "+other.ID+" has a dependent object")
	require.NoError(t, n.aws.Delete(n.group), "its own rules do not protect it")
	assert.Empty(t, n.aws.Read(made).ID)
	require.NoError(t, n.aws.Delete(made), "which is gone already")
	require.NoError(t, n.aws.Delete(other))
}

func TestLegacyRules(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	rule := in{
		"securityGroupId": n.group.ID, "type": "ingress", "protocol": "tcp", "fromPort": 1, "toPort": 2,
		"cidrBlocks": []any{"10.0.0.0/8"},
	}
	made := n.aws.Create(ruleType, "rule", rule)
	assert.Regexp(t, `^sgrule-\d+$`, made.ID)
	refuses(t, n.aws, ruleType, map[string]in{"InvalidPermission.Duplicate": rule})
	changed := in{
		"securityGroupId": n.group.ID, "type": "ingress", "protocol": "tcp", "fromPort": 1, "toPort": 2,
		"cidrBlocks": []any{"10.1.0.0/16"},
	}
	difference := n.aws.Diff(made, changed)
	assert.Equal(t, []string{"cidrBlocks"}, difference.GetReplaces())
}

func TestDefaultGroupsAreAdopted(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	require.Len(t, n.Of(defaultType), 1)
	assert.Empty(t, n.Of(defaultType)[0].URN, "the account created it")
	assert.NotEmpty(t, n.Of(defaultType)[0].Outputs["ingress"])

	adopted := n.aws.Create(defaultType, "closed", in{"vpcId": n.vpc.ID})
	assert.Equal(t, n.vpc.Text("defaultSecurityGroupId"), adopted.ID)
	assert.Equal(
		t, resource.NewArrayProperty([]resource.PropertyValue{}), adopted.Outputs["ingress"], "its rules are gone",
	)
	assert.Equal(t, "default", adopted.Text("name"))
	member := n.aws.Create(ingressType, "member", in{
		"securityGroupId": adopted.ID, "ipProtocol": "-1", "cidrIpv4": "10.0.0.0/8",
	})
	assert.NotEmpty(t, member.ID, "its id is a group's id like any other")

	require.NoError(t, n.aws.Delete(adopted))
	require.Len(t, n.Of(defaultType), 1)
	assert.Empty(t, n.Of(defaultType)[0].URN)
	assert.Equal(t, adopted.ID, n.aws.Create(defaultType, "again", in{"vpcId": n.vpc.ID}).ID)
	refuses(t, n.aws, defaultType, map[string]in{
		"InvalidVpcID.NotFound": {"vpcId": "vpc-" + absent}, "VPCIdNotSpecified": {},
	})
}

// A program with empty rule lists sees a rule that was added by hand.
func TestDefaultGroupsWithoutRules(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	none := in{"vpcId": n.vpc.ID, "ingress": []any{}, "egress": []any{}}
	closed := n.aws.Create(defaultType, "closed", none)

	for name, made := range map[string]enginetest.Made{"made": closed, "read": n.aws.Read(closed)} {
		assert.Empty(t, n.aws.Diff(made, none).GetDiffs(), name)
		assert.Empty(t, made.Outputs["ingress"].ArrayValue(), name)
		assert.Empty(t, made.Outputs["egress"].ArrayValue(), name)
	}

	opened := n.aws.Update(closed, in{"vpcId": n.vpc.ID, "egress": []any{}, "ingress": []any{
		in{"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": []any{"0.0.0.0/0"}},
	}})
	assert.Equal(t, []string{"ingress"}, n.aws.Diff(opened, none).GetDiffs())
}

func TestEndpoints(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)

	const s3, ecr = "com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.ecr.api"

	gateway := n.aws.Create(endpointType, "s3", in{
		"vpcId": n.vpc.ID, "serviceName": s3, "routeTableIds": []any{n.table.ID},
	})
	assert.Regexp(t, `^vpce-[0-9a-f]{17}$`, gateway.ID)
	outputs(t, gateway, map[string]string{
		"state": "available", "vpcEndpointType": "Gateway", "prefixListId": "pl-[0-9a-f]{8}",
	})

	private := n.aws.Create(endpointType, "ecr", in{
		"vpcId": n.vpc.ID, "serviceName": ecr, "vpcEndpointType": "Interface", "subnetIds": []any{n.subnet.ID},
		"privateDnsEnabled": true,
	})
	assert.Len(t, private.Outputs["networkInterfaceIds"].ArrayValue(), 1)

	var names []string
	for _, entry := range private.Outputs["dnsEntries"].ArrayValue() {
		names = append(names, entry.ObjectValue()["dnsName"].StringValue())
	}

	require.Len(t, names, 2)
	assert.Regexp(t, "^"+private.ID+`-[0-9a-f]{8}\.api\.ecr\.us-east-1\.vpce\.amazonaws\.com$`, names[0])
	assert.Equal(t, "api.ecr.us-east-1.amazonaws.com", names[1])
	assert.Equal(
		t, n.vpc.Text("defaultSecurityGroupId"), private.Outputs["securityGroupIds"].ArrayValue()[0].StringValue(),
	)
	refuses(t, n.aws, endpointType, map[string]in{
		"InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.eu-west-1.s3' does not exist": {
			"vpcId": n.vpc.ID, "serviceName": "com.amazonaws.eu-west-1.s3",
		},
		"InvalidServiceName: The Vpc Endpoint Service '" + ecr: {"vpcId": n.vpc.ID, "serviceName": ecr},
		"InvalidRouteTableID.NotFound": {
			"vpcId": n.vpc.ID, "serviceName": s3, "routeTableIds": []any{"rtb-" + absent},
		},
		"InvalidSubnetID.NotFound": {
			"vpcId": n.vpc.ID, "serviceName": s3, "subnetIds": []any{"subnet-" + absent},
		},
	})

	for _, held := range []enginetest.Made{n.vpc, n.subnet} {
		require.ErrorContains(t, n.aws.Delete(held), "DependencyViolation")
	}

	n.aws.Update(private, in{
		"vpcId": n.vpc.ID, "serviceName": ecr, "vpcEndpointType": "Interface", "subnetIds": []any{},
		"securityGroupIds": []any{n.group.ID},
	})
	require.ErrorContains(t, n.aws.Delete(n.group), "DependencyViolation")
}

func TestFlowLogs(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	role := n.aws.Create(roleType, "role", in{"assumeRolePolicy": document})
	group := n.aws.Create(logType, "logs", in{"name": "/flow"})
	wanted := in{
		"vpcId": n.vpc.ID, "trafficType": "ALL", "iamRoleArn": role.Text("arn"), "logDestination": group.Text("arn"),
	}
	made := n.aws.Create(flowLogType, "flow", wanted)
	assert.Regexp(t, `^fl-[0-9a-f]{17}$`, made.ID)
	outputs(t, made, map[string]string{"logDestinationType": "cloud-watch-logs"})
	refuses(t, n.aws, flowLogType, map[string]in{
		"InvalidParameter: DeliverLogsPermissionArn is": {"vpcId": n.vpc.ID},
		"InvalidParameter: The IAM role arn:aws:iam::123456789012:role/x does not": {
			"vpcId": n.vpc.ID, "iamRoleArn": "arn:aws:iam::123456789012:role/x",
		},
		"InvalidVpcID.NotFound": {"vpcId": "vpc-" + absent, "iamRoleArn": role.Text("arn")},
	})
	difference := n.aws.Diff(made, in{
		"vpcId": n.vpc.ID, "trafficType": "REJECT", "iamRoleArn": role.Text("arn"), "logDestination": group.Text("arn"),
	})
	assert.Equal(t, []string{"trafficType"}, difference.GetReplaces())
}
