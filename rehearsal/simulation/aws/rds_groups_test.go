package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRDSSubnetGroups(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	outputs(t, d.subnets, map[string]string{
		"arn": "arn:aws:rds:us-east-1:123456789012:subgrp:db", "vpcId": d.vpc.ID, "description": "Managed by Pulumi",
	})

	beside := d.aws.Create(subnetType, "beside", in{
		"vpcId": d.vpc.ID, "cidrBlock": "10.0.5.0/24", "availabilityZone": "us-east-1a",
	})
	other := d.aws.Create(vpcType, "other", in{"cidrBlock": "10.1.0.0/16"})
	far := d.aws.Create(subnetType, "far", in{
		"vpcId": other.ID, "cidrBlock": "10.1.1.0/24", "availabilityZone": "us-east-1c",
	})
	group := func(name string, subnets ...any) in { return in{"name": name, "subnetIds": subnets} }
	refuses(t, d.aws, dbSubnetsType, map[string]in{
		"DBSubnetGroupAlreadyExists: The DB subnet group 'db'":        group("db", d.subnet.ID, d.second.ID),
		"InvalidSubnet: Some input subnets in :[subnet-" + absent:     group("x", d.subnet.ID, "subnet-"+absent),
		"InvalidSubnet: The requested subnets are not all":            group("x", d.subnet.ID, far.ID),
		"DBSubnetGroupDoesNotCoverEnoughAZs: The DB subnet group doe": group("x", beside.ID, d.second.ID),
	})
	accepts(t, d.aws, dbSubnetsType, map[string]in{
		"three subnets":   group("a.b_c d-1", d.subnet.ID, d.second.ID, beside.ID),
		"Of-the-provider": {"subnetIds": []any{d.subnet.ID, d.second.ID}},
		"a prefix":        {"namePrefix": "db-", "subnetIds": []any{d.subnet.ID, d.second.ID}},
	})

	for _, name := range []string{"DB", "default", "a/b"} {
		_, err := d.aws.TryCreate(dbSubnetsType, "x", group(name, d.subnet.ID, d.second.ID))
		require.ErrorContains(t, err, `allowed`, name)
	}

	assert.Equal(t, []string{"name"}, d.aws.Diff(d.subnets, group("x", d.second.ID, d.subnet.ID)).GetReplaces())
}

func TestRDSSubnetGroupKeepsWhatIsInUse(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	third := d.aws.Create(subnetType, "third", in{
		"vpcId": d.vpc.ID, "cidrBlock": "10.0.5.0/24", "availabilityZone": "us-east-1c",
	})
	group := func(subnets ...any) in { return in{"name": "db", "subnetIds": subnets} }
	wide := d.aws.Update(d.subnets, group(d.subnet.ID, d.second.ID, third.ID))
	made := d.database(in{"availabilityZone": "us-east-1b"})

	_, err := d.aws.TryUpdate(wide, group(d.second.ID, third.ID))
	require.ErrorContains(t, err, "api error SubnetAlreadyInUse")

	narrow := d.aws.Update(wide, group(d.subnet.ID, third.ID))
	require.ErrorContains(t, d.aws.Delete(d.subnet), "DependencyViolation")
	require.NoError(t, d.aws.Delete(made))
	d.aws.Update(narrow, group(d.second.ID, third.ID))
}

