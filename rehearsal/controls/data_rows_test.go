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

// unprotected takes protection and retention from the resources of a type.
func unprotected(resourceType string) func(*controls.Environment) {
	return func(environment *controls.Environment) {
		for i, r := range environment.State.Resources {
			if string(r.Type) == resourceType {
				environment.State.Resources[i].Protect = false
				environment.State.Resources[i].RetainOnDelete = false
			}
		}
	}
}

func TestD0TheDatabaseHasMemoryForIAMLoginsAndNoExtendedSupport(t *testing.T) {
	t.Parallel()

	const parameters, group = "aws:rds/parameterGroup:ParameterGroup", "database-parameters"

	pool := func(bytes string) func(*controls.Environment) {
		return set(parameters, group, "parameters", []any{object{"name": "innodb_buffer_pool_size", "value": bytes}})
	}

	holds(t, "D0")
	breaks(t, "D0", instance, set(database, instance, "engineLifecycleSupport", nil))
	breaks(t, "D0", instance, set(database, instance, "engineLifecycleSupport", "open-source-rds-extended-support"))
	breaks(t, "D0", instance, set(database, instance, "instanceClass", "db.t4g.micro"))
	breaks(t, "D0", instance, pool("1610612736"))
	breaks(t, "D0", instance, func(environment *controls.Environment) {
		for i, r := range environment.State.Resources {
			if string(r.Type) == database {
				environment.State.Resources[i].Outputs = object{"engineLifecycleSupport": "open-source-rds-extended-support"}
			}
		}
	})

	for name, mutate := range map[string]func(*controls.Environment){
		"RDS's own pool":            set(parameters, group, "parameters", []any{}),
		"a large class":             set(database, instance, "instanceClass", "db.r7g.large"),
		"a pool that leaves enough": pool("536870912"),
		"no IAM logins": func(environment *controls.Environment) {
			set(database, instance, "instanceClass", "db.t4g.micro")(environment)
			set(database, instance, "iamDatabaseAuthenticationEnabled", false)(environment)
		},
	} {
		environment := golden(t, "staging")
		mutate(&environment)
		assert.Equal(t, controls.Pass, finding(t, environment, "D0").Result, name)
	}
}

func TestO4FailedIAMLoginsAreLogged(t *testing.T) {
	t.Parallel()

	holds(t, "O4")
	breaks(t, "O4", instance, set(database, instance, "enabledCloudwatchLogsExports", []any{"error", "slowquery"}))
}

func TestD1(t *testing.T) {
	t.Parallel()

	from := func(input string, value any) func(*controls.Environment) {
		return func(environment *controls.Environment) {
			set(ingressRule, "database-from-nodes", "referencedSecurityGroupId", nil)(environment)
			set(ingressRule, "database-from-nodes", input, value)(environment)
		}
	}

	holds(t, "D1")
	breaks(t, "D1", instance, set(database, instance, "publiclyAccessible", true))
	breaks(t, "D1", instance, set(database, instance, "publiclyAccessible", nil))
	breaks(t, "D1", instance, set(database, instance, "dbSubnetGroupName", "default"))
	breaks(t, "D1", instance, set(database, instance, "vpcSecurityGroupIds", nil))
	breaks(t, "D1", "database-from-nodes", from("cidrIpv4", "10.20.0.0/16"))
	breaks(t, "D1", "database-from-nodes", from("referencedSecurityGroupId", "SecurityGroup-ingress-access"))
	breaks(t, "D1", "network-private-a",
		set("aws:rds/subnetGroup:SubnetGroup", "database-subnets", "subnetIds", []any{"Subnet-network-private-a"}))
	breaks(t, "D1", "database-subnets",
		set("aws:rds/subnetGroup:SubnetGroup", "database-subnets", "subnetIds", []any{}))
	breaks(t, "D1", "database-subnets",
		set("aws:rds/subnetGroup:SubnetGroup", "database-subnets", "subnetIds", []any{"subnet-other"}))
	breaks(t, "D1", "aurora", add("aws:rds/cluster:Cluster", "aurora", object{}))
	breaks(t, "D1", instance, set(database, instance, "vpcSecurityGroupIds",
		[]any{"SecurityGroup-database-access", "sg-other"}))
}

