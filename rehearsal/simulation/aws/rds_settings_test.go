package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRDSWindows(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	windows := func(backup, upkeep any) in { return in{"backupWindow": backup, "maintenanceWindow": upkeep} }
	d.refuses(t, map[string]in{
		"InvalidParameterValue: The backup window and maint": windows("03:00-04:00", "sun:03:59-sun:05:00"),
		"InvalidParameterValue: The backup window and":       windows("23:30-00:30", "mon:00:00-mon:01:00"),
		"InvalidParameterValue: The backup":                  windows("03:00-04:00", "sat:23:00-sun:23:00"),
		"InvalidParameterValue: The backupWindow must be":    windows("03:00-03:29", "sun:05:00-sun:06:00"),
		"InvalidParameterValue: The maintenanceWindow must":  windows("03:00-03:30", "sun:05:00-sun:05:29"),
	})
	d.accepts(t, map[string]in{
		"one behind the other":  windows("03:00-04:00", "sun:04:00-sun:05:00"),
		"around midnight":       windows("23:30-00:30", "sun:00:30-sun:01:30"),
		"around the week's end": windows("01:00-01:30", "sun:23:30-mon:00:30"),
		"one alone":             windows("08:00-09:00", nil),
	})
}

func TestRDSVersions(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	d.refuses(t, map[string]in{
		"InvalidParameterCombination: Cannot find version 8.9 for mysql":     {"engineVersion": "8.9"},
		"InvalidParameterCombination: Cannot find version 8.4.99 for mysql":  {"engineVersion": "8.4.99"},
		"InvalidParameterCombination: Cannot find version 8 for mysql":       {"engineVersion": "8"},
		"InvalidParameterCombination: RDS does not support creating a DB in": {"instanceClass": "db.t2.micro"},
		"InvalidParameterCombination: RDS does not support":                  {"instanceClass": "db.m4.large"},
		"InvalidParameterValue: Invalid DB Instance class: t4g.micro":        {"instanceClass": "t4g.micro"},
		"InvalidParameterValue: Invalid DB Instance class: db.t4g.4xlarge":   {"instanceClass": "db.t4g.4xlarge"},
		"InvalidParameterValue: Invalid DB Instance class: db.m6g.micro":     {"instanceClass": "db.m6g.micro"},
	})
	d.accepts(t, map[string]in{
		"no version": {"engineVersion": nil}, "a patch": {"engineVersion": "8.4.6"}, "8.0": {"engineVersion": "8.0"},
		"t3": {"instanceClass": "db.t3.2xlarge"}, "r8g": {"instanceClass": "db.r8g.48xlarge"},
		"m6g": {"instanceClass": "db.m6g.large"},
	})

	made := d.database(in{"engineVersion": "8.0.42"})
	d.updates(t, made, "back", "InvalidParameterCombination: Cannot upgrade mysql from 8.0.42 to 8.0.41",
		in{"engineVersion": "8.0.41"})
	d.updates(t, made, "a major version unasked", "InvalidParameterCombination: The AllowMajorVersionUpgrade flag",
		in{"engineVersion": "8.4"})
	d.updates(t, made, "the prefix of what runs", "", in{"engineVersion": "8.0"})
	assert.Equal(t, "8.0.42", d.aws.Read(made).Text("engineVersionActual"))
	d.updates(t, made, "a patch", "", in{"engineVersion": "8.0.44"})
	d.updates(t, made, "a major version", "", in{"engineVersion": "8.4", "allowMajorVersionUpgrade": true})
	outputs(t, d.aws.Read(made), map[string]string{
		"engineVersionActual": `8\.4\.7`, "parameterGroupName": `default\.mysql8\.4`,
	})
}

func TestRDSStorage(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	d.refuses(t, map[string]in{
		"InvalidParameterValue: Invalid storage size for engine name mysql and storage type gp3: 19": {
			"allocatedStorage": 19,
		},
		"InvalidParameterValue: Invalid storage size for engine name mysql and storage type io1: 99": {
			"allocatedStorage": 99, "iops": 1000, "storageType": nil,
		},
		"InvalidParameterValue: Invalid storage type: gp4":                        {"storageType": "gp4"},
		"InvalidParameterCombination: Max storage size must be greater":           {"maxAllocatedStorage": 19},
		"InvalidParameterCombination: You can't specify IOPS or":                  {"iops": 3000},
		"InvalidParameterCombination: You can't specify IOPS or storage":          {"storageThroughput": 125},
		"InvalidParameterCombination: You can't specify IOPS or storage throughp": {"storageType": "gp2", "iops": 1000},
		"InvalidParameterCombination: You must specify both": {
			"storageType": "io2", "allocatedStorage": 100,
		},
	})
	d.accepts(t, map[string]in{
		"gp2":              {"storageType": nil},
		"provisioned":      {"storageType": "io2", "allocatedStorage": 100, "iops": 1000},
		"growing":          {"maxAllocatedStorage": 100},
		"a speed of gp3's": {"allocatedStorage": 400, "iops": 13000, "storageThroughput": 600},
	})

	made := d.database(in{"allocatedStorage": 30})
	d.updates(t, made, "shrinking", "InvalidParameterValue: Requested storage size (29)", in{"allocatedStorage": 29})
	d.updates(t, made, "growing", "", in{"allocatedStorage": 31})
}

// The provider takes a disk that is larger than what is asked for, and may grow, for one that has grown.
func TestRDSStorageThatGrowsByItself(t *testing.T) {
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
	assert.InDelta(t, 30, updated.Outputs["allocatedStorage"].NumberValue(), 0, "the disk stays as it is")
	assert.InDelta(t, 50, updated.Outputs["maxAllocatedStorage"].NumberValue(), 0)
	assert.Empty(t, d.aws.Diff(d.aws.Read(updated), limited).GetDiffs(), "a refresh finds no less")

	d.updates(t, updated, "a limit below the disk", "InvalidParameterCombination: Max storage size", in{
		"allocatedStorage": 20, "maxAllocatedStorage": 25,
	})
}
