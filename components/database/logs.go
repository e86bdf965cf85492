package database

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/logs"
	"github.com/msur/platform/internal/policy"
)

// logTypes are the logs that the instance exports to CloudWatch: errors, slow queries, and the reasons of failed IAM
// logins, which no other log has (Amazon RDS User Guide, "MySQL database log files"). The log of all queries is not
// exported, because it would contain customer data.
func logTypes() []string { return []string{"error", "iam-db-auth-error", "slowquery"} }

// identifier is the name of an environment's database in AWS.
func identifier(environment string) string { return environment + "-database" }

// LogGroupNames is a pattern of the log groups that RDS writes to for the database of an environment; RDS chooses them.
func LogGroupNames(environment string) string {
	return "/aws/rds/instance/" + identifier(environment) + "/*"
}

// logGroups are the groups of the exported logs. RDS would create the groups without a retention period.
func (b *builder) logGroups() ([]pulumi.Resource, error) {
	groups := make([]pulumi.Resource, 0, len(logTypes()))

	for _, logType := range logTypes() {
		part := "logs-" + logType

		group, err := logs.NewGroup(b.Scope, part, &logs.GroupArgs{
			Name:          "/aws/rds/instance/" + b.Prefix + "/" + logType,
			RetentionDays: b.args.LogRetentionDays,
			KeyARN:        b.args.KeyARN,
			Existing:      b.args.ExistingLogGroups,
		})
		if err != nil {
			return nil, fmt.Errorf("log %s: %w", logType, err)
		}

		groups = append(groups, group)
	}

	return groups, nil
}

// monitoringRole allows RDS to send metrics of the instance's operating system to CloudWatch. It also returns the
// attachment of its policy.
func (b *builder) monitoringRole() (*iam.Role, pulumi.Resource, error) {
	const part = "monitoring"

	trust, err := policy.JSON(policy.Trust("", "monitoring.rds.amazonaws.com", nil))
	if err != nil {
		return nil, nil, fmt.Errorf("trust of the monitoring role: %w", err)
	}

	role, err := iam.NewRole(b.Ctx, b.Logical(part), &iam.RoleArgs{
		Name:             pulumi.String(b.Prefix + "-" + part),
		Description:      pulumi.String("Enhanced monitoring of " + b.Prefix),
		AssumeRolePolicy: pulumi.String(trust),
		Tags:             b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("monitoring role: %w", err)
	}

	permission, err := iam.NewRolePolicyAttachment(b.Ctx, b.Logical(part), &iam.RolePolicyAttachmentArgs{
		Role:      role.Name,
		PolicyArn: pulumi.String(b.args.Place.ManagedPolicy("service-role/AmazonRDSEnhancedMonitoringRole")),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("permission of the monitoring role: %w", err)
	}

	return role, permission, nil
}
