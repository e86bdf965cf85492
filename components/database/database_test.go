package database_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/database"
	"github.com/msur/platform/components/graphtest"
)

const (
	instanceType   = "aws:rds/instance:Instance"
	parametersType = "aws:rds/parameterGroup:ParameterGroup"
	subnetsType    = "aws:rds/subnetGroup:SubnetGroup"
	logGroupType   = "aws:cloudwatch/logGroup:LogGroup"
	groupType      = "aws:ec2/securityGroup:SecurityGroup"
	ruleType       = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	roleType       = "aws:iam/role:Role"
	attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	recordType     = "aws:route53/record:Record"

	hours  = "sun:04:30-sun:05:30"
	keyARN = "arn:aws:kms:us-east-1:123456789012:key/k"
)

// run creates a database under mocks.
func run(t *testing.T, changes ...func(*database.Args)) *graphtest.Graph {
	t.Helper()

	var values graphtest.Values

	g := graphtest.Run(t, func(ctx *pulumi.Context) error {
		nodes, err := ec2.NewSecurityGroup(ctx, "nodes", &ec2.SecurityGroupArgs{})
		if err != nil {
			return err
		}

		args := &database.Args{
			Environment: "sandbox", Place: graphtest.Place(),
			VPCID:                 pulumi.String("vpc-1"),
			SubnetIDs:             pulumi.ToStringArray([]string{"subnet-a", "subnet-b"}),
			ClientSecurityGroupID: nodes.ID(),
			DNSZoneID:             pulumi.String("Z1"),
			KeyARN:                pulumi.String(keyARN),
			LogRetentionDays:      30,
			Version:               "8.4", InstanceClass: "db.t4g.micro",
			StorageGiB: 20, MaxStorageGiB: 100, BackupRetentionDays: 7,
		}
		for _, change := range changes {
			change(args)
		}

		made, err := database.New(ctx, "database", args)
		if err != nil {
			return err
		}

		values.Keep("endpoint", made.Endpoint)

		return nil
	})

	values.Has(t, "endpoint", "Instance-database-instance")

	return g
}

func TestTheInstanceIsPrivateEncryptedAndMonitored(t *testing.T) {
	t.Parallel()

	instance := run(t).One(t, instanceType, "database-instance").Under("database")

	for input, want := range map[string]any{
		"identifier": "sandbox-database", "engine": "mysql", "engineVersion": "8.4", "instanceClass": "db.t4g.micro",
		"dbName": "microservices_db", "port": database.Port, "publiclyAccessible": false, "multiAz": false,
		"storageType": "gp3", "allocatedStorage": 20, "maxAllocatedStorage": 100,
		"storageEncrypted": true, "kmsKeyId": keyARN,
		"enabledCloudwatchLogsExports": []any{"error", "iam-db-auth-error", "slowquery"},
		"monitoringInterval":           60, "engineLifecycleSupport": "open-source-rds-extended-support-disabled",
		"autoMinorVersionUpgrade": true, "applyImmediately": true, "copyTagsToSnapshot": true,
		"backupRetentionPeriod": 7, "maintenanceWindow": hours,
		"backupWindow":       "03:00-04:00",
		"deletionProtection": false, "skipFinalSnapshot": true,
	} {
		instance.Has(input, want)
	}

	instance.HasNo("finalSnapshotIdentifier").
		IgnoresChangesOf("engineLifecycleSupport").
		Refers("vpcSecurityGroupIds[0]", groupType, "database-access").
		Refers("monitoringRoleArn", roleType, "database-monitoring").
		Has("dbSubnetGroupName", "sandbox-database").
		Has("parameterGroupName", "ParameterGroup-database-parameters")
}

func TestExistingLogGroupsAreImported(t *testing.T) {
	t.Parallel()

	const existing = "/aws/rds/instance/sandbox-database/error"

	g := run(t, func(args *database.Args) { args.ExistingLogGroups = []string{existing} })
	g.One(t, logGroupType, "database-logs-error").Imported(existing)
	g.One(t, logGroupType, "database-logs-slowquery").Imported("")
	g.One(t, logGroupType, "database-logs-iam-db-auth-error").Imported("")
}

