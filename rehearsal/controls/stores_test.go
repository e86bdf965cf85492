package controls_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	database = "aws:rds/instance:Instance"
	instance = "database-instance"
	cache    = "aws:elasticache/replicationGroup:ReplicationGroup"
	nodes    = "cache-nodes"
	kmsKey   = "aws:kms/key:Key"
)

// unprotected removes protection and retention from the resources of a type.
func unprotected(resourceType string) mutation {
	return func(environment *controls.Environment) {
		for i, r := range environment.State.Resources {
			if string(r.Type) == resourceType {
				environment.State.Resources[i].Protect = false
				environment.State.Resources[i].RetainOnDelete = false
			}
		}
	}
}

func TestD0TheDatabaseHasMemoryForIAMLoginsAndNoPaidExtendedSupport(t *testing.T) {
	t.Parallel()

	const parameters, group = "aws:rds/parameterGroup:ParameterGroup", "database-parameters"

	pool := func(bytes string) mutation {
		return set(parameters, group, "parameters", []any{object{"name": "innodb_buffer_pool_size", "value": bytes}})
	}

	passes(t, "D0")
	fails(t, "D0", instance, set(database, instance, "engineLifecycleSupport", nil))
	fails(t, "D0", instance, set(database, instance, "engineLifecycleSupport", "open-source-rds-extended-support"))
	fails(t, "D0", instance, set(database, instance, "instanceClass", "db.t4g.micro"))
	fails(t, "D0", instance, pool("1610612736"))
	fails(t, "D0", instance,
		outputs(database, instance, object{"engineLifecycleSupport": "open-source-rds-extended-support"}))

	for name, mutate := range map[string]mutation{
		"RDS's default pool":        set(parameters, group, "parameters", []any{}),
		"a large class":             set(database, instance, "instanceClass", "db.r7g.large"),
		"a pool that leaves enough": pool("536870912"),
		"no IAM logins": all(
			set(database, instance, "instanceClass", "db.t4g.micro"),
			set(database, instance, "iamDatabaseAuthenticationEnabled", false)),
	} {
		passesWith(t, "D0", name, mutate)
	}
}

func TestO4FailedIAMLoginsAreLogged(t *testing.T) {
	t.Parallel()

	passes(t, "O4")
	fails(t, "O4", instance, set(database, instance, "enabledCloudwatchLogsExports", []any{"error", "slowquery"}))
}

func TestD1TheDatabaseIsPrivateAndOnlyNodesReachIt(t *testing.T) {
	t.Parallel()

	from := func(input string, value any) mutation {
		return all(set(ingressRule, "database-from-nodes", "referencedSecurityGroupId", nil),
			set(ingressRule, "database-from-nodes", input, value))
	}

	passes(t, "D1")
	fails(t, "D1", instance, set(database, instance, "publiclyAccessible", true))
	fails(t, "D1", instance, set(database, instance, "publiclyAccessible", nil))
	fails(t, "D1", instance, set(database, instance, "dbSubnetGroupName", "default"))
	fails(t, "D1", instance, set(database, instance, "vpcSecurityGroupIds", nil))
	fails(t, "D1", "database-from-nodes", from("cidrIpv4", "10.20.0.0/16"))
	fails(t, "D1", "database-from-nodes", from("referencedSecurityGroupId", "SecurityGroup-ingress-access"))
	fails(t, "D1", "network-private-a",
		set("aws:rds/subnetGroup:SubnetGroup", "database-subnets", "subnetIds", []any{"Subnet-network-private-a"}))
	fails(t, "D1", "database-subnets",
		set("aws:rds/subnetGroup:SubnetGroup", "database-subnets", "subnetIds", []any{}))
	fails(t, "D1", "database-subnets",
		set("aws:rds/subnetGroup:SubnetGroup", "database-subnets", "subnetIds", []any{"subnet-other"}))
	fails(t, "D1", "aurora", add("aws:rds/cluster:Cluster", "aurora", object{}))
	fails(t, "D1", instance, set(database, instance, "vpcSecurityGroupIds",
		[]any{"SecurityGroup-database-access", "sg-other"}))
}