// Nodes carry the group that EKS makes, too, and so does the control plane.
func TestD1LetsInTheGroupThatNodesAloneCarry(t *testing.T) {
	t.Parallel()

	const rule, group = "database-from-nodes", "SecurityGroup-network-nodes"

	breaks(t, "D1", rule, set(ingressRule, rule, "referencedSecurityGroupId", "SecurityGroup-eks-staging"))
	breaks(t, "D1", rule, set(balancer, balancerName, "securityGroups", []any{group}))
	breaks(t, "D1", rule, set(cluster, clusterName, "vpcConfig", object{"securityGroupIds": []any{group}}))
	breaks(t, "D1", rule, remove("aws:ec2/securityGroup:SecurityGroup", "network-nodes"))
	breaks(t, "D1", rule, remove(template, ""))
}

func TestD1KnowsEveryWayOut(t *testing.T) {
	t.Parallel()

	const data, own = "network-data-a", "RouteTable-network-data"

	out := []any{object{"cidrBlock": "0.0.0.0/0", "natGatewayId": "NatGateway-network-nat-a"}}
	moved := func(more func(*controls.Environment)) func(*controls.Environment) {
		return func(environment *controls.Environment) {
			remove(tableOfSubnet, data)(environment)
			more(environment)
		}
	}
	main := func(id string) func(*controls.Environment) {
		return moved(add("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main",
			object{"vpcId": "Vpc-network-vpc", "routeTableId": id}))
	}

	breaks(t, "D1", data, add(route, "out", object{"routeTableId": own, "gatewayId": "igw-other"}))
	breaks(t, "D1", data, set(routeTable, "network-data", "routes", out))
	breaks(t, "D1", data, set(tableOfSubnet, data, "routeTableId", "rtb-other"))
	breaks(t, "D1", data, moved(func(*controls.Environment) {}))
	breaks(t, "D1", data, main("RouteTable-network-private-a"))
	breaks(t, "D1", data, moved(add("aws:ec2/defaultRouteTable:DefaultRouteTable", "main",
		object{"routes": out}, "::network-vpc")))

	environment := golden(t, "staging")
	main(own)(&environment)
	assert.Equal(t, controls.Pass, finding(t, environment, "D1").Result, "nothing leads out of the main table")
}

func TestD2(t *testing.T) {
	t.Parallel()
	holds(t, "D2")
	breaks(t, "D2", instance, set(database, instance, "storageEncrypted", false))
	breaks(t, "D2", instance, set(database, instance, "kmsKeyId", nil))
	breaks(t, "D2", instance, remove(kmsKey, ""))
}

func TestD3(t *testing.T) {
	t.Parallel()
	holds(t, "D3")
	breaks(t, "D3", instance, set(database, instance, "multiAz", false))
}

func TestD4(t *testing.T) {
	t.Parallel()

	assert.Equal(t, controls.Pass, finding(t, golden(t, "staging"), "D4").Result)
	assert.Equal(t, controls.NotApplicable, finding(t, golden(t, "sandbox"), "D4").Result)

	breaks(t, "D4", instance, set(database, instance, "deletionProtection", false))
	breaks(t, "D4", instance, set(database, instance, "skipFinalSnapshot", true))
	breaks(t, "D4", instance, set(database, instance, "finalSnapshotIdentifier", nil))
	breaks(t, "D4", instance, set(database, instance, "finalSnapshotIdentifier", "staging-database-last"))
	breaks(t, "D4", nodes, set(cache, nodes, "finalSnapshotIdentifier", nil))
	breaks(t, "D4", nodes, set(cache, nodes, "finalSnapshotIdentifier", "SecurityGroup-network-nodes"))
	breaks(t, "D4", nodes, set("aws:ec2/securityGroup:SecurityGroup", "cache-access", "namePrefix", nil))
	breaks(t, "D4", instance, unprotected(database))
	breaks(t, "D4", nodes, unprotected(cache))
	breaks(t, "D4", instance, unprotected(kmsKey))
}

func TestD5(t *testing.T) {
	t.Parallel()
	holds(t, "D5")
	breaks(t, "D5", instance, set(database, instance, "backupRetentionPeriod", 6.0))
	breaks(t, "D5", instance, set(database, instance, "backupRetentionPeriod", nil))
}

// In a state, what AWS has named is an output, and no id.
func TestD4KnowsANameThatAWSMade(t *testing.T) {
	t.Parallel()

	const made = "staging-database-20261124093000000000000001"

	environment := golden(t, "staging")
	set(database, instance, "finalSnapshotIdentifier", made)(&environment)

	for i, r := range environment.State.Resources {
		if r.URN.Name() == "database-access" {
			environment.State.Resources[i].Outputs = object{"name": made}
		}
	}

	assert.Equal(t, controls.Pass, finding(t, environment, "D4").Result)
}

