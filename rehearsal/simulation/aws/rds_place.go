package aws

import (
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// databaseZone is the first of the group's zones, where the program does not choose.
func databaseZone(c *behaviour.Call) any {
	return subnetZones(c, databaseSubnets().of(c).Texts("subnetIds"))[0].name
}

// checkDatabasePlace wants a subnet group, for there is no default VPC, security groups of
// its VPC, and a zone of its zones.
func checkDatabasePlace(c *behaviour.Call) error {
	group := databaseSubnets().of(c)
	if group.ID == "" {
		return refuseWith(404, "DBSubnetGroupNotFoundFault", "DB subnet group 'default' does not exist.")
	}

	for _, id := range c.Texts("vpcSecurityGroupIds") {
		carried, _ := c.Target(behaviour.Reference{Types: groupTypes()}, id)
		if network := carried.Text("vpcId"); network != group.Text("vpcId") && isGiven(c, "vpcSecurityGroupIds") {
			return refuse("InvalidParameterCombination", "The DB instance and EC2 security group are in different VPCs. "+
				"The DB instance is in %s and the EC2 security group is in %s", group.Text("vpcId"), network)
		}
	}

	return checkDatabaseZone(c, group)
}

func checkDatabaseZone(c *behaviour.Call, group account.Resource) error {
	if !isGiven(c, "availabilityZone") {
		return nil
	}

	if c.True("multiAz") {
		return refuse("InvalidParameterCombination",
			"Requesting a specific availability zone is not valid for Multi-AZ instances.")
	}

	if !slices.ContainsFunc(subnetZones(c, group.Texts("subnetIds")), func(found zone) bool {
		return found.name == c.Text("availabilityZone")
	}) {
		return refuse("InvalidVPCNetworkStateFault", "The DB subnet group %s has no subnet in the availability zone %s.",
			group.ID, c.Text("availabilityZone"))
	}

	return nil
}

// checkMovedDatabase lets a database move to another VPC alone: RDS takes no other group of the one it is in.
func checkMovedDatabase(c *behaviour.Call) error {
	before, exists := c.Tx.Get(c.Resource.Key)
	if !exists || before.Text("dbSubnetGroupName") == c.Text("dbSubnetGroupName") {
		return nil
	}

	old, _ := c.Get(typeDatabaseSubnetGroup, before.Text("dbSubnetGroupName"))
	if old.Text("vpcId") == databaseSubnets().of(c).Text("vpcId") {
		return refuse("InvalidVPCNetworkStateFault", "You cannot move DB instance %s to subnet group %s. The specified DB "+
			"subnet group and DB instance are in the same VPC. Choose a DB subnet group in different VPC than the specified "+
			"DB instance and try again.", c.Text("identifier"), c.Text("dbSubnetGroupName"))
	}

	return nil
}
