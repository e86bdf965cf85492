package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRDSEnhancedMonitoring(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	untrusted := d.role("untrusted", "rds.amazonaws.com", "sts:AssumeRole", "service-role/AmazonRDSEnhancedMonitoringRole")
	idle := d.role("idle", "monitoring.rds.amazonaws.com", "sts:AssumeRole", "ReadOnlyAccess")
	own := d.role("own", "monitoring.rds.amazonaws.com", "sts:AssumeRole")
	d.aws.Create(inlineType, "own", in{"role": own.ID, "policy": document})

	monitored := func(interval int, role string) in {
		return in{"monitoringInterval": interval, "monitoringRoleArn": role}
	}
	d.refuses(t, map[string]in{
		"InvalidParameterValue: 7 is not a valid value for the param":     monitored(7, d.monitoring.Text("arn")),
		"InvalidParameterCombination: A MonitoringRoleARN value is requi": {"monitoringInterval": 60},
		"InvalidParameterCombination: A MonitoringInterval value other":   {"monitoringRoleArn": d.monitoring.Text("arn")},
		"InvalidParameterValue: IAM role ARN value is invalid or doe":     monitored(60, untrusted.Text("arn")),
		"InvalidParameterValue: IAM role ARN value is invalid":            monitored(60, idle.Text("arn")),
		"InvalidParameterValue: IAM role ARN value":                       monitored(60, person),
	})

	for _, interval := range []int{1, 5, 10, 15, 30, 60} {
		d.accepts(t, map[string]in{"an interval": monitored(interval, d.monitoring.Text("arn"))})
	}

	d.accepts(t, map[string]in{"a policy of its own": monitored(60, own.Text("arn")), "none": monitored(0, "")})

	made := d.database(monitored(60, d.monitoring.Text("arn")))
	d.updates(t, made, "turned off", "", nil)
	d.updates(t, made, "turned on again", "", monitored(30, own.Text("arn")))
}

func TestRDSPerformanceInsights(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	kept := func(days int) in {
		return in{"performanceInsightsEnabled": true, "performanceInsightsRetentionPeriod": days}
	}
	advanced := func(days int) in { return changed(kept(days), in{"databaseInsightsMode": "advanced"}) }
	d.refuses(t, map[string]in{
		"InvalidParameterCombination: Performance Insights not supported for this": {
			"performanceInsightsEnabled": true, "instanceClass": "db.t4g.small",
		},
		"InvalidParameterCombination: Performance Insights must be enabled": {
			"performanceInsightsRetentionPeriod": 7,
		},
		"InvalidParameterValue: Invalid Performance Insights retention period: 8":   kept(8),
		"InvalidParameterValue: Invalid Performance Insights retention period: 744": kept(744),
		"InvalidParameterCombination: To enable the Advanced mode":                  advanced(31),
	})
	d.accepts(t, map[string]in{
		"a week": kept(7), "a month": kept(31), "the most months": kept(713), "two years": kept(731),
		"advanced":       advanced(465),
		"small, without": {"instanceClass": "db.t4g.small"},
	})
}

// The database's last lines come after it is gone, and make the groups again.
func TestRDSLogGroups(t *testing.T) {
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
	assert.InDelta(t, 7, d.found(t, logType, errorLog).Outputs["retentionInDays"], 0, "it was taken as it is")

	require.NoError(t, d.aws.Delete(made))
	require.NoError(t, d.aws.Delete(logs))
	assert.Len(t, d.Account.Leftovers(), 3, "it came back")
}

func TestLogExportsThatAreTurnedOnLater(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	quiet := d.database(nil)
	assert.Empty(t, d.Of(logType))
	d.updates(t, quiet, "exports", "", in{"enabledCloudwatchLogsExports": []any{"iam-db-auth-error"}})
	assert.Equal(t, "/aws/rds/instance/orders/iam-db-auth-error", d.only(t, logType).ID)
}

// RDS ignores the change, without an error (hashicorp/terraform-provider-aws#40870).
func TestExtendedSupportIsDeclinedAtCreationOnly(t *testing.T) {
	t.Parallel()

	const declined = "open-source-rds-extended-support-disabled"

	d := newDatabases(t)
	enrolled := d.database(nil)
	assert.Equal(t, "open-source-rds-extended-support", enrolled.Text("engineLifecycleSupport"))
	d.updates(t, enrolled, "a change", "", in{"engineLifecycleSupport": declined})
	assert.Equal(t, "open-source-rds-extended-support", d.aws.Read(enrolled).Text("engineLifecycleSupport"))

	other := d.database(in{"identifier": "other", "engineLifecycleSupport": declined})
	assert.Equal(t, declined, other.Text("engineLifecycleSupport"))
}