func TestRDSParameterGroups(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	parameter := func(name, value, method string) in {
		given := in{"name": name, "value": value}
		if method != "" {
			given["applyMethod"] = method
		}

		return in{"name": "x", "family": "mysql8.4", "parameters": []any{given}}
	}
	group := d.aws.Create(parametersType, "p", in{"name": "p", "family": "mysql8.4"})
	outputs(t, group, map[string]string{
		"arn": "arn:aws:rds:us-east-1:123456789012:pg:p", "description": "Managed by Pulumi",
	})
	refuses(t, d.aws, parametersType, map[string]in{
		"DBParameterGroupAlreadyExists":                                      {"name": "p", "family": "mysql8.4"},
		"InvalidParameterValue: ParameterGroupFamily mysql9 is not":          {"family": "mysql9"},
		"InvalidParameterValue: Could not find parameter with name: nothing": parameter("nothing", "1", ""),
		"InvalidParameterValue: The parameter server_id cannot be":           parameter("server_id", "1", ""),
		"InvalidParameterValue: Invalid parameter value: 2 for: slow_query":  parameter("slow_query_log", "2", ""),
		"InvalidParameterValue: Invalid parameter value: 0 for: max_conn":    parameter("max_connections", "0", ""),
		"InvalidParameterValue: Invalid parameter value: many for: max_con":  parameter("max_connections", "many", ""),
		"InvalidParameterValue: Invalid parameter value: RAW for: binlog_f":  parameter("binlog_format", "RAW", ""),
		"InvalidParameterCombination: cannot use immediate apply method for": parameter("performance_schema", "1", ""),
		"InvalidParameterValue: Invalid ApplyMethod: later":                  parameter("slow_query_log", "1", "later"),
		"InvalidParameterValue: Invalid parameter value: READ for":           parameter("transaction_isolation", "READ", ""),
	})
	accepts(t, d.aws, parametersType, map[string]in{
		"Of-the-provider": {"family": "mysql8.0"}, "a prefix": {"family": "mysql8.4", "namePrefix": "p-"},
	})

	made := d.aws.Create(parametersType, "x", parameter("slow_query_log", "1", ""))
	for _, inputs := range []in{
		parameter("max_connections", "100000", "immediate"),
		parameter("max_connections", "{DBInstanceClassMemory/12582880}", ""),
		parameter("max_connections", "GREATEST({DBInstanceClassMemory/12582880},50)", ""),
		parameter("performance_schema", "1", "pending-reboot"), parameter("tls_version", "TLSv1.2,TLSv1.3", "pending-reboot"),
		parameter("transaction_isolation", "READ-COMMITTED", ""), parameter("character_set_server", "utf8mb4", ""),
		parameter("long_query_time", "0.5", ""),
	} {
		_, err := d.aws.TryUpdate(made, inputs)
		require.NoError(t, err)
	}

	for _, name := range []string{"P", "p--a", "p-", "1p"} {
		_, err := d.aws.TryCreate(parametersType, "x", in{"name": name, "family": "mysql8.4"})
		require.ErrorContains(t, err, `allowed in parameter group "name"`, name)
	}

	assert.Equal(t, []string{"family"}, d.aws.Diff(group, in{"name": "p", "family": "mysql8.0"}).GetReplaces())
}

func TestRDSInstanceKeepsItsParameterGroup(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	old := d.aws.Create(parametersType, "old", in{"name": "old", "family": "mysql8.0"})
	group := d.aws.Create(parametersType, "p", in{"name": "p", "family": "mysql8.4"})
	d.refuses(t, map[string]in{
		"DBParameterGroupNotFound: DBParameterGroup not found: none":         {"parameterGroupName": "none"},
		"InvalidParameterCombination: The Parameter Group old with DBParame": {"parameterGroupName": old.ID},
		"InvalidParameterCombination: The Parameter Group default.mysql8.0":  {"parameterGroupName": "default.mysql8.0"},
	})
	d.accepts(t, map[string]in{
		"the default one": {"parameterGroupName": "default.mysql8.4"},
		"the older":       {"parameterGroupName": old.ID, "engineVersion": "8.0"},
		"no version":      {"parameterGroupName": group.ID, "engineVersion": nil},
	})

	made := d.database(nil)
	require.NoError(t, d.aws.Delete(old), "nobody's")
	d.updates(t, made, "later", "", in{"parameterGroupName": group.ID})
	require.ErrorContains(t, d.aws.Delete(group), "api error InvalidDBParameterGroupState")
	require.NoError(t, d.aws.Delete(made))
	require.NoError(t, d.aws.Delete(group))
}
