package aws_test

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestNetworkOutputsHaveAWSFormats(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	assert.Regexp(t, `^vpc-[0-9a-f]{17}$`, n.vpc.ID)
	assert.Regexp(t, `^subnet-[0-9a-f]{17}$`, n.subnet.ID)
	assert.Regexp(t, `^igw-[0-9a-f]{17}$`, n.gateway.ID)
	assert.Regexp(t, `^eipalloc-[0-9a-f]{17}$`, n.address.ID)
	assert.Regexp(t, `^nat-[0-9a-f]{17}$`, n.nat.ID)
	assert.Regexp(t, `^rtb-[0-9a-f]{17}$`, n.table.ID)
	assert.Equal(t, "r-"+n.table.ID+"1080289494", n.route.ID, "the provider's own hash of 0.0.0.0/0")
	assert.Regexp(t, `^rtbassoc-[0-9a-f]{17}$`, n.association.ID)
	outputs(t, n.vpc, map[string]string{
		"arn": `arn:aws:ec2:us-east-1:123456789012:vpc/` + n.vpc.ID, "ownerId": "123456789012",
		"defaultSecurityGroupId": `sg-[0-9a-f]{17}`, "mainRouteTableId": `rtb-[0-9a-f]{17}`,
		"defaultNetworkAclId": `acl-[0-9a-f]{17}`, "instanceTenancy": "default",
	})
	assert.Equal(t, n.vpc.Text("mainRouteTableId"), n.vpc.Text("defaultRouteTableId"))
	outputs(t, n.subnet, map[string]string{"availabilityZoneId": "use1-az1", "availabilityZone": "us-east-1b"})
	outputs(t, n.address, map[string]string{
		"publicIp": `203\.0\.113\.1`, "allocationId": n.address.ID,
	})
	outputs(t, n.nat, map[string]string{
		"publicIp": `203\.0\.113\.1`, "privateIp": `10\.0\.1\.4`, "networkInterfaceId": "eni-.{17}",
		"associationId": "eipassoc-.{17}", "connectivityType": "public",
	})
	outputs(t, n.route, map[string]string{"state": "active", "origin": "CreateRoute"})
}

func TestRecreatedResourcesHaveNewIDs(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	first := e.AWS("us-east-1").Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	require.NoError(t, e.AWS("us-east-1").Delete(first))
	assert.Empty(t, e.Account.Resources(), "the VPC's own group and table were deleted with it")
	second := e.AWS("us-east-1").Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	assert.NotEqual(t, first.ID, second.ID)
}

func TestNetworkRefusals(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	subnet := func(change in) in {
		inputs := in{"vpcId": n.vpc.ID, "cidrBlock": "10.0.2.0/24"}
		maps.Copy(inputs, change)

		return inputs
	}
	refuses(t, n.aws, subnetType, map[string]in{
		"InvalidVpcID.NotFound: The vpc ID 'vpc-" + absent + "' does not exist": subnet(in{"vpcId": "vpc-" + absent}),
		"InvalidParameterValue: Value (us-east-1z) for parameter availabilityZo": subnet(in{
			"availabilityZone": "us-east-1z",
		}),
		"InvalidParameterValue: Value (use1-az9) for parameter availabilityZone": subnet(in{
			"availabilityZoneId": "use1-az9",
		}),
	})
	refuses(t, n.aws, gatewayType, map[string]in{
		"Resource.AlreadyAssociated: resource " + n.vpc.ID: {"vpcId": n.vpc.ID},
		"InvalidVpcID.NotFound":                            {"vpcId": "vpc-" + absent},
	})
	spare := n.aws.Create(eipType, "spare", in{})
	refuses(t, n.aws, natType, map[string]in{
		"InvalidSubnetID.NotFound: The subnet ID 'subnet-" + absent: {
			"subnetId": "subnet-" + absent, "allocationId": spare.ID,
		},
		"InvalidAllocationID.NotFound: The allocation ID 'eipalloc-" + absent: {
			"subnetId": n.subnet.ID, "allocationId": "eipalloc-" + absent,
		},
		"Resource.AlreadyAssociated: Elastic IP address [" + n.address.ID + "]": {
			"subnetId": n.subnet.ID, "allocationId": n.address.ID,
		},
		"MissingParameter: The request must contain the parameter AllocationId": {"subnetId": n.subnet.ID},
	})
}

func TestRouteRefusals(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	refuses(t, n.aws, routeType, map[string]in{
		"RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.": {
			"routeTableId": n.table.ID, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": n.gateway.ID,
		},
		"InvalidRouteTableID.NotFound": {
			"routeTableId": "rtb-" + absent, "destinationCidrBlock": "10.9.0.0/16", "gatewayId": n.gateway.ID,
		},
		"InvalidNatGatewayID.NotFound: The natGateway ID": {
			"routeTableId": n.table.ID, "destinationCidrBlock": "10.9.0.0/16", "natGatewayId": "nat-" + absent,
		},
		"InvalidInternetGatewayID.NotFound": {
			"routeTableId": n.table.ID, "destinationCidrBlock": "10.9.0.0/16", "gatewayId": "igw-" + absent,
		},
		"MissingParameter: The request must contain the parameter destinationCidrBlock": {
			"routeTableId": n.table.ID, "gatewayId": n.gateway.ID,
		},
	})
	refuses(t, n.aws, assocType, map[string]in{
		"Resource.AlreadyAssociated: the specified association for route table " + n.table.ID: {
			"routeTableId": n.table.ID, "subnetId": n.subnet.ID,
		},
	})
}

