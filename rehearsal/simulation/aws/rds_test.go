package aws_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	databaseType   = "aws:rds/instance:Instance"
	parametersType = "aws:rds/parameterGroup:ParameterGroup"
	snapshotType   = "aws:rds/snapshot:Snapshot"
	dbSubnetsType  = "aws:rds/subnetGroup:SubnetGroup"
	secretType     = "aws:secretsmanager/secret:Secret"
)

// databases is a site with the resources that a database requires.
type databases struct {
	*site

	subnets, key, parameters, monitoring enginetest.Made
}

func newDatabases(t *testing.T) *databases {
	t.Helper()
	d := &databases{site: newSite(t)}
	d.subnets = d.aws.Create(dbSubnetsType, "db", in{"name": "db", "subnetIds": []any{d.subnet.ID, d.second.ID}})
	d.key = d.aws.Create(keyType, "db", in{})
	d.parameters = d.aws.Create(parametersType, "db", in{"name": "db", "family": "mysql8.4"})
	d.monitoring = d.role("monitoring", "monitoring.rds.amazonaws.com", "sts:AssumeRole",
		"service-role/AmazonRDSEnhancedMonitoringRole")

	return d
}

// inputs are those of a database named orders, with changes.
func (d *databases) inputs(change in) in {
	return changed(in{
		"identifier": "orders", "engine": "mysql", "engineVersion": "8.4", "instanceClass": "db.t4g.medium",
		"allocatedStorage": 20, "storageType": "gp3", "storageEncrypted": true, "kmsKeyId": d.key.Text("arn"),
		"username": "admin", "dbName": "orders", "parameterGroupName": d.parameters.ID,
		"manageMasterUserPassword": true, "masterUserSecretKmsKeyId": d.key.Text("arn"),
		"dbSubnetGroupName": d.subnets.ID, "vpcSecurityGroupIds": []any{d.group.ID}, "skipFinalSnapshot": true,
		"applyImmediately": true,
	}, change)
}

func (d *databases) database(change in) enginetest.Made {
	return d.aws.Create(databaseType, "orders", d.inputs(change))
}

// only is the one resource of a type.
func (d *databases) only(t *testing.T, token string) account.Resource {
	t.Helper()
	require.Len(t, d.Of(token), 1)

	return d.Of(token)[0]
}

func TestRDSInstance(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	preview := d.aws.Preview(databaseType, "orders", d.inputs(nil))
	assert.True(t, preview.Outputs["address"].IsComputed())

	made := d.database(nil)
	assert.Regexp(t, `^db-[0-9A-Z]{26}$`, made.ID)
	outputs(t, made, map[string]string{
		"resourceId": made.ID, "arn": "arn:aws:rds:us-east-1:123456789012:db:orders",
		"address":  `orders\.[0-9a-z]{12}\.us-east-1\.rds\.amazonaws\.com`,
		"endpoint": made.Text("address") + ":3306", "engineVersionActual": `8\.4\.7`, "availabilityZone": "us-east-1a",
	})
	assert.Equal(t, made.Outputs, d.aws.Read(made).Outputs)

	after := d.aws.PreviewUpdate(made, d.inputs(in{"instanceClass": "db.t4g.large"}))
	assert.Equal(t, made.Text("address"), after.Text("address"), "a larger class keeps the address")

	renamed := d.aws.Update(made, d.inputs(in{"identifier": "sales", "port": 3307, "allocatedStorage": 400}))
	outputs(t, renamed, map[string]string{"arn": ".*:db:sales", "endpoint": `sales\..*:3307`, "resourceId": made.ID})
	refuses(t, d.aws, databaseType, map[string]in{"DBInstanceAlreadyExists": d.inputs(in{"identifier": "sales"})})

	for name, value := range map[string]any{"username": "other", "dbName": "other", "kmsKeyId": "arn:other"} {
		assert.Equal(t, []string{name}, d.aws.Diff(made, d.inputs(in{name: value})).GetReplaces(), name)
	}
}