func TestD6(t *testing.T) {
	t.Parallel()
	holds(t, "D6")
	breaks(t, "D6", instance, set(database, instance, "autoMinorVersionUpgrade", false))
	breaks(t, "D6", instance, set(database, instance, "copyTagsToSnapshot", nil))
	breaks(t, "D6", instance, set(database, instance, "monitoringInterval", 0.0))
	breaks(t, "D6", instance, set(database, instance, "enabledCloudwatchLogsExports", []any{"slowquery"}))
	breaks(t, "D6", instance, remove(logGroup, "database-logs-slowquery"))
	breaks(t, "D6", "database-logs-error", set(logGroup, "database-logs-error", "retentionInDays", nil))
}

func TestD7(t *testing.T) {
	t.Parallel()
	holds(t, "D7")
	breaks(t, "D7", instance, set(database, instance, "manageMasterUserPassword", nil))
	breaks(t, "D7", instance, set(database, instance, "password", "secret"))
	breaks(t, "D7", instance, set(database, instance, "iamDatabaseAuthenticationEnabled", false))
	breaks(t, "D7", instance, set(database, instance, "masterUserSecretKmsKeyId", nil))
	breaks(t, "D7", instance, set(database, instance, "passwordWo", "secret"))
	breaks(t, "D7", nodes, set(cache, nodes, "authToken", object{"ciphertext": "of the engine's"}))
	breaks(t, "D7", "cache-user-reservations", set("aws:elasticache/user:User", "cache-user-reservations",
		"authenticationMode", object{"type": "iam", "passwords": []any{"secret"}}))
	breaks(t, "D7", instance, func(environment *controls.Environment) {
		for i, r := range environment.State.Resources {
			if r.URN.Name() == instance {
				environment.State.Resources[i].Outputs = object{"password": "secret"}
			}
		}
	})
	breaks(t, "D7", "kept", add("aws:secretsmanager/secretVersion:SecretVersion", "kept", object{"secretString": "s"}))
	breaks(t, "D7", "kept", add("kubernetes:core/v1:Secret", "kept", object{}))
}

func TestD8(t *testing.T) {
	t.Parallel()

	const group, name = "aws:rds/parameterGroup:ParameterGroup", "database-parameters"

	parameter := func(value string) []any {
		return []any{object{"name": "require_secure_transport", "value": value}}
	}

	holds(t, "D8")
	breaks(t, "D8", instance, remove(group, ""))
	breaks(t, "D8", name, set(group, name, "parameters", nil))
	breaks(t, "D8", name, set(group, name, "parameters", parameter("0")))
	breaks(t, "D8", instance, set(database, instance, "parameterGroupName", "default.mysql8.4"))
	breaks(t, "D8", instance, set(database, instance, "parameterGroupName", nil))
}

func TestD9(t *testing.T) {
	t.Parallel()

	const user = "cache-user-reservations"

	holds(t, "D9")

	for input, value := range map[string]any{
		"atRestEncryptionEnabled": false, "transitEncryptionEnabled": nil, "kmsKeyId": "other", "authToken": "secret",
		"autoMinorVersionUpgrade": false, "snapshotRetentionLimit": 0.0, "automaticFailoverEnabled": false,
		"multiAzEnabled": false, "subnetGroupName": "default", "securityGroupIds": []any{}, "userGroupIds": nil,
		"transitEncryptionMode": "preferred",
	} {
		breaks(t, "D9", nodes, set(cache, nodes, input, value))
	}

	breaks(t, "D9", user, set("aws:elasticache/user:User", user, "authenticationMode", object{"type": "password"}))
	breaks(t, "D9", "single", add("aws:elasticache/cluster:Cluster", "single", object{}))
	breaks(t, "D9", nodes, set(cache, nodes, "userGroupIds", []any{"staging-cache", "another"}))
	breaks(t, "D9", "cache-users", set("aws:elasticache/userGroup:UserGroup", "cache-users", "userIds", []any{"another"}))
	breaks(t, "D9", "cache-users", add("aws:elasticache/userGroupAssociation:UserGroupAssociation", "more",
		object{"userGroupId": "staging-cache", "userId": "another"}))
	breaks(t, "D9", "cache-from-nodes", set(ingressRule, "cache-from-nodes", "referencedSecurityGroupId", "sg-other"))
}