func TestReferencedResourcesCannotBeDeleted(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	for want, made := range map[string]enginetest.Made{
		"DependencyViolation: The vpc '" + n.vpc.ID + "' has dependencies and cannot be deleted.":     n.vpc,
		"DependencyViolation: The subnet '" + n.subnet.ID + "' has dependencies":                      n.subnet,
		"DependencyViolation: The routeTable '" + n.table.ID + "' has dependencies":                   n.table,
		"DependencyViolation: Network " + n.vpc.ID + " has some mapped public address(es). Please un": n.gateway,
		"InvalidIPAddress.InUse: Address 203.0.113.1 is in use.":                                      n.address,
	} {
		require.ErrorContains(t, n.aws.Delete(made), want)
	}

	err := n.aws.Delete(n.vpc)
	assert.Regexp(t, `deleting EC2 VPC \(`+n.vpc.ID+`\): operation error EC2: DeleteVpc, `+
		`https response error StatusCode: 400, RequestID: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}, `+
		`api error DependencyViolation: `, err.Error())
	// In the other order, every deletion succeeds. A route's target may be deleted.
	for _, made := range []enginetest.Made{
		n.nat, n.route, n.association, n.table, n.address, n.gateway, n.subnet, n.group, n.vpc, n.vpc,
	} {
		require.NoError(t, n.aws.Delete(made), made.URN)
	}

	assert.Empty(t, n.Account.Resources())
}

func TestRoutesAndAssociationsAreDeletedWithTheirTableOrSubnet(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	require.NoError(t, n.aws.Delete(n.association))
	require.NoError(t, n.aws.Delete(n.table))
	assert.Empty(t, n.aws.Read(n.route).ID)

	second := n.aws.Create(subnetType, "b", in{"vpcId": n.vpc.ID, "cidrBlock": "10.0.2.0/24"})
	main := n.aws.Create(assocType, "main", in{"routeTableId": n.vpc.Text("mainRouteTableId"), "subnetId": second.ID})
	require.NoError(t, n.aws.Delete(second))
	assert.Empty(t, n.aws.Read(main).ID)
}

func TestNetworkDiffs(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	for _, test := range []struct {
		name     string
		made     enginetest.Made
		inputs   in
		replaces []string
		diffs    []string
	}{
		{name: "nothing", made: n.vpc, inputs: in{"cidrBlock": "10.0.0.0/16"}},
		{
			name: "a VPC's block", made: n.vpc, inputs: in{"cidrBlock": "10.0.0.0/17"}, replaces: []string{"cidrBlock"},
			diffs: []string{"cidrBlock"},
		},
		{
			name: "a VPC's setting", made: n.vpc, inputs: in{"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true},
			diffs: []string{"enableDnsHostnames"},
		},
		{
			name: "tags", made: n.vpc, inputs: in{"cidrBlock": "10.0.0.0/16", "tags": in{"a": "b"}}, diffs: []string{"tags"},
		},
		{
			name: "an unknown VPC replaces", made: n.table, inputs: in{"vpcId": enginetest.Unknown()},
			replaces: []string{"vpcId"}, diffs: []string{"vpcId"},
		},
		{name: "a gateway moves", made: n.gateway, inputs: in{"vpcId": "vpc-" + absent}, diffs: []string{"vpcId"}},
		{
			name: "a route's target", made: n.route, diffs: []string{"gatewayId", "natGatewayId"},
			inputs: in{"routeTableId": n.table.ID, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": n.gateway.ID},
		},
		{
			name: "an association's table", made: n.association, inputs: in{
				"routeTableId": "rtb-" + absent, "subnetId": n.subnet.ID,
			},
			diffs: []string{"routeTableId"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			difference := n.aws.Diff(test.made, test.inputs)
			assert.Equal(t, test.replaces, difference.GetReplaces())
			assert.Equal(t, test.diffs, difference.GetDiffs())
			assert.False(t, difference.GetDeleteBeforeReplace(), "the name is free")
		})
	}
}

func TestUpdatesKeepComputedOutputs(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)

	updated := n.aws.Update(n.vpc, in{"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true, "tags": in{"a": "b"}})
	for _, name := range []string{"arn", "defaultSecurityGroupId", "mainRouteTableId", "dhcpOptionsId"} {
		assert.Equal(t, n.vpc.Text(name), updated.Text(name))
	}

	assert.Equal(t, resource.NewBoolProperty(true), updated.Outputs["enableDnsHostnames"])
	assert.Equal(t, updated.Outputs["tags"], updated.Outputs["tagsAll"])

	read := n.aws.Read(n.vpc)
	assert.Equal(t, updated.Outputs, read.Outputs)
	assert.Equal(t, updated.Inputs, read.Inputs)

	_, err := n.aws.TryUpdate(n.route, in{
		"routeTableId": n.table.ID, "destinationCidrBlock": "0.0.0.0/0", "natGatewayId": "nat-" + absent,
	})
	require.ErrorContains(t, err, "updating EC2 Route ("+n.route.ID+"): operation error EC2: ReplaceRoute")
	gone := n.vpc
	gone.ID = "vpc-" + absent
	_, err = n.aws.TryUpdate(gone, in{"cidrBlock": "10.0.0.0/16"})
	require.ErrorContains(t, err, "InvalidVpcID.NotFound")
}

func TestRegionsAreSeparate(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	west := n.AWS("us-west-2")
	assert.Empty(t, west.Read(n.vpc).ID)
	_, err := west.TryCreate(subnetType, "a", in{"vpcId": n.vpc.ID, "cidrBlock": "10.0.9.0/24"})
	require.ErrorContains(t, err, "InvalidVpcID.NotFound")

	there := west.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	assert.Contains(t, there.Text("arn"), "arn:aws:ec2:us-west-2:")
	require.NoError(t, west.Delete(n.vpc), "it is not there")
	assert.NotEmpty(t, n.aws.Read(n.vpc).ID)
}
