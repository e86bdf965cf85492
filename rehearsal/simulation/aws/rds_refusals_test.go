package aws_test

import (
	"strings"
	"testing"
)

func TestRDSInstancesThatAWSRefuses(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	d.refuses(t, map[string]in{
		"InvalidParameterCombination: You can't specify MasterUserPassword": {"password": "long enough"},
		"InvalidParameterValue: The parameter MasterUserPassword must be provided": {
			"manageMasterUserPassword": false,
		},
		"InvalidParameterValue: The parameter MasterUserPassword is not a valid password because it is shorter": {
			"manageMasterUserPassword": nil, "password": "1234567",
		},
		"InvalidParameterValue: The parameter MasterUserPassword is not a valid password. Only": {
			"manageMasterUserPassword": nil, "password": "1234567@",
		},
		"InvalidParameterCombination: You must enable ManageMasterUserPassword": {
			"manageMasterUserPassword": nil, "password": "12345678", "masterUserSecretKmsKeyId": d.key.ID,
		},
		"InvalidParameterValue: MasterUsername rdsadmin cannot be used": {"username": "rdsadmin"},
		"InvalidParameterValue: The parameter MasterUsername":           {"username": "1admin"},
		"InvalidParameterValue: DBName must begin with a letter":        {"dbName": "my-orders"},
		"InvalidParameterValue: Invalid backup retention period: 36":    {"backupRetentionPeriod": 36},
		"InvalidParameterValue: Invalid backup retention period: -1":    {"backupRetentionPeriod": -1},
		"InvalidParameterValue: Invalid database port: 1149":            {"port": 1149},
		"CertificateNotFound": {"caCertIdentifier": "rds-ca-2019"},
		"InvalidParameterValue: The parameter DBInstanceIdentifier is not": {"identifier": strings.Repeat("a", 64)},
		"InvalidParameterCombination: You cannot use the log types 'trace'": {
			"enabledCloudwatchLogsExports": []any{"trace"},
		},
		"InvalidParameterCombination: A KMS key can be specified only for an": {"storageEncrypted": false},
		"KMSKeyNotAccessibleFault: The specified KMS key [" + d.key.ID + "]":  {"kmsKeyId": d.key.ID},
		"KMSKeyNotAccessibleFault: The specified KMS key [alias/none]":        {"masterUserSecretKmsKeyId": "alias/none"},
		"KMSKeyNotAccessibleFault: The specified KMS key [arn:insights]": {
			"performanceInsightsEnabled": true, "performanceInsightsKmsKeyId": "arn:insights",
		},
	})
	d.accepts(t, map[string]in{
		"a password":              {"manageMasterUserPassword": nil, "password": "12345678"},
		"a user of other letters": {"username": "root_2"},
		"no database":             {"dbName": nil},
		"underscores":             {"dbName": "my_orders"},
		"the longest backups":     {"backupRetentionPeriod": 35},
		"the lowest port":         {"port": 1150},
		"another authority":       {"caCertIdentifier": "rds-ca-ecc384-g1"},
		"the longest identifier":  {"identifier": strings.Repeat("a", 63)},
		"all logs": {"enabledCloudwatchLogsExports": []any{
			"audit", "error", "general", "iam-db-auth-error", "slowquery",
		}},
		"no encryption":          {"storageEncrypted": false, "kmsKeyId": nil},
		"AWS's own key":          {"kmsKeyId": nil},
		"a key for the insights": {"performanceInsightsEnabled": true, "performanceInsightsKmsKeyId": d.key.Text("arn")},
	})
}

func TestRDSInstancesThatTheProviderRefuses(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	d.declines(t, map[string]in{
		`"allocated_storage": required field is not set`:             {"allocatedStorage": nil},
		`"engine": required field is not set`:                        {"engine": nil},
		`"username": required field is not set`:                      {"username": nil},
		`"identifier": conflicts with identifier_prefix`:             {"identifierPrefix": "x"},
		`engine "postgres" of RDS DB Instances is not simulat`:       {"engine": "postgres"},
		`replicateSourceDb of RDS DB Instances is not simulat`:       {"replicateSourceDb": "orders"},
		`only lowercase alphanumeric characters`:                     {"identifier": "Orders"},
		`allowed in "identifier"`:                                    {"identifier": "orders--a"},
		`allowed in "final_snapshot_identifier"`:                     {"finalSnapshotIdentifier": "orders-"},
		`backupWindow must satisfy the format of "hh24:mi-hh24:mi"`:  {"backupWindow": "3-4"},
		`maintenanceWindow must satisfy the format of "ddd:hh24:mi-`: {"maintenanceWindow": "03:00-04:00"},
	})
	d.accepts(t, map[string]in{
		"digits and hyphens": {"identifier": "orders-2-a", "finalSnapshotIdentifier": "Orders-Final"},
		"a day in capitals":  {"maintenanceWindow": "Sun:03:00-Sun:04:00"},
	})
}
