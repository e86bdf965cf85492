package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// finale are the inputs of an instance that leaves a final snapshot.
func finale(name string) in {
	return in{"skipFinalSnapshot": false, "finalSnapshotIdentifier": name}
}

func TestRDSFinalSnapshots(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	require.NoError(t, d.aws.Delete(d.database(finale("orders-final"))))

	kept := d.only(t, snapshotType)
	assert.Equal(t, "orders-final", kept.ID)
	assert.Equal(t, d.key.Text("arn"), kept.Text("kmsKeyId"))
	assert.True(t, kept.Kept)
	assert.Empty(t, d.Account.Leftovers(), "it is kept on purpose")

	again := d.database(finale("orders-final"))
	require.ErrorContains(t, d.aws.Delete(again), "api error DBSnapshotAlreadyExists")
	assert.NotEmpty(t, d.aws.Read(again).ID, "the instance remains")
	updates(t, d.aws, again, "", d.inputs(finale("orders-final-2")))
	require.NoError(t, d.aws.Delete(again))
	assert.Len(t, d.Of(snapshotType), 2)
}

func TestRDSRefusesToDeleteProtectedInstances(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(in{"skipFinalSnapshot": nil, "deletionProtection": true})
	err := d.aws.Delete(made)
	require.ErrorContains(t, err, "= final_snapshot_identifier is required when skip_final_snapshot is false")
	assert.NotContains(t, err.Error(), "operation error", "AWS is not called")

	updates(t, d.aws, made, "", d.inputs(changed(finale("last"), in{"deletionProtection": true})))
	require.ErrorContains(t, d.aws.Delete(made), "InvalidParameterCombination: Cannot delete protected DB Instance")
	assert.Empty(t, d.Of(snapshotType))
	updates(t, d.aws, made, "", d.inputs(finale("last")))
	require.NoError(t, d.aws.Delete(made))
}

// The database's last log lines arrive after its deletion, and create the log groups again.
func TestRDSRecreatesItsLogGroups(t *testing.T) {
	t.Parallel()

	const errorLog = "/aws/rds/instance/orders/error"

	d := newDatabases(t)
	logs := d.aws.Create(logType, "error", in{"name": errorLog, "retentionInDays": 7})
	made := d.database(in{
		"enabledCloudwatchLogsExports": []any{"error", "slowquery"},
		"monitoringInterval":           60, "monitoringRoleArn": d.monitoring.Text("arn"),
	})

	var names []string
	for _, left := range d.Account.Leftovers() {
		names = append(names, left.ID)
	}

	assert.Equal(t, []string{"/aws/rds/instance/orders/slowquery", "RDSOSMetrics"}, names, "the other is the program's")
	assert.InDelta(t, 7, d.found(t, logType, errorLog).Outputs["retentionInDays"], 0)

	require.NoError(t, d.aws.Delete(made))
	require.NoError(t, d.aws.Delete(logs))
	assert.Len(t, d.Account.Leftovers(), 3)
}

func TestRDSInstancesProtectTheirNetwork(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	require.NoError(t, d.aws.Delete(d.association))

	made := d.database(in{"enabledCloudwatchLogsExports": []any{"error"}})
	unused := d.aws.Create(subnetType, "unused", in{
		"vpcId": d.vpc.ID, "cidrBlock": "10.0.9.0/24", "availabilityZone": "us-east-1c",
	})
	free := d.aws.Create(dbSubnetsType, "free", in{"name": "free", "subnetIds": []any{unused.ID, d.second.ID}})

	for _, held := range []enginetest.Made{d.second, d.group} {
		require.ErrorContains(t, d.aws.Delete(held), "DependencyViolation")
	}

	require.NoError(t, d.aws.Delete(unused), "a group without instances keeps no subnet")
	require.ErrorContains(t, d.aws.Delete(d.subnets), "InvalidDBSubnetGroupStateFault: Cannot delete the subnet "+
		"group 'db' because at least one database instance: orders is still using it.")
	require.ErrorContains(t, d.aws.Delete(d.parameters), "InvalidDBParameterGroupState")
	require.NoError(t, d.aws.Delete(free))

	require.NoError(t, d.aws.Delete(d.key), "the instance does not protect its key")
	updates(t, d.aws, made, "KMSKeyNotAccessibleFault", d.inputs(in{"multiAz": true}))

	require.NoError(t, d.aws.Delete(made))
	require.NoError(t, d.aws.Delete(d.group))
	require.NoError(t, d.aws.Delete(d.subnets))
}

// With the fault, an instance has one zone although the program requests two.
func TestRDSInstancesWithOneZone(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	d.Engine = enginetest.StartOn(t, d.Account, "lack create "+databaseType+" multiAz")
	d.aws = d.AWS("us-east-1")

	made := d.database(in{"multiAz": true})
	assert.True(t, made.Outputs["multiAz"].BoolValue(), "the response does not contain it")

	found := d.aws.Read(made)
	assert.False(t, found.Outputs["multiAz"].BoolValue())
	assert.Equal(t, []string{"multiAz"}, d.aws.Diff(found, d.inputs(in{"multiAz": true})).GetDiffs())
	updates(t, d.aws, found, "", d.inputs(in{"multiAz": true}))
	assert.True(t, d.aws.Read(made).Outputs["multiAz"].BoolValue())
}

