package aws

import (
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeDatabase = "aws:rds/instance:Instance"

func rdsKinds() []behaviour.Kind {
	return []behaviour.Kind{database(), databaseParameterGroup(), databaseSnapshot(), databaseSubnetGroup()}
}

// database is an RDS instance. It has interfaces in the subnets of its group, which
// carry its security groups: both stay as long as it does. Its keys and its role could go.
func database() behaviour.Kind {
	return behaviour.Kind{
		Type: typeDatabase, Title: "RDS DB Instance", Service: "RDS",
		Verbs: behaviour.Verbs{Create: "CreateDBInstance", Update: "ModifyDBInstance", Delete: "DeleteDBInstance"},
		ID: func(c *behaviour.Call) (string, error) {
			return "db-" + strings.ToUpper(c.Digits(26)), nil
		},
		Defaults: map[string]any{
			"autoMinorVersionUpgrade": true, "copyTagsToSnapshot": false, "deleteAutomatedBackups": true,
			"deletionProtection": false, "iamDatabaseAuthenticationEnabled": false, "monitoringInterval": 0,
			"performanceInsightsEnabled": false, "publiclyAccessible": false, "skipFinalSnapshot": false,
			"storageEncrypted": false,
		},
		Computed: databaseOutputs(),
		// A replacement of a fixed identifier finds it taken: the bridge names no instance by itself, and so does
		// not know that the old one has to go first.
		ForceNew: []string{
			"availabilityZone", "backupTarget", "characterSetName", "customIamInstanceProfile", "dbName", "engine",
			"identifierPrefix", "kmsKeyId", "name", "ncharCharacterSetName",
			"restoreToPointInTime", "s3Import", "snapshotIdentifier", "storageEncrypted", "timezone", "username",
		},
		Unheeded:   smallerStorage,
		Sets:       []string{"domainDnsIps", "enabledCloudwatchLogsExports", "vpcSecurityGroupIds"},
		References: databaseReferences(),
		Unique: []behaviour.Unique{{
			Properties: []string{"identifier"},
			Taken: func(*behaviour.Call, account.Resource) error {
				return refuse("DBInstanceAlreadyExists", "DB instance already exists")
			},
		}},
		Checks: []func(*behaviour.Call) error{
			checkSimulated, restoreDatabase, checkDatabaseNames, checkMasterUser, checkDatabaseVersion, checkDatabaseClass,
			checkDatabaseFamily, checkStorage, checkStorageSpeed, checkEncryption, checkDatabasePlace, checkMovedDatabase,
			checkBackups, checkWindows, checkMonitoring, checkInsights, checkLogExports, keepLifecycleSupport,
		},
		Guards:  []func(*behaviour.Call) error{guardFinalSnapshot, guardProtection, guardSnapshotName},
		Created: settleDatabase, Updated: settleDatabase, Deleted: takeFinalSnapshot,
		Missing: missing("DBInstanceNotFound", "DBInstance %s not found."),
	}
}

// keepLifecycleSupport keeps an existing instance as it was created: RDS ignores a change without an error
// (hashicorp/terraform-provider-aws#40870).
func keepLifecycleSupport(c *behaviour.Call) error {
	if before, exists := c.Tx.Get(c.Resource.Key); exists {
		c.Resource.Outputs["engineLifecycleSupport"] = before.Outputs["engineLifecycleSupport"]
	}

	return nil
}

func databaseReferences() []behaviour.Reference {
	return []behaviour.Reference{
		{Property: "dbSubnetGroupName", Types: []string{typeDatabaseSubnetGroup}},
		{
			Property: "parameterGroupName", Types: []string{typeDatabaseParameterGroup},
			Skip: func(name string) bool { return strings.HasPrefix(name, "default.") },
		},
		{
			Property: "vpcSecurityGroupIds", Types: groupTypes(),
			Missing: missing("InvalidParameterValue", "Invalid security group , groupId= %s, groupName=."),
		},
		databaseKey("kmsKeyId"), databaseKey("performanceInsightsKmsKeyId"),
		{
			Property: "masterUserSecretKmsKeyId", Types: []string{typeKey, typeAlias}, By: []string{"id", "arn"},
			OnDelete: behaviour.Ignore, Missing: inaccessible, Skip: isServiceKey,
		},
		roleReference("monitoringRoleArn", func(string) error { return unfitForMonitoring() }),
	}
}

// databaseKey is a property that takes a key's ARN. A database whose key is deleted stays, and cannot be changed.
func databaseKey(property string) behaviour.Reference {
	return behaviour.Reference{
		Property: property, Types: []string{typeKey}, By: []string{"arn"},
		OnDelete: behaviour.Ignore, Missing: inaccessible, Skip: isServiceKey,
	}
}

// inaccessible is what RDS says of a key that is not there.
func inaccessible(arn string) error {
	return refuse("KMSKeyNotAccessibleFault", "The specified KMS key [%s] does not exist, is not enabled or you do not "+
		"have permissions to access it.", arn)
}

// isGiven says that the program gives a property, and not the account.
func isGiven(c *behaviour.Call, property string) bool {
	return c.Resource.Inputs[property] != nil
}
