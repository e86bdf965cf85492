package aws

import (
	"regexp"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeDatabaseSubnetGroup = "aws:rds/subnetGroup:SubnetGroup"

// databaseSubnets are the groups of databases' subnets.
func databaseSubnets() subnetGroups {
	return subnetGroups{group: typeDatabaseSubnetGroup, store: typeDatabase, property: "dbSubnetGroupName"}
}

// databaseSubnetGroup is a list of subnets, and no more: it keeps none of them. The
// interfaces of its instances do.
func databaseSubnetGroup() behaviour.Kind {
	return behaviour.Kind{
		Type: typeDatabaseSubnetGroup, Title: "RDS DB Subnet Group", Service: "RDS",
		Verbs: behaviour.Verbs{
			Create: "CreateDBSubnetGroup", Update: "ModifyDBSubnetGroup", Delete: "DeleteDBSubnetGroup",
		},
		ID:       namedGroup,
		AutoName: &behaviour.AutoName{Property: "name", Rival: "namePrefix", Limit: 255, Lower: true},
		Defaults: map[string]any{"description": "Managed by Pulumi"},
		Computed: []behaviour.Output{
			behaviour.Format("name", "{id}"), behaviour.Constant("namePrefix", ""),
			behaviour.Format("arn", "arn:{partition}:rds:{region}:{account}:subgrp:{id}"), tagsAll(),
			behaviour.Constant("supportedNetworkTypes", []any{"IPV4"}),
			{Name: "vpcId", Make: groupNetwork},
		},
		ForceNew: []string{"name", "namePrefix"},
		Sets:     []string{"subnetIds"},
		References: []behaviour.Reference{{
			Property: "subnetIds", Types: []string{typeSubnet}, OnDelete: behaviour.Ignore,
			Missing: missing("InvalidSubnet", "Some input subnets in :[%s] are invalid."),
		}},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken:      taken("DBSubnetGroupAlreadyExists", "The DB subnet group '%s' already exists.", "name"),
		}},
		Checks: []func(*behaviour.Call) error{checkGroupName, checkOneNetwork, checkGroupZones, checkSubnetsLeft},
		Missing: func(name string) error {
			return refuseWith(404, "DBSubnetGroupNotFoundFault", "DB subnet group '%s' does not exist.", name)
		},
		InUse: func(group, dependent account.Resource) error {
			return refuse("InvalidDBSubnetGroupStateFault", "Cannot delete the subnet group '%s' because at least one database "+
				"instance: %s is still using it.", group.ID, dependent.Text("identifier"))
		},
	}
}

// namedGroup makes the id of a group, which is its name.
func namedGroup(c *behaviour.Call) (string, error) {
	return nameOf(c, "namePrefix"), nil
}

// checkGroupName wants what the provider wants: RDS itself would write it small.
func checkGroupName(c *behaviour.Call) error {
	name := c.Text("name") + c.Text("namePrefix")
	if !regexp.MustCompile(`^[ .0-9a-z_-]{1,255}$`).MatchString(name) {
		return fail("only lowercase alphanumeric characters, hyphens, underscores, periods, and spaces allowed in "+
			`"name": %q`, name)
	}

	if name == "default" {
		return fail(`"default" is not allowed as "name"`)
	}

	return nil
}

// checkGroupZones wants two zones.
func checkGroupZones(c *behaviour.Call) error {
	if zones := subnetZones(c, c.Texts("subnetIds")); len(zones) < 2 {
		return refuse("DBSubnetGroupDoesNotCoverEnoughAZs", "The DB subnet group doesn't meet Availability Zone (AZ) "+
			"coverage requirement. Current AZ coverage: %s. Add subnets to cover at least 2 AZs.", zoneNames(zones))
	}

	return nil
}

// checkSubnetsLeft keeps in the group what its instances run in.
func checkSubnetsLeft(c *behaviour.Call) error {
	before, exists := c.Tx.Get(c.Resource.Key)
	if !exists {
		return nil
	}

	for _, id := range before.Texts("subnetIds") {
		subnet, _ := c.Get(typeSubnet, id)
		used := slices.ContainsFunc(databaseSubnets().stores(c, c.Resource.ID), func(database account.Resource) bool {
			return database.Outputs["multiAz"] == true || database.Text("availabilityZone") == subnet.Text("availabilityZone")
		})

		if used && !slices.Contains(c.Texts("subnetIds"), id) {
			return refuse("SubnetAlreadyInUse", "The subnet %s is currently in use by an instance of the DB subnet group %s "+
				"and cannot be removed from it.", id, c.Resource.ID)
		}
	}

	return nil
}
