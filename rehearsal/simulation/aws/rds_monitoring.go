package aws

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// checkMonitoring wants an interval that enhanced monitoring knows, and with one, and only
// then, a role that it can take on.
func checkMonitoring(c *behaviour.Call) error {
	interval, role := c.Number("monitoringInterval"), c.Text("monitoringRoleArn")
	named := role != "" && isGiven(c, "monitoringRoleArn")

	switch {
	case !slices.Contains([]int{0, 1, 5, 10, 15, 30, 60}, interval):
		return refuse("InvalidParameterValue", "%d is not a valid value for the parameter MonitoringInterval. Valid values: "+
			"0, 1, 5, 10, 15, 30, 60", interval)
	case interval > 0 && !named:
		return refuse("InvalidParameterCombination",
			"A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.")
	case interval == 0 && named:
		return refuse("InvalidParameterCombination",
			"A MonitoringInterval value other than 0 is required if you specify a MonitoringRoleARN value.")
	case interval > 0 && !mayMonitor(c, roleOf(c, role)):
		return unfitForMonitoring()
	}

	return nil
}

func unfitForMonitoring() error {
	return refuse("InvalidParameterValue",
		"IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING")
}

// mayMonitor wants the trust, and AWS's policy or one of the program's own, which is not read.
func mayMonitor(c *behaviour.Call, role account.Resource) bool {
	if !trusts(role, "monitoring.rds.amazonaws.com", "sts:AssumeRole") {
		return false
	}

	return hasPolicy(c, role, "AmazonRDSEnhancedMonitoringRole") || hasPolicyOfItsOwn(c, role)
}

func hasPolicyOfItsOwn(c *behaviour.Call, role account.Resource) bool {
	own := func(arn string) bool { return !isAWSManaged(arn) }

	return len(role.Texts("inlinePolicies.policy")) > 0 || slices.ContainsFunc(role.Texts("managedPolicyArns"), own) ||
		slices.ContainsFunc(c.Siblings(typeRolePolicy), func(inline account.Resource) bool {
			return inline.Text("role") == role.ID
		}) ||
		slices.ContainsFunc(c.Siblings(typeRoleAttachment), func(attachment account.Resource) bool {
			return attachment.Text("role") == role.ID && own(attachment.Text("policyArn"))
		})
}

// checkInsights wants a class that has memory for Performance Insights, and a period that it keeps.
// Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html
func checkInsights(c *behaviour.Call) error {
	period := c.Number("performanceInsightsRetentionPeriod")
	chosen := chooses(c, "performanceInsightsRetentionPeriod")
	tooSmall := []string{"db.t3.micro", "db.t3.small", "db.t4g.micro", "db.t4g.small"}

	enabled := c.True("performanceInsightsEnabled")

	switch {
	case !enabled && (chosen || isGiven(c, "performanceInsightsKmsKeyId")):
		return refuse("InvalidParameterCombination", "Performance Insights must be enabled to set its key or its "+
			"retention period.")
	case enabled && slices.Contains(tooSmall, c.Text("instanceClass")):
		return refuse("InvalidParameterCombination", "Performance Insights not supported for this configuration, please "+
			"disable Performance Insights for this instance, as it is not supported for %s.", c.Text("instanceClass"))
	case chosen && !isInsightsPeriod(period):
		return refuse("InvalidParameterValue", "Invalid Performance Insights retention period: %d. Valid values: 7, 731 and "+
			"months of 31 days", period)
	}

	return checkInsightsMode(c, enabled, period)
}

// checkInsightsMode wants fifteen months of data for the mode that shows them.
func checkInsightsMode(c *behaviour.Call, enabled bool, period int) error {
	if c.Text("databaseInsightsMode") == "advanced" && (!enabled || period < 465) {
		return refuse("InvalidParameterCombination", "To enable the Advanced mode of Database Insights, enable Performance "+
			"Insights and set its retention period to at least 465 days.")
	}

	return nil
}

// isInsightsPeriod says that Performance Insights keeps its data so many days: a week, two years, or months of 31.
func isInsightsPeriod(days int) bool {
	return days == 7 || days == 731 || days%31 == 0 && days/31 < 24
}

// checkLogExports wants logs that MySQL writes.
func checkLogExports(c *behaviour.Call) error {
	known := []string{"audit", "error", "general", "iam-db-auth-error", "slowquery"}

	for _, log := range c.Texts("enabledCloudwatchLogsExports") {
		if !slices.Contains(known, log) {
			return refuse("InvalidParameterCombination", "You cannot use the log types '%s' with engine version mysql %s. For "+
				"supported log types, see the documentation: %s", log, c.Text("engineVersion"), strings.Join(known, ", "))
		}
	}

	return nil
}