// Control D0.
func TestTheBufferPoolOfASmallClassLeavesMemoryForIAMLogins(t *testing.T) {
	t.Parallel()

	pool := func(class string, parameters map[string]string) any {
		g := run(t, func(args *database.Args) { args.InstanceClass, args.Parameters = class, parameters })
		for _, parameter := range g.All(parametersType)[0].Inputs["parameters"].ArrayValue() {
			if values := parameter.ObjectValue(); values["name"].StringValue() == "innodb_buffer_pool_size" {
				return values["value"].StringValue()
			}
		}

		return nil
	}

	assert.Equal(t, "268435456", pool("db.t4g.small", nil))
	assert.Nil(t, pool("db.t4g.medium", nil), "RDS's own leaves enough")
	assert.Equal(t, "1", pool("db.t4g.small", map[string]string{"innodb_buffer_pool_size": "1"}), "the settings decide")
}

// A password among the inputs would be in the state.
func TestNoPasswordIsConfigured(t *testing.T) {
	t.Parallel()

	run(t).One(t, instanceType, "database-instance").
		HasNo("password").
		Has("username", "admin").
		Has("manageMasterUserPassword", true).
		Has("masterUserSecretKmsKeyId", keyARN).
		Has("iamDatabaseAuthenticationEnabled", true)
}

// RDS would create log groups without retention, and it refuses a monitoring role without permissions.
func TestTheInstanceWaitsForItsLogGroupsAndPermissions(t *testing.T) {
	t.Parallel()

	g := run(t)
	g.One(t, instanceType, "database-instance").
		DependsOn("database-logs-error", "database-logs-slowquery", attachmentType+"::database-monitoring")

	for name, group := range map[string]string{
		"database-logs-error":     "/aws/rds/instance/sandbox-database/error",
		"database-logs-slowquery": "/aws/rds/instance/sandbox-database/slowquery",
	} {
		g.One(t, logGroupType, name).Under("database").
			Has("name", group).Has("retentionInDays", 30).Has("kmsKeyId", keyARN)
	}

	g.One(t, roleType, "database-monitoring").Under("database").JSON("assumeRolePolicy", `{
		"Version": "2012-10-17",
		"Statement": [{
			"Effect": "Allow", "Principal": {"Service": "monitoring.rds.amazonaws.com"}, "Action": ["sts:AssumeRole"]
		}]
	}`)
	g.One(t, attachmentType, "database-monitoring").Under("database").
		Has("policyArn", "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole")
	assert.Equal(t, "/aws/rds/instance/sandbox-database/*", database.LogGroupNames("sandbox"))
}

func TestOnlyTheClientsSecurityGroupHasAccess(t *testing.T) {
	t.Parallel()

	g := run(t)
	g.One(t, groupType, "database-access").Under("database").Has("vpcId", "vpc-1").HasNo("ingress").HasNo("egress")
	g.One(t, ruleType, "database-from-nodes").Under("database").
		Refers("securityGroupId", groupType, "database-access").
		Refers("referencedSecurityGroupId", groupType, "nodes").
		Has("fromPort", 3306).Has("toPort", 3306).Has("ipProtocol", "tcp").HasNo("cidrIpv4")
	assert.Len(t, g.All(ruleType), 1)
	g.None(t, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
}

func TestNoParameterTurnsEncryptionOff(t *testing.T) {
	t.Parallel()

	g := run(t, func(args *database.Args) {
		args.Parameters = map[string]string{
			"require_secure_transport": "0", "max_connections": "50", "long_query_time": "0.5",
		}
	})

	g.One(t, parametersType, "database-parameters").Under("database").
		Has("family", "mysql8.4").
		Has("namePrefix", "sandbox-database-").HasNo("name").
		Has("parameters", []any{
			map[string]any{"name": "log_output", "value": "FILE"},
			map[string]any{"name": "long_query_time", "value": "0.5"},
			map[string]any{"name": "max_connections", "value": "50"},
			map[string]any{"name": "require_secure_transport", "value": "1"},
			map[string]any{"name": "slow_query_log", "value": "1"},
		})
}

func TestTheNameOfTheFinalSnapshotIsUnique(t *testing.T) {
	t.Parallel()

	g := run(t, func(args *database.Args) { args.KeepData, args.Protect = true, true })

	g.One(t, instanceType, "database-instance").
		Protected().
		Has("deletionProtection", true).
		Has("skipFinalSnapshot", false).
		Has("finalSnapshotIdentifier", "SecurityGroup-database-access")
}

func TestTheDatabaseHasADNSName(t *testing.T) {
	t.Parallel()

	g := run(t)
	g.One(t, recordType, "database-record").Under("database").
		Has("zoneId", "Z1").Has("name", "rds").Has("type", "CNAME").
		Has("records", []any{"Instance-database-instance"})
	g.One(t, subnetsType, "database-subnets").Under("database").
		Has("name", "sandbox-database").Has("subnetIds", []any{"subnet-a", "subnet-b"})
}
