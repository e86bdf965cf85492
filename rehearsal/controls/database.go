package controls

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// The types that controls of data look at.
const (
	typeDatabase           = "aws:rds/instance:Instance"
	typeDatabaseSubnets    = "aws:rds/subnetGroup:SubnetGroup"
	typeDatabaseParameters = "aws:rds/parameterGroup:ParameterGroup"
	typeIngressRule        = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
)

// privateDatabase is D1.
func privateDatabase(environment Environment, v *verdict) {
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

// holdSubnets holds the subnets at a path to lead nowhere outside the VPC.
func (v *verdict) holdSubnets(s *state.State, r state.Resource, path string) {
	v.hold(r, path, len(list(r, path)) > 0, "it has no subnets of ours")

	for _, subnet := range of(s, typeSubnet) {
		if slices.Contains(list(r, path), any(string(subnet.ID))) {
			v.hold(subnet, "id", leadsNowhere(s, subnet), "it has a way out of the VPC, and data in it")
		}
	}
}

// leadsNowhere reports whether no route of the program's leaves the VPC from a subnet.
func leadsNowhere(s *state.State, subnet state.Resource) bool {
	for _, association := range refersTo(of(s, typeAssociation), "subnetId", subnet) {
		if slices.ContainsFunc(of(s, typeRoute), func(route state.Resource) bool {
			return text(route, "routeTableId") == text(association, "routeTableId")
		}) {
			return false
		}
	}

	return true
}

// holdClients holds the groups at a path to let in nobody but nodes, by a group that those carry.
func (v *verdict) holdClients(s *state.State, r state.Resource, path string) {
	v.hold(r, path, len(list(r, path)) > 0, "it carries the VPC's default group")

	var nodes []any
	for _, template := range of(s, typeLaunchTemplate) {
		nodes = append(nodes, list(template, "vpcSecurityGroupIds")...)
	}

	for _, set := range ruleSets(s) {
		if set.direction != ingress || !slices.Contains(list(r, path), groupOf(set)) {
			continue
		}

		for _, at := range set.at {
			client := text(set.holder, at+"referencedSecurityGroupId")
			v.hold(set.holder, set.property("referencedSecurityGroupId"), slices.Contains(nodes, any(client)),
				"it lets in others than nodes")
		}
	}
}

// groupOf is the id of the group that a set of rules belongs to.
func groupOf(set ruleSet) any {
	if id := text(set.holder, "securityGroupId"); id != "" {
		return id
	}

	return string(set.holder.ID)
}

// ofName returns those whose name, or the one that the account made of their prefix, is the given one.
func ofName(resources []state.Resource, name string) []state.Resource {
	return slices.DeleteFunc(slices.Clone(resources), func(r state.Resource) bool {
		return name == "" || text(r, "name") != name && string(r.ID) != name
	})
}

// encryptedDatabase is D2.
func encryptedDatabase(environment Environment, v *verdict) {
	for _, database := range of(environment.State, typeDatabase) {
		encrypted, _ := input(database, "storageEncrypted").(bool)
		v.hold(database, "storageEncrypted", encrypted, "its disk is not encrypted")
		v.holdKey(environment.State, database, "kmsKeyId")
	}
}

// holdKey holds a property to be the ARN of a key of the environment's.
func (v *verdict) holdKey(s *state.State, r state.Resource, property string) {
	_, ours := keyOf(s, text(r, property))
	v.hold(r, property, ours, "the key is not the environment's")
}

// keyOf returns the key of an ARN.
func keyOf(s *state.State, arn string) (state.Resource, bool) {
	keys := of(s, typeKey)

	at := slices.IndexFunc(keys, func(key state.Resource) bool {
		return key.ID != "" && strings.HasSuffix(arn, string(key.ID))
	})
	if at < 0 {
		return state.Resource{}, false
	}

	return keys[at], true
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
		return
	}

	for _, database := range of(environment.State, typeDatabase) {
		guarded, _ := input(database, "deletionProtection").(bool)
		v.hold(database, "deletionProtection", guarded, "RDS deletes it when asked to")

		skipped, said := input(database, "skipFinalSnapshot").(bool)
		v.hold(database, "skipFinalSnapshot", !said || !skipped, "it leaves no snapshot")
	}

	for _, store := range slices.Concat(of(environment.State, typeDatabase), of(environment.State, typeCache)) {
		v.hold(store, "finalSnapshotIdentifier", text(store, "finalSnapshotIdentifier") != "",
			"its last snapshot has no name")
		v.hold(store, "protect", store.Protect, "the engine deletes it when asked to")

		key, ours := keyOf(environment.State, text(store, "kmsKeyId"))
		v.hold(store, "kmsKeyId", ours && key.RetainOnDelete, "its last snapshot is unreadable once the key is deleted")
	}
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
			name := "/aws/rds/instance/" + text(database, "identifier") + "/" + texts(log)[0]
			groups := ofName(of(environment.State, typeLogGroup), name)
			v.hold(database, "identifier", len(groups) > 0, "RDS makes "+name+", which is kept for ever")
			v.holdRetention(groups)
		}
	}
}

// noPasswords is D7.
func noPasswords(environment Environment, v *verdict) {
	for _, database := range of(environment.State, typeDatabase) {
		managed, _ := input(database, "manageMasterUserPassword").(bool)
		v.hold(database, "manageMasterUserPassword", managed, "somebody chose the admin's password, and nobody renews it")
		v.hold(database, "password", input(database, "password") == nil, "a password is in the state")

		byIAM, _ := input(database, "iamDatabaseAuthenticationEnabled").(bool)
		v.hold(database, "iamDatabaseAuthenticationEnabled", byIAM, "services log in with passwords")
	}
}

// encryptedConnections is D8.
func encryptedConnections(environment Environment, v *verdict) {
	for _, database := range of(environment.State, typeDatabase) {
		used := slices.DeleteFunc(of(environment.State, typeDatabaseParameters), func(group state.Resource) bool {
			return !slices.Contains(database.Dependencies, group.URN)
		})
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
