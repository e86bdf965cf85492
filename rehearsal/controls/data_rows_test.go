package controls_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	database     = "aws:rds/instance:Instance"
	instance     = "database-instance"
	cache        = "aws:elasticache/replicationGroup:ReplicationGroup"
	nodes        = "cache-nodes"
	balancer     = "aws:lb/loadBalancer:LoadBalancer"
	balancerName = "ingress-balancer"
	listener     = "aws:lb/listener:Listener"
	kmsKey       = "aws:kms/key:Key"
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
	breaks(t, "D4", nodes, set(cache, nodes, "finalSnapshotIdentifier", nil))
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
}

func TestD9(t *testing.T) {
	t.Parallel()

	const user = "cache-user-reservations"

	holds(t, "D9")

	for input, value := range map[string]any{
		"atRestEncryptionEnabled": false, "transitEncryptionEnabled": nil, "kmsKeyId": "other", "authToken": "secret",
		"autoMinorVersionUpgrade": false, "snapshotRetentionLimit": 0.0, "automaticFailoverEnabled": false,
		"multiAzEnabled": false, "subnetGroupName": "default", "securityGroupIds": []any{}, "userGroupIds": nil,
	} {
		breaks(t, "D9", nodes, set(cache, nodes, input, value))
	}

	breaks(t, "D9", user, set("aws:elasticache/user:User", user, "authenticationMode", object{"type": "password"}))
	breaks(t, "D9", "cache-from-nodes", set(ingressRule, "cache-from-nodes", "referencedSecurityGroupId", "sg-other"))
}

func TestL1(t *testing.T) {
	t.Parallel()
	holds(t, "L1")
	breaks(t, "L1", balancerName, set(balancer, balancerName, "loadBalancerType", "application"))
	breaks(t, "L1", balancerName, set(balancer, balancerName, "subnets", []any{"Subnet-network-public-a"}))
	breaks(t, "L1", balancerName, set(balancer, balancerName, "enableCrossZoneLoadBalancing", nil))
}

func TestL2(t *testing.T) {
	t.Parallel()

	const name = "ingress-websecure"

	with := func(protocol, policy string) func(*controls.Environment) {
		return func(environment *controls.Environment) {
			set(listener, name, "certificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/1")(environment)
			set(listener, name, "protocol", protocol)(environment)
			set(listener, name, "sslPolicy", policy)(environment)
		}
	}

	assert.Equal(t, controls.NotApplicable, finding(t, golden(t, "staging"), "L2").Result, "there is no certificate")

	environment := golden(t, "staging")
	with("TLS", "ELBSecurityPolicy-TLS13-1-2-Res-2021-06")(&environment)
	assert.Equal(t, controls.Pass, finding(t, environment, "L2").Result)

	breaks(t, "L2", name, with("TCP", "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"))

	for _, old := range []string{
		"", "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-1-2021-06", "ELBSecurityPolicy-TLS13-1-0-2021-06",
	} {
		breaks(t, "L2", name, with("TLS", old))
	}
}

func TestL3(t *testing.T) {
	t.Parallel()

	const release = "ingress-traefik"

	holds(t, "L3")
	breaks(t, "L3", balancerName, set(balancer, balancerName, "securityGroups", nil))
	breaks(t, "L3", release, set("kubernetes:helm.sh/v3:Release", release, "values",
		object{"service": object{"spec": object{"type": "LoadBalancer"}}}))
	breaks(t, "L3", "edge", add("kubernetes:core/v1:Service", "edge", object{"spec": object{"type": "LoadBalancer"}}))
}

// The load balancer is the one way in, at the two ports.
func TestN5ExceptsNothingButTheLoadBalancersPorts(t *testing.T) {
	t.Parallel()

	const rule = "ingress-from-internet-web"

	breaks(t, "N5", rule, set(ingressRule, rule, "toPort", 443.0))
	breaks(t, "N5", rule, func(environment *controls.Environment) {
		set(ingressRule, rule, "fromPort", 22.0)(environment)
		set(ingressRule, rule, "toPort", 22.0)(environment)
	})
	breaks(t, "N5", rule, set(ingressRule, rule, "ipProtocol", "-1"))
	breaks(t, "N5", rule, set(ingressRule, rule, "securityGroupId", "SecurityGroup-database-access"))
	breaks(t, "N5", rule, set(balancer, balancerName, "securityGroups", nil))
	breaks(t, "N5", rule, set(database, instance, "vpcSecurityGroupIds", []any{"SecurityGroup-ingress-access"}))
}
