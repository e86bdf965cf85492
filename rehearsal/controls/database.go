package controls

import (
	"fmt"
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

// The types that controls of data look at.
const (
	typeDatabase           = "aws:rds/instance:Instance"
	typeDatabaseSubnets    = "aws:rds/subnetGroup:SubnetGroup"
	typeDatabaseParameters = "aws:rds/parameterGroup:ParameterGroup"
)

// privateDatabase is D1.
func privateDatabase(environment Environment, v *verdict) {
	v.holdNone(environment.State, "aws:rds/cluster:Cluster")

	for _, database := range of(environment.State, typeDatabase) {
		public, said := input(database, "publiclyAccessible").(bool)
		v.hold(database, "publiclyAccessible", said && !public, "it has a public address")

		subnets := ofName(of(environment.State, typeDatabaseSubnets), text(database, "dbSubnetGroupName"))
		v.hold(database, "dbSubnetGroupName", len(subnets) > 0, "its subnets are not ours")

		for _, group := range subnets {
			v.holdSubnets(environment.State, group, "subnetIds")
		}

		v.holdClients(environment.State, database, "vpcSecurityGroupIds")
	}
}

// encryptedDatabase is D2.
func encryptedDatabase(environment Environment, v *verdict) {
	for _, database := range of(environment.State, typeDatabase) {
		encrypted, _ := input(database, "storageEncrypted").(bool)
		v.hold(database, "storageEncrypted", encrypted, "its disk is not encrypted")
		v.holdKey(environment.State, database, "kmsKeyId")
	}
}

// spareDatabase is D3.
func spareDatabase(environment Environment, v *verdict) {
	for _, database := range of(environment.State, typeDatabase) {
		spare, _ := input(database, "multiAz").(bool)
		v.hold(database, "multiAz", spare || !environment.HighlyAvailable, "it goes with its zone")
	}
}

// keptData is D4. Where data is thrown away with the environment, it is about nothing.
func keptData(environment Environment, v *verdict) {
	if !environment.KeepsData {
		v.nothing = "the environment keeps no data (`keepsData` in `stacks`): its stores go with it"

		return
	}

	for _, database := range of(environment.State, typeDatabase) {
		guarded, _ := input(database, "deletionProtection").(bool)
		v.hold(database, "deletionProtection", guarded, "RDS deletes it when asked to")

		skipped, said := input(database, "skipFinalSnapshot").(bool)
		v.hold(database, "skipFinalSnapshot", !said || !skipped, "it leaves no snapshot")
	}

	for _, store := range slices.Concat(of(environment.State, typeDatabase), of(environment.State, typeCache)) {
		v.hold(store, "finalSnapshotIdentifier", namedAnew(environment.State, store),
			"its last snapshot has no name that is another one each time")
		v.hold(store, "protect", store.Protect, "the engine deletes it when asked to")

		key, ours := byARN(of(environment.State, typeKey), text(store, "kmsKeyId"))
		v.hold(store, "kmsKeyId", ours && key.RetainOnDelete, "its last snapshot is unreadable once the key is deleted")
	}
}

// namedAnew reports whether a store's last snapshot has the name of something that AWS names anew each time it is made:
// AWS refuses to give a snapshot the name of an older one.
func namedAnew(s *state.State, store state.Resource) bool {
	name := text(store, "finalSnapshotIdentifier")

	return name != "" && slices.ContainsFunc(dependencies(store, s.Resources), func(r state.Resource) bool {
		return text(r, "namePrefix") != "" && (string(r.ID) == name || r.Outputs["name"] == name)
	})
}

// backedUp is D5.
func backedUp(environment Environment, v *verdict) {
	const week = 7

	for _, database := range of(environment.State, typeDatabase) {
		days, _ := input(database, "backupRetentionPeriod").(float64)
		v.hold(database, "backupRetentionPeriod", days >= week, "it cannot go back a week")
	}
}

// tendedDatabase is D6.
func tendedDatabase(environment Environment, v *verdict) {
	for _, database := range of(environment.State, typeDatabase) {
		manual, said := input(database, "autoMinorVersionUpgrade").(bool)
		v.hold(database, "autoMinorVersionUpgrade", !said || manual, "nobody mends its minor version")

		tagged, _ := input(database, "copyTagsToSnapshot").(bool)
		v.hold(database, "copyTagsToSnapshot", tagged, "nobody knows whose its snapshots are")

		seconds, _ := input(database, "monitoringInterval").(float64)
		v.hold(database, "monitoringInterval", seconds > 0, "its operating system is not watched")

		exported := list(database, "enabledCloudwatchLogsExports")
		v.hold(database, "enabledCloudwatchLogsExports", slices.Contains(exported, any("error")), "its errors are not logged")

		for _, log := range exported {
			name := fmt.Sprintf("/aws/rds/instance/%s/%v", text(database, "identifier"), log)
			groups := ofName(of(environment.State, typeLogGroup), name)
			v.hold(database, "identifier", len(groups) > 0, "RDS makes "+name+", which is kept for ever")
			v.holdRetention(groups)
		}
	}
}

// encryptedConnections is D8.
func encryptedConnections(environment Environment, v *verdict) {
	for _, database := range of(environment.State, typeDatabase) {
		used := ofName(of(environment.State, typeDatabaseParameters), text(database, "parameterGroupName"))
		v.hold(database, "parameterGroupName", len(used) > 0, "it takes connections without TLS")

		for _, group := range used {
			v.hold(group, "parameters", slices.ContainsFunc(list(group, "parameters"), requiresTLS),
				"it takes connections without TLS")
		}
	}
}

// requiresTLS reports whether a parameter is the one that refuses connections without.
func requiresTLS(parameter any) bool {
	said, _ := parameter.(map[string]any)

	return said["name"] == "require_secure_transport" && (said["value"] == "1" || said["value"] == "ON")
}
