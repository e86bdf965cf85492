package aws_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestRDSInstancesStandWhereTheirSubnetsAre(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	other := d.aws.Create(vpcType, "other", in{"cidrBlock": "10.1.0.0/16"})
	far := d.aws.Create(groupType, "far", in{"vpcId": other.ID})
	d.refuses(t, map[string]in{
		"DBSubnetGroupNotFoundFault: DB subnet group 'none' does not": {"dbSubnetGroupName": "none"},
		"DBSubnetGroupNotFoundFault: DB subnet group 'default' does":  {"dbSubnetGroupName": nil, "vpcSecurityGroupIds": nil},
		"InvalidParameterValue: Invalid security group":               {"vpcSecurityGroupIds": []any{"sg-" + absent}},
		"InvalidParameterCombination: The DB instance and EC2 secur":  {"vpcSecurityGroupIds": []any{far.ID}},
		"InvalidParameterCombination: Requesting a specific availabi": {"multiAz": true, "availabilityZone": "us-east-1a"},
		"InvalidVPCNetworkStateFault":                                 {"availabilityZone": "us-east-1c"},
	})
	d.accepts(t, map[string]in{
		"a zone": {"availabilityZone": "us-east-1b"}, "both zones": {"multiAz": true},
		"the VPC's own group": {"vpcSecurityGroupIds": nil},
	})

	made := d.database(nil)
	d.updates(t, made, "both zones, later", "", in{"multiAz": true})
	d.aws.Create(dbSubnetsType, "again", in{"name": "again", "subnetIds": []any{d.subnet.ID, d.second.ID}})
	d.updates(t, made, "another group of the VPC", "InvalidVPCNetworkStateFault: You cannot move DB instance orders",
		in{"dbSubnetGroupName": "again"})

	var subnets []any
	for _, zone := range []string{"a", "b"} {
		subnets = append(subnets, d.aws.Create(subnetType, "far-"+zone, in{
			"vpcId": other.ID, "availabilityZone": "us-east-1" + zone,
			"cidrBlock": map[string]string{"a": "10.1.1.0/24", "b": "10.1.2.0/24"}[zone],
		}).ID)
	}

	d.aws.Create(dbSubnetsType, "far", in{"name": "far", "subnetIds": subnets})
	d.updates(t, made, "another VPC", "", in{"dbSubnetGroupName": "far", "vpcSecurityGroupIds": []any{far.ID}})
}

func TestRDSInstanceKeepsItsNetwork(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	require.NoError(t, d.aws.Delete(d.association))

	made := d.database(in{"enabledCloudwatchLogsExports": []any{"error"}})
	unused := d.aws.Create(subnetType, "unused", in{
		"vpcId": d.vpc.ID, "cidrBlock": "10.0.9.0/24", "availabilityZone": "us-east-1c",
	})
	free := d.aws.Create(dbSubnetsType, "free", in{"name": "free", "subnetIds": []any{unused.ID, d.second.ID}})

	for _, held := range []enginetest.Made{d.second, d.group} {
		require.ErrorContains(t, d.aws.Delete(held), "DependencyViolation")
	}

	require.NoError(t, d.aws.Delete(unused), "a group without instances keeps no subnet")
	require.ErrorContains(t, d.aws.Delete(d.subnets), "InvalidDBSubnetGroupStateFault")
	require.NoError(t, d.aws.Delete(free))

	require.NoError(t, d.aws.Delete(d.key), "a key goes when it is told to")
	d.updates(t, made, "without its key", "KMSKeyNotAccessibleFault", in{"multiAz": true})

	require.NoError(t, d.aws.Delete(made))
	require.NoError(t, d.aws.Delete(d.group))
	require.NoError(t, d.aws.Delete(d.subnets))
}