func TestRDSRefusals(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	untrusted := d.role("untrusted", "rds.amazonaws.com", "sts:AssumeRole", "service-role/AmazonRDSEnhancedMonitoringRole")
	idle := d.role("idle", "monitoring.rds.amazonaws.com", "sts:AssumeRole", "ReadOnlyAccess")
	monitored := func(interval int, role string) in {
		return in{"monitoringInterval": interval, "monitoringRoleArn": role}
	}

	refuses(t, d.aws, databaseType, complete(d.inputs, map[string]in{
		"username: got 1admin":                                        {"username": "1admin"},
		"dbName: got my-orders":                                       {"dbName": "my-orders"},
		"backupRetentionPeriod: got 36":                               {"backupRetentionPeriod": 36},
		"port: got 1149":                                              {"port": 1149},
		"allocatedStorage: got 19":                                    {"allocatedStorage": 19},
		"InvalidParameterCombination: Max storage size must be":       {"maxAllocatedStorage": 19},
		"enabledCloudwatchLogsExports[0]: got trace, expected one of": {"enabledCloudwatchLogsExports": []any{"trace"}},
		"kmsKeyId: got ":                                              {"kmsKeyId": d.key.ID},
		"engineVersion: got 8, expected":                              {"engineVersion": "8"},
		"instanceClass: got db.t2.micro":                              {"instanceClass": "db.t2.micro"},
		"instanceClass: got t4g.micro":                                {"instanceClass": "t4g.micro"},
		"DBSubnetGroupNotFoundFault: DB subnet group 'none'":          {"dbSubnetGroupName": "none"},
		"DBSubnetGroupNotFoundFault: DB subnet group 'default'":       {"dbSubnetGroupName": nil},
		"InvalidParameterValue: Invalid security group":               {"vpcSecurityGroupIds": []any{"sg-" + absent}},
		"monitoringInterval: got 7":                                   monitored(7, d.monitoring.Text("arn")),
		"InvalidParameterValue: IAM role ARN value is invalid or doe": monitored(60, untrusted.Text("arn")),
		"InvalidParameterValue: IAM role ARN value is invalid":        monitored(60, idle.Text("arn")),
		"InvalidParameterValue: IAM role ARN value":                   monitored(60, person),
	}))
	declines(t, d.aws, databaseType, complete(d.inputs, map[string]in{
		"identifier: got nothing":                       {"identifier": nil},
		"identifier: got Orders":                        {"identifier": "Orders"},
		"identifier: got " + "aaa":                      {"identifier": strings.Repeat("a", 64)},
		"engine postgres is not simulated":              {"engine": "postgres"},
		"storageType gp2 is not simulated":              {"storageType": "gp2"},
		"replicateSourceDb is not simulated: remove it": {"replicateSourceDb": "orders"},
	}))
	acceptsEach(t, d.aws, databaseType, complete(d.inputs, map[string]in{
		"a patch": {"engineVersion": "8.4.6"}, "the longest backups": {"backupRetentionPeriod": 35},
		"r8g": {"instanceClass": "db.r8g.48xlarge"}, "all logs": {"enabledCloudwatchLogsExports": []any{"audit", "error"}},
		"both zones": {"multiAz": true}, "monitored": monitored(60, d.monitoring.Text("arn")),
		"the longest identifier": {"identifier": strings.Repeat("a", 63)},
	}))

	_, err := d.aws.TryCreate(databaseType, "x", d.inputs(in{"password": "hunter2"}))
	require.ErrorContains(t, err, "password is not simulated")
	assert.NotContains(t, err.Error(), "hunter2")
	assert.Empty(t, d.Of(databaseType))
}

func TestRDSVersionsAndStorageNeverShrink(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(in{"engineVersion": "8.4.5", "allocatedStorage": 30})
	updates(t, d.aws, made, "InvalidParameterCombination: Cannot upgrade mysql from 8.4.5 to 8.4.4",
		d.inputs(in{"engineVersion": "8.4.4", "allocatedStorage": 30}))
	updates(t, d.aws, made, "InvalidParameterValue: Requested storage size (29)", d.inputs(in{"allocatedStorage": 29}))
	updates(t, d.aws, made, "", d.inputs(in{"allocatedStorage": 30}))
	assert.Equal(t, "8.4.5", d.aws.Read(made).Text("engineVersionActual"), "the minor version matches the running one")
	updates(t, d.aws, made, "", d.inputs(in{"engineVersion": "8.4.6", "allocatedStorage": 31}))
	assert.Equal(t, "8.4.6", d.aws.Read(made).Text("engineVersionActual"))
}

