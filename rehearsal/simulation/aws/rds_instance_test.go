package aws_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
)

func TestRDSInstance(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(nil)
	assert.Regexp(t, `^db-[0-9A-Z]{26}$`, made.ID)
	outputs(t, made, map[string]string{
		"identifier": "orders", "resourceId": made.ID, "status": "available",
		"arn":           "arn:aws:rds:us-east-1:123456789012:db:orders",
		"address":       `orders\.[0-9a-z]{12}\.us-east-1\.rds\.amazonaws\.com`,
		"endpoint":      made.Text("address") + ":3306",
		"hostedZoneId":  "Z[0-9A-Z]{13}",
		"engineVersion": `8\.4`, "engineVersionActual": `8\.4\.7`, "licenseModel": "general-public-license",
		"kmsKeyId": d.key.Text("arn"), "availabilityZone": "us-east-1a", "caCertIdentifier": "rds-ca-rsa2048-g1",
		"parameterGroupName": `default\.mysql8\.4`, "optionGroupName": "default:mysql-8-4", "storageType": "gp3",
		"maintenanceWindow": `sun:\d\d:\d\d-sun:\d\d:\d\d`,
	})
	assert.Regexp(t, `^\d\d:\d\d-\d\d:\d\d$`, made.Text("backupWindow"))

	for name, want := range map[string]float64{
		"port": 3306, "iops": 3000, "storageThroughput": 125, "backupRetentionPeriod": 0, "allocatedStorage": 20,
	} {
		assert.InDelta(t, want, made.Outputs[resource.PropertyKey(name)].NumberValue(), 0, name)
	}

	assert.False(t, made.Outputs["multiAz"].BoolValue())
	assert.Equal(t, made.Outputs, d.aws.Read(made).Outputs, "what was answered is what is there")

	second := d.database(in{"identifier": "users", "port": 3307, "allocatedStorage": 400, "engineVersion": "8.0.42"})
	_, host, _ := strings.Cut(made.Text("address"), ".")
	outputs(t, second, map[string]string{
		"endpoint": "users." + host + ":3307", "engineVersionActual": `8\.0\.42`, "parameterGroupName": `default\.mysql8\.0`,
	})
	assert.InDelta(t, 12000, second.Outputs["iops"].NumberValue(), 0)

	d.accepts(t, map[string]in{"a name of the provider's": {"identifier": nil}, "a prefix": {
		"identifier": nil, "identifierPrefix": "orders-",
	}})
	refuses(t, d.aws, databaseType, map[string]in{"DBInstanceAlreadyExists": d.inputs(nil)})
}

func TestRDSInstanceInAPreview(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	preview := d.aws.Preview(databaseType, "orders", d.inputs(nil))
	assert.False(t, preview.Outputs["deletionProtection"].BoolValue(), "the provider's default")
	assert.True(t, preview.Outputs["address"].IsComputed())
	assert.True(t, preview.Outputs["masterUserSecrets"].IsComputed())
	assert.Empty(t, d.Of(databaseType))

	made := d.database(nil)
	after := d.aws.PreviewUpdate(made, d.inputs(in{"instanceClass": "db.t4g.large"}))
	assert.Equal(t, made.Text("address"), after.Text("address"), "a larger class leaves the address as it is")
	assert.Equal(t, made.Outputs["masterUserSecrets"], after.Outputs["masterUserSecrets"])
}

func TestRDSInstancesChangeInPlaceOrNot(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(nil)

	for name, value := range map[string]any{
		"engine": "mariadb", "username": "other", "dbName": "other", "storageEncrypted": false, "kmsKeyId": "arn:other",
		"availabilityZone": "us-east-1a", "characterSetName": "x", "timezone": "x", "snapshotIdentifier": "x",
	} {
		assert.Equal(t, []string{name}, d.aws.Diff(made, d.inputs(in{name: value})).GetReplaces(), name)
	}

	for name, value := range map[string]any{
		"identifier": "other", "instanceClass": "db.t4g.large", "allocatedStorage": 30, "parameterGroupName": "x",
		"backupRetentionPeriod": 7, "multiAz": true, "deletionProtection": true, "engineVersion": "8.4.7",
		"dbSubnetGroupName": "x", "masterUserSecretKmsKeyId": "x", "skipFinalSnapshot": false,
	} {
		diff := d.aws.Diff(made, d.inputs(in{name: value}))
		assert.Equal(t, []string{name}, diff.GetDiffs(), name)
		assert.Empty(t, diff.GetReplaces(), name)
	}
}

func TestRDSInstanceFollowsItsInputs(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(nil)
	renamed := d.aws.Update(made, d.inputs(in{
		"identifier": "sales", "port": 3307, "allocatedStorage": 400, "multiAz": true,
		"performanceInsightsEnabled": true,
	}))
	outputs(t, renamed, map[string]string{
		"arn": ".*:db:sales", "endpoint": `sales\..*:3307`, "resourceId": made.ID,
		"performanceInsightsKmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/.*",
	})
	assert.InDelta(t, 500, renamed.Outputs["storageThroughput"].NumberValue(), 0)
	assert.InDelta(t, 7, renamed.Outputs["performanceInsightsRetentionPeriod"].NumberValue(), 0)
	assert.Equal(t, renamed.Outputs, d.aws.Read(renamed).Outputs)
	assert.Equal(t, made.Outputs["masterUserSecrets"], renamed.Outputs["masterUserSecrets"])
}