// The group that EKS creates is attached to nodes, but also to the control plane.
func TestD1AllowsOnlyAGroupThatNothingButNodesHas(t *testing.T) {
	t.Parallel()

	const rule, group = "database-from-nodes", "SecurityGroup-network-nodes"

	fails(t, "D1", rule, set(ingressRule, rule, "referencedSecurityGroupId", "SecurityGroup-eks-staging"))
	fails(t, "D1", rule, set(balancer, balancerName, "securityGroups", []any{group}))
	fails(t, "D1", rule, set(cluster, clusterName, "vpcConfig", object{"securityGroupIds": []any{group}}))
	fails(t, "D1", rule, remove("aws:ec2/securityGroup:SecurityGroup", "network-nodes"))
	fails(t, "D1", rule, remove(template, ""))
}

func TestD1FindsEveryRouteOutOfTheVPC(t *testing.T) {
	t.Parallel()

	const data, own = "network-data-a", "RouteTable-network-data"

	internetRoute := []any{object{"cidrBlock": "0.0.0.0/0", "natGatewayId": "NatGateway-network-nat-a"}}
	withoutTable := remove(tableAssociation, data)
	mainTable := func(id string) mutation {
		return all(withoutTable, add("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main",
			object{"vpcId": "Vpc-network-vpc", "routeTableId": id}))
	}

	fails(t, "D1", data, add(route, "out", object{"routeTableId": own, "gatewayId": "igw-other"}))
	fails(t, "D1", data, set(routeTable, "network-data", "routes", internetRoute))
	fails(t, "D1", data, set(tableAssociation, data, "routeTableId", "rtb-other"))
	fails(t, "D1", data, withoutTable)
	fails(t, "D1", data, mainTable("RouteTable-network-private-a"))
	fails(t, "D1", data, all(withoutTable, add("aws:ec2/defaultRouteTable:DefaultRouteTable", "main",
		object{"routes": internetRoute}, "::network-vpc")))

	passesWith(t, "D1", "a main table without routes", mainTable(own))
}

func TestD2TheDatabaseIsEncryptedWithOurOwnKey(t *testing.T) {
	t.Parallel()
	passes(t, "D2")
	fails(t, "D2", instance, set(database, instance, "storageEncrypted", false))
	fails(t, "D2", instance, set(database, instance, "kmsKeyId", nil))
	fails(t, "D2", instance, remove(kmsKey, ""))
}

func TestD3TheDatabaseHasAStandbyWhereHighlyAvailable(t *testing.T) {
	t.Parallel()
	passes(t, "D3")
	fails(t, "D3", instance, set(database, instance, "multiAz", false))
}

func TestD4DataThatMustBeKeptIsKept(t *testing.T) {
	t.Parallel()

	assert.Equal(t, controls.Pass, finding(t, golden(t, "staging"), "D4").Result)
	assert.Equal(t, controls.NotApplicable, finding(t, golden(t, "sandbox"), "D4").Result)

	fails(t, "D4", instance, set(database, instance, "deletionProtection", false))
	fails(t, "D4", instance, set(database, instance, "skipFinalSnapshot", true))
	fails(t, "D4", instance, set(database, instance, "finalSnapshotIdentifier", nil))
	fails(t, "D4", instance, set(database, instance, "finalSnapshotIdentifier", "staging-database-last"))
	fails(t, "D4", nodes, set(cache, nodes, "finalSnapshotIdentifier", nil))
	fails(t, "D4", nodes, set(cache, nodes, "finalSnapshotIdentifier", "SecurityGroup-network-nodes"))
	fails(t, "D4", nodes, set("aws:ec2/securityGroup:SecurityGroup", "cache-access", "namePrefix", nil))
	fails(t, "D4", instance, unprotected(database))
	fails(t, "D4", nodes, unprotected(cache))
	fails(t, "D4", instance, unprotected(kmsKey))
}

func TestD5DatabaseBackupsAreKeptForAtLeastAWeek(t *testing.T) {
	t.Parallel()
	passes(t, "D5")
	fails(t, "D5", instance, set(database, instance, "backupRetentionPeriod", 6.0))
	fails(t, "D5", instance, set(database, instance, "backupRetentionPeriod", nil))
}

// In a state, a generated name is an output. In a golden graph it is the id.
func TestD4AllowsASnapshotNameFromAnOutput(t *testing.T) {
	t.Parallel()

	const generated = "staging-database-20261124093000000000000001"

	passesWith(t, "D4", "a generated name", all(
		set(database, instance, "finalSnapshotIdentifier", generated),
		outputs("aws:ec2/securityGroup:SecurityGroup", "database-access", object{"name": generated})))
}

