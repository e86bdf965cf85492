package controls

import (
	"fmt"
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

const (
	typeDatabase           = "aws:rds/instance:Instance"
	typeDatabaseSubnets    = "aws:rds/subnetGroup:SubnetGroup"
	typeDatabaseParameters = "aws:rds/parameterGroup:ParameterGroup"
)

// privateDatabase is D1.
func privateDatabase(c *check) {
	c.noOtherStores("aws:rds/cluster:Cluster")
	c.each(typeDatabase, requirements{
		{"publiclyAccessible", is(false), "the database has a public address; expected false"},
	})

	for _, database := range c.all(typeDatabase) {
		c.dataSubnets(database, "dbSubnetGroupName", c.all(typeDatabaseSubnets))
		c.onlyNodes(database, "vpcSecurityGroupIds")
	}
}

// encryptedDatabase is D2.
func encryptedDatabase(c *check) {
	c.each(typeDatabase, requirements{
		{"storageEncrypted", is(true), "the storage is not encrypted; expected true"},
		{"kmsKeyId", c.ownKey, notOwnKey},
	})
}

// standby is D3.
func standby(c *check) {
	c.each(typeDatabase, requirements{{"multiAz", c.redundant, noSpareZone}})
}

const noSpareZone = "the loss of a zone stops it; expected true in a highly available environment"

// keptData is D4.
func keptData(c *check) {
	if !c.KeepsData {
		c.notApplicable = "the environment keeps no data (`keepsData` in `stacks`): its stores are deleted with it"

		return
	}

	c.each(typeDatabase, requirements{
		{"deletionProtection", is(true), "RDS deletes the database on request; expected true"},
		{"skipFinalSnapshot", is(nil, false), "the database is deleted without a snapshot; expected false"},
	})

	for _, store := range c.all(typeDatabase, typeCache) {
		c.hold(store, "finalSnapshotIdentifier", c.hasUniqueSnapshot(store),
			"the next instance's final snapshot would have the same name; expected a name that AWS generates for each")
		c.hold(store, "protect", store.Protect, "the engine deletes the store on request; expected protection")

		key, ok := byARN(c.all(typeKey), text(store, "kmsKeyId"))
		c.hold(store, "kmsKeyId", ok && key.RetainOnDelete,
			"the final snapshot is unreadable after its key is deleted; expected retention of the key")
	}
}

// hasUniqueSnapshot reports whether the final snapshot is named after a dependency whose name AWS generates each time
// it is created. AWS refuses a second snapshot of the same name.
func (c *check) hasUniqueSnapshot(store state.Resource) bool {
	name := text(store, "finalSnapshotIdentifier")

	return name != "" && slices.ContainsFunc(c.State.Resources, func(r state.Resource) bool {
		return slices.Contains(store.Dependencies, r.URN) && text(r, "namePrefix") != "" &&
			(string(r.ID) == name || r.Outputs["name"] == name)
	})
}

// backups is D5.
func backups(c *check) {
	c.each(typeDatabase, requirements{{"backupRetentionPeriod", atLeast(7), "expected at least 7 days"}})
}

// maintenance is D6.
func maintenance(c *check) {
	c.each(typeDatabase, requirements{
		{"autoMinorVersionUpgrade", is(nil, true), noUpgrades},
		{"copyTagsToSnapshot", is(true), "snapshots have no tags that show their owner; expected true"},
		{"monitoringInterval", atLeast(1), "enhanced monitoring is off; expected an interval in seconds"},
		{"enabledCloudwatchLogsExports", includes("error"), "the error log is not exported"},
	})

	for _, database := range c.all(typeDatabase) {
		for _, log := range list(database, "enabledCloudwatchLogsExports") {
			name := fmt.Sprintf("/aws/rds/instance/%s/%v", text(database, "identifier"), log)
			groups := named(c.all(typeLogGroup), name)
			c.hold(database, "identifier", len(groups) > 0,
				"the stack has no log group "+name+": RDS creates one without retention")
			c.retention(groups...)
		}
	}
}

const noUpgrades = "minor versions with security fixes are not installed; expected true"

// encryptedConnections is D8.
func encryptedConnections(c *check) {
	const problem = "the database accepts connections without TLS; expected require_secure_transport"

	for _, database := range c.all(typeDatabase) {
		groups := named(c.all(typeDatabaseParameters), text(database, "parameterGroupName"))
		c.hold(database, "parameterGroupName", len(groups) > 0, problem)

		for _, group := range groups {
			value := parameter(group, "require_secure_transport")
			c.hold(group, "parameters", value == "1" || value == "ON", problem)
		}
	}
}

// parameter returns the value of a parameter in a group; "" if the group does not set it.
func parameter(group state.Resource, name string) string {
	for _, at := range elements(group, "parameters") {
		if text(group, at+".name") == name {
			return text(group, at+".value")
		}
	}

	return ""
}
