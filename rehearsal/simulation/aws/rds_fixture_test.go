package aws_test

import (
	"testing"

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

// databases is a site with what a database needs before it.
type databases struct {
	*site

	subnets, key, monitoring enginetest.Made
}

func newDatabases(t *testing.T) *databases {
	t.Helper()
	d := &databases{site: newSite(t)}
	d.subnets = d.aws.Create(dbSubnetsType, "db", in{"name": "db", "subnetIds": []any{d.subnet.ID, d.second.ID}})
	d.key = d.aws.Create(keyType, "db", in{})
	d.monitoring = d.role("monitoring", "monitoring.rds.amazonaws.com", "sts:AssumeRole",
		"service-role/AmazonRDSEnhancedMonitoringRole")

	return d
}

// inputs are those of a database named orders, with changes; nil takes a property away.
func (d *databases) inputs(change in) in {
	inputs := changed(in{
		"identifier": "orders", "engine": "mysql", "engineVersion": "8.4", "instanceClass": "db.t4g.medium",
		"allocatedStorage": 20, "storageType": "gp3", "storageEncrypted": true, "kmsKeyId": d.key.Text("arn"),
		"username": "admin", "manageMasterUserPassword": true, "dbName": "orders",
		"dbSubnetGroupName": d.subnets.ID, "vpcSecurityGroupIds": []any{d.group.ID}, "skipFinalSnapshot": true,
	}, change)
	for name, value := range inputs {
		if value == nil {
			delete(inputs, name)
		}
	}

	return inputs
}

func (d *databases) database(change in) enginetest.Made {
	return d.aws.Create(databaseType, "orders", d.inputs(change))
}

// refuses tries to make a database with each change, which AWS refuses; nothing is made.
func (d *databases) refuses(t *testing.T, cases map[string]in) {
	t.Helper()

	complete := map[string]in{}
	for want, change := range cases {
		complete[want] = d.inputs(change)
	}

	refuses(t, d.aws, databaseType, complete)
	assert.Empty(t, d.Of(databaseType))
}

// accepts makes a database with each change, and deletes it again.
func (d *databases) accepts(t *testing.T, cases map[string]in) {
	t.Helper()

	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			made, err := d.aws.TryCreate(databaseType, "accepted", d.inputs(change))
			require.NoError(t, err)
			require.NoError(t, d.aws.Delete(made))
		})
	}
}

// declines tries to make a database with each change, which the provider itself refuses.
func (d *databases) declines(t *testing.T, cases map[string]in) {
	t.Helper()

	for want, change := range cases {
		t.Run(want, func(t *testing.T) {
			_, err := d.aws.TryCreate(databaseType, "declined", d.inputs(change))
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), "operation error", "nobody called RDS")
		})
	}
}

// updates wants each change of a database to be refused, or where want is empty to be made.
func (d *databases) updates(t *testing.T, made enginetest.Made, name, want string, change in) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		_, err := d.aws.TryUpdate(made, d.inputs(change))
		if want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, "api error "+want)
		}
	})
}

// only is the one resource of a type.
func (d *databases) only(t *testing.T, token string) account.Resource {
	t.Helper()
	require.Len(t, d.Of(token), 1)

	return d.Of(token)[0]
}