func TestD6TheDatabaseIsUpgradedLoggedAndMonitored(t *testing.T) {
	t.Parallel()
	passes(t, "D6")
	fails(t, "D6", instance, set(database, instance, "autoMinorVersionUpgrade", false))
	fails(t, "D6", instance, set(database, instance, "copyTagsToSnapshot", nil))
	fails(t, "D6", instance, set(database, instance, "monitoringInterval", 0.0))
	fails(t, "D6", instance, set(database, instance, "enabledCloudwatchLogsExports", []any{"slowquery"}))
	fails(t, "D6", instance, remove(logGroup, "database-logs-slowquery"))
	fails(t, "D6", "database-logs-error", set(logGroup, "database-logs-error", "retentionInDays", nil))
}

func TestD7TheStateContainsNoPassword(t *testing.T) {
	t.Parallel()
	passes(t, "D7")
	fails(t, "D7", instance, set(database, instance, "manageMasterUserPassword", nil))
	fails(t, "D7", instance, set(database, instance, "password", "secret"))
	fails(t, "D7", instance, set(database, instance, "iamDatabaseAuthenticationEnabled", false))
	fails(t, "D7", instance, set(database, instance, "masterUserSecretKmsKeyId", nil))
	fails(t, "D7", instance, set(database, instance, "passwordWo", "secret"))
	fails(t, "D7", nodes, set(cache, nodes, "authToken", object{"ciphertext": "encrypted"}))
	fails(t, "D7", "cache-user-reservations", set("aws:elasticache/user:User", "cache-user-reservations",
		"authenticationMode", object{"type": "iam", "passwords": []any{"secret"}}))
	fails(t, "D7", instance, outputs(database, instance, object{"password": "secret"}))
	fails(t, "D7", "stored", add("aws:secretsmanager/secretVersion:SecretVersion", "stored", object{"secretString": "s"}))
	fails(t, "D7", "stored", add("kubernetes:core/v1:Secret", "stored", object{}))
}

func TestD8ConnectionsToTheDatabaseAreEncrypted(t *testing.T) {
	t.Parallel()

	const group, name = "aws:rds/parameterGroup:ParameterGroup", "database-parameters"

	parameter := func(value string) []any {
		return []any{object{"name": "require_secure_transport", "value": value}}
	}

	passes(t, "D8")
	fails(t, "D8", instance, remove(group, ""))
	fails(t, "D8", name, set(group, name, "parameters", nil))
	fails(t, "D8", name, set(group, name, "parameters", parameter("0")))
	fails(t, "D8", instance, set(database, instance, "parameterGroupName", "default.mysql8.4"))
	fails(t, "D8", instance, set(database, instance, "parameterGroupName", nil))
}

func TestD9TheCacheIsEncryptedAndUsersLogInWithIAM(t *testing.T) {
	t.Parallel()

	const user = "cache-user-reservations"

	passes(t, "D9")

	for input, value := range map[string]any{
		"atRestEncryptionEnabled": false, "transitEncryptionEnabled": nil, "kmsKeyId": "other", "authToken": "secret",
		"autoMinorVersionUpgrade": false, "snapshotRetentionLimit": 0.0, "automaticFailoverEnabled": false,
		"multiAzEnabled": false, "subnetGroupName": "default", "securityGroupIds": []any{}, "userGroupIds": nil,
		"transitEncryptionMode": "preferred",
	} {
		fails(t, "D9", nodes, set(cache, nodes, input, value))
	}

	fails(t, "D9", user, set("aws:elasticache/user:User", user, "authenticationMode", object{"type": "password"}))
	fails(t, "D9", "single", add("aws:elasticache/cluster:Cluster", "single", object{}))
	fails(t, "D9", nodes, set(cache, nodes, "userGroupIds", []any{"staging-cache", "another"}))
	fails(t, "D9", "cache-users", set("aws:elasticache/userGroup:UserGroup", "cache-users", "userIds", []any{"another"}))
	fails(t, "D9", "cache-users", add("aws:elasticache/userGroupAssociation:UserGroupAssociation", "more",
		object{"userGroupId": "staging-cache", "userId": "another"}))
	fails(t, "D9", "cache-from-nodes", set(ingressRule, "cache-from-nodes", "referencedSecurityGroupId", "sg-other"))
}