// If storage may grow, the provider assumes that a disk larger than the program's size has grown.
func TestRDSStorageGrowsAutomatically(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	sizes := func(asked, most int) in {
		return d.inputs(in{"allocatedStorage": asked, "maxAllocatedStorage": most})
	}
	made := d.database(in{"allocatedStorage": 30, "maxAllocatedStorage": 100})

	for name, test := range map[string]struct {
		inputs in
		want   []string
	}{
		"less":                {sizes(20, 100), nil},
		"as much":             {sizes(30, 100), nil},
		"more":                {sizes(31, 100), []string{"allocatedStorage"}},
		"less, and no growth": {d.inputs(in{"allocatedStorage": 20}), []string{"allocatedStorage", "maxAllocatedStorage"}},
		"less, and a limit":   {sizes(20, 50), []string{"maxAllocatedStorage"}},
	} {
		assert.Equal(t, test.want, d.aws.Diff(made, test.inputs).GetDiffs(), name)
	}

	limited := sizes(20, 50)
	assert.InDelta(t, 30, d.aws.PreviewUpdate(made, limited).Outputs["allocatedStorage"].NumberValue(), 0)

	updated := d.aws.Update(made, limited)
	assert.InDelta(t, 30, updated.Outputs["allocatedStorage"].NumberValue(), 0, "the disk keeps its size")
	assert.Empty(t, d.aws.Diff(d.aws.Read(updated), limited).GetDiffs(), "a refresh finds no difference")
	updates(t, d.aws, updated, "InvalidParameterCombination: Max storage size", sizes(20, 25))
}

// RDS ignores the change, without an error (hashicorp/terraform-provider-aws#40870).
func TestExtendedSupportIsSetAtCreationOnly(t *testing.T) {
	t.Parallel()

	const declined = "open-source-rds-extended-support-disabled"

	d := newDatabases(t)
	enrolled := d.database(nil)
	updates(t, d.aws, enrolled, "", d.inputs(in{"engineLifecycleSupport": declined}))
	assert.Equal(t, "open-source-rds-extended-support", d.aws.Read(enrolled).Text("engineLifecycleSupport"))

	other := d.database(in{"identifier": "other", "engineLifecycleSupport": declined})
	assert.Equal(t, declined, other.Text("engineLifecycleSupport"))
}

func TestRDSManagesTheMasterPassword(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(nil)
	secrets, kept := made.Outputs["masterUserSecrets"].ArrayValue(), d.only(t, secretType)
	require.Len(t, secrets, 1)
	assert.Regexp(t, `^arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-[0-9a-f-]{36}-[0-9a-f]{6}$`, kept.ID)
	assert.Equal(t, kept.ID, secrets[0].ObjectValue()["secretArn"].StringValue())
	assert.Equal(t, d.key.Text("arn"), secrets[0].ObjectValue()["kmsKeyId"].StringValue())
	assert.Equal(t, "admin", kept.Private["username"])

	password := kept.Private["password"]
	assert.GreaterOrEqual(t, len(password), 28)

	shown := d.aws.Read(enginetest.Made{ID: kept.ID, URN: enginetest.URN(secretType, "s")})
	assert.Equal(t, kept.ID, shown.Text("arn"))

	for _, answer := range []resource.PropertyMap{made.Outputs, d.aws.Read(made).Outputs, shown.Outputs, shown.Inputs} {
		assert.NotContains(t, resource.NewObjectProperty(answer).String(), password)
	}

	updated := d.aws.Update(made, d.inputs(in{"multiAz": true}))
	assert.Equal(t, made.Outputs["masterUserSecrets"], updated.Outputs["masterUserSecrets"])
	require.NoError(t, d.aws.Delete(made))
	assert.Empty(t, d.Of(secretType))
	declines(t, d.aws, secretType, map[string]in{"that a program creates are not simulated": {"name": "x"}})
}
