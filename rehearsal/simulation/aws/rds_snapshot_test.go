package aws_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// finale are inputs of an instance that leaves a snapshot.
func finale(name string) in {
	return in{"skipFinalSnapshot": false, "finalSnapshotIdentifier": name}
}

func TestRDSLeavesAFinalSnapshot(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(changed(finale("orders-final"), in{"tags": in{"a": "b"}, "copyTagsToSnapshot": true}))
	require.NoError(t, d.aws.Delete(made))

	kept := d.only(t, snapshotType)
	assert.Equal(t, "orders-final", kept.ID)
	assert.Equal(t, map[string]any{"a": "b"}, kept.Outputs["tags"])
	assert.Equal(t, true, kept.Outputs["encrypted"])
	assert.Empty(t, kept.URN)
	assert.True(t, kept.Kept)
	assert.Empty(t, d.Account.Leftovers(), "it is kept on purpose")

	for name, want := range map[string]string{
		"dbSnapshotArn": "arn:aws:rds:us-east-1:123456789012:snapshot:orders-final", "dbInstanceIdentifier": "orders",
		"kmsKeyId": d.key.Text("arn"), "engineVersion": "8.4.7", "vpcId": d.vpc.ID, "snapshotType": "manual",
	} {
		assert.Equal(t, want, kept.Text(name), name)
	}

	again := d.database(finale("orders-final"))
	require.ErrorContains(t, d.aws.Delete(again), "api error DBSnapshotAlreadyExists")
	assert.NotEmpty(t, d.aws.Read(again).ID, "the instance stays")
	d.updates(t, again, "another name", "", finale("orders-final-2"))
	require.NoError(t, d.aws.Delete(again))
	assert.Len(t, d.Of(snapshotType), 2)
}

func TestRDSInstancesThatStay(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(in{"skipFinalSnapshot": nil, "deletionProtection": true})
	err := d.aws.Delete(made)
	require.ErrorContains(t, err, "= final_snapshot_identifier is required when skip_final_snapshot is false")
	assert.NotContains(t, err.Error(), "operation error", "the provider does not call")

	d.updates(t, made, "a name", "", changed(finale("last"), in{"deletionProtection": true}))
	require.ErrorContains(t, d.aws.Delete(made), "InvalidParameterCombination: Cannot delete protected DB Instance")
	assert.Empty(t, d.Of(snapshotType))
	d.updates(t, made, "no protection", "", finale("last"))
	require.NoError(t, d.aws.Delete(made))
	assert.Len(t, d.Of(snapshotType), 1)

	skipped := d.database(changed(finale("last"), in{"skipFinalSnapshot": true}))
	require.NoError(t, d.aws.Delete(skipped), "none is made, and so none is in the way")
	assert.Len(t, d.Of(snapshotType), 1)
}

func TestRDSSnapshotsOfPrograms(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	of := func(instance, name string) in {
		return in{"dbInstanceIdentifier": instance, "dbSnapshotIdentifier": name}
	}
	database := d.database(nil)
	made := d.aws.Create(snapshotType, "s", of("orders", "before"))
	assert.Equal(t, "before", made.ID)
	outputs(t, made, map[string]string{"engineVersion": `8\.4\.7`, "kmsKeyId": d.key.Text("arn"), "status": "available"})
	refuses(t, d.aws, snapshotType, map[string]in{
		"DBSnapshotAlreadyExists: Cannot create the snapshot": of("orders", "before"),
		"DBInstanceNotFound: DBInstance none not found.":      of("none", "x"),
	})
	assert.Equal(t, []string{"dbInstanceIdentifier"}, d.aws.Diff(made, of("other", "before")).GetReplaces())

	require.NoError(t, d.aws.Delete(database))

	tagged := of("orders", "before")
	tagged["tags"] = in{"a": "b"}
	d.aws.Update(made, tagged)
	require.NoError(t, d.aws.Delete(made))
}

func TestRDSRestoresASnapshot(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	require.NoError(t, d.aws.Delete(d.database(changed(finale("last"), in{"allocatedStorage": 30}))))

	from := in{
		"identifier": "restored", "instanceClass": "db.t4g.medium", "snapshotIdentifier": "last",
		"dbSubnetGroupName": d.subnets.ID, "skipFinalSnapshot": true,
	}
	with := func(change in) in { return changed(from, change) }
	made := d.aws.Create(databaseType, "restored", from)
	outputs(t, made, map[string]string{
		"engine": "mysql", "engineVersionActual": `8\.4\.7`, "username": "admin", "dbName": "orders", "storageType": "gp3",
		"kmsKeyId": d.key.Text("arn"),
	})
	assert.InDelta(t, 30, made.Outputs["allocatedStorage"].NumberValue(), 0)
	assert.True(t, made.Outputs["storageEncrypted"].BoolValue())

	other := d.aws.Create(keyType, "other", in{})
	keyed := d.aws.Create(databaseType, "keyed", with(in{
		"identifier": "keyed", "storageEncrypted": true, "kmsKeyId": other.Text("arn"), "manageMasterUserPassword": true,
	}))
	assert.Equal(t, d.key.Text("arn"), keyed.Text("kmsKeyId"), "RDS takes the snapshot's, and does not say so")
	assert.Equal(t, d.key.Text("arn"), d.aws.Read(keyed).Inputs["kmsKeyId"].StringValue(), "a refresh finds it")
	masterSecret(t, keyed)

	refuses(t, d.aws, databaseType, map[string]in{
		"DBSnapshotNotFound: DBSnapshot not found: none": with(in{
			"identifier": "x", "snapshotIdentifier": "none",
		}),
		"InvalidParameterValue: Requested storage size (29) cannot": with(in{"identifier": "x", "allocatedStorage": 29}),
	})

	renamed := maps.Clone(from)
	renamed["snapshotIdentifier"] = "arn:aws:rds:us-east-1:123456789012:snapshot:last"
	renamed["identifier"] = "by-arn"
	d.aws.Create(databaseType, "by-arn", renamed)

	require.NoError(t, d.aws.Delete(d.key))
	refuses(t, d.aws, databaseType, map[string]in{
		"KMSKeyNotAccessibleFault: The specified KMS key [arn:aws:kms": with(in{"identifier": "late"}),
	})

	gone := enginetest.Made{ID: "last", URN: enginetest.URN(snapshotType, "last")}
	require.NoError(t, d.aws.Delete(gone), "a snapshot of no use can go")
}

// The fault for which an instance has one zone where two were asked for.
func TestRDSInstanceThatLacksItsSecondZone(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	d.Engine = enginetest.StartOn(t, d.Account, "lack create "+databaseType+" multiAz")
	d.aws = d.AWS("us-east-1")

	made := d.database(in{"multiAz": true})
	assert.True(t, made.Outputs["multiAz"].BoolValue(), "the answer says nothing")

	found := d.aws.Read(made)
	assert.False(t, found.Outputs["multiAz"].BoolValue())
	assert.Equal(t, []string{"multiAz"}, d.aws.Diff(found, d.inputs(in{"multiAz": true})).GetDiffs())
	assert.Equal(t, d.only(t, secretType).ID, masterSecret(t, found)["secretArn"].StringValue(), "nothing else is missing")

	d.updates(t, found, "the second try", "", in{"multiAz": true})
	assert.True(t, d.aws.Read(made).Outputs["multiAz"].BoolValue())
}