func TestRDSSubnetGroups(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	outputs(t, d.subnets, map[string]string{
		"arn": "arn:aws:rds:us-east-1:123456789012:subgrp:db", "vpcId": d.vpc.ID, "description": "Managed by Pulumi",
	})

	third := d.aws.Create(subnetType, "third", in{
		"vpcId": d.vpc.ID, "cidrBlock": "10.0.5.0/24", "availabilityZone": "us-east-1a",
	})
	group := func(name string, subnets ...any) in { return in{"name": name, "subnetIds": subnets} }
	refuses(t, d.aws, dbSubnetsType, map[string]in{
		"DBSubnetGroupAlreadyExists: The DB subnet group 'db'":        group("db", d.subnet.ID, d.second.ID),
		"InvalidSubnet: Some input subnets in :[subnet-" + absent:     group("x", d.subnet.ID, "subnet-"+absent),
		"DBSubnetGroupDoesNotCoverEnoughAZs: The DB subnet group doe": group("x", third.ID, d.second.ID),
	})
	accepts(t, d.aws, dbSubnetsType, map[string]in{
		"three subnets": group("a.b_c d-1", d.subnet.ID, d.second.ID, third.ID),
		"a prefix":      {"namePrefix": "db-", "subnetIds": []any{d.subnet.ID, d.second.ID}},
	})
	declines(t, d.aws, dbSubnetsType, map[string]in{"name: got DB": group("DB", d.subnet.ID, d.second.ID)})

	d.database(nil)
	assert.Equal(t, []string{"name"}, d.aws.Diff(d.subnets, group("x", d.second.ID, d.subnet.ID)).GetReplaces())
	wide := d.aws.Update(d.subnets, group("db", d.subnet.ID, d.second.ID, third.ID))
	updates(t, d.aws, wide, "SubnetAlreadyInUse", group("db", d.subnet.ID, third.ID))
}

func TestRDSParameterGroups(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	parameter := func(name, value, method string) in {
		given := changed(in{"name": name, "value": value, "applyMethod": method}, nil)
		if method == "" {
			delete(given, "applyMethod")
		}

		return in{"name": "x", "family": "mysql8.4", "parameters": []any{given}}
	}
	refuses(t, d.aws, parametersType, map[string]in{
		"DBParameterGroupAlreadyExists":                                      {"name": "db", "family": "mysql8.4"},
		"InvalidParameterValue: The parameter server_id cannot be":           parameter("server_id", "1", ""),
		"InvalidParameterValue: Invalid parameter value: 2 for: slow_query":  parameter("slow_query_log", "2", ""),
		"InvalidParameterValue: Invalid parameter value: 0 for: max_conn":    parameter("max_connections", "0", ""),
		"InvalidParameterValue: Invalid parameter value: many for: max_con":  parameter("max_connections", "many", ""),
		"InvalidParameterValue: Invalid parameter value: RAW for: binlog_f":  parameter("binlog_format", "RAW", ""),
		"InvalidParameterCombination: cannot use immediate apply method for": parameter("performance_schema", "1", ""),
		"parameters[0].applyMethod: got later":                               parameter("slow_query_log", "1", "later"),
	})
	declines(t, d.aws, parametersType, map[string]in{
		"family mysql9 is not simulated": {"family": "mysql9"},
		"name: got p--a":                 {"name": "p--a", "family": "mysql8.4"},
	})

	made := d.aws.Create(parametersType, "x", parameter("slow_query_log", "1", ""))
	for _, inputs := range []in{
		parameter("max_connections", "100000", "immediate"), parameter("unknown_to_the_facts", "1", ""),
		parameter("max_connections", "GREATEST({DBInstanceClassMemory/12582880},50)", ""),
		parameter("performance_schema", "1", "pending-reboot"), parameter("tls_version", "TLSv1.2,TLSv1.3", "pending-reboot"),
		parameter("character_set_server", "utf8mb4", ""), parameter("long_query_time", "0.5", ""),
	} {
		updates(t, d.aws, made, "", inputs)
	}
}

// Without applyImmediately, the account keeps its value until the maintenance window, and a refresh finds it.
func TestChangesOfStoresWaitForTheMaintenanceWindow(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(nil)
	larger := in{"instanceClass": "db.t4g.large", "multiAz": true, "backupWindow": "01:00-01:30"}
	later := d.inputs(changed(larger, in{"applyImmediately": false}))
	waiting := d.aws.Update(made, later)
	outputs(t, waiting, map[string]string{"instanceClass": "db.t4g.medium", "backupWindow": "01:00-01:30"})
	assert.Equal(t, []string{"instanceClass", "multiAz"}, d.aws.Diff(d.aws.Read(waiting), later).GetDiffs())
	assert.Equal(t, "db.t4g.large", d.aws.Update(waiting, d.inputs(larger)).Text("instanceClass"))
	updates(t, d.aws, made, "InvalidParameterCombination: Cannot upgrade mysql", d.inputs(in{
		"applyImmediately": false, "engineVersion": "8.4.3",
	}))

	c := newCaches(t)
	waiting = c.aws.Update(c.cache(nil), c.inputs(in{
		"applyImmediately": false, "nodeType": "cache.m7g.large", "numCacheClusters": 3,
	}))
	assert.Equal(t, "cache.t4g.micro", waiting.Text("nodeType"))
	assert.InDelta(t, 3, waiting.Outputs["numCacheClusters"].NumberValue(), 0, "the provider adds nodes at once")
}
