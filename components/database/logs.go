package database

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/logs"
	"github.com/msur/platform/components/internal/policy"
)

// logTypes are what the instance exports to CloudWatch: errors, slow queries, and why an IAM login failed, which no
// other log states (Amazon RDS User Guide, "MySQL database log files"). The log of all queries would hold whatever
// customers send.
func logTypes() []string { return []string{"error", "iam-db-auth-error", "slowquery"} }

// identifier is AWS's name of an environment's database.
func identifier(environment string) string { return environment + "-database" }

// LogGroupNames is a pattern of the log groups that RDS writes to for the database of an environment; RDS chooses them.
func LogGroupNames(environment string) string {
	return "/aws/rds/instance/" + identifier(environment) + "/*"
}

// logGroups are where RDS writes the logs; it would make the groups by itself, to be kept for ever.
func (b *builder) logGroups() ([]pulumi.Resource, error) {
	groups := make([]pulumi.Resource, 0, len(logTypes()))

	for _, logType := range logTypes() {
		part := "logs-" + logType

		group, err := logs.NewGroup(b.Ctx, b.Logical(part), &logs.GroupArgs{
			Name:          "/aws/rds/instance/" + b.Identifier + "/" + logType,
			RetentionDays: b.args.LogRetentionDays,
			KeyARN:        b.args.KeyARN,
			Tags:          b.Tags(part),
			Existing:      b.args.ExistingLogGroups,
		}, b.Child())
		if err != nil {
			return nil, fmt.Errorf("log %s: %w", logType, err)
		}

		groups = append(groups, group)
	}

	return groups, nil
}

// monitoringRole lets RDS tell CloudWatch how the instance's operating system fares. It returns the permission too.
func (b *builder) monitoringRole() (*iam.Role, pulumi.Resource, error) {
	const part = "monitoring"

	trust, err := policy.JSON(policy.Statement{
		Principal: map[string]string{"Service": "monitoring.rds.amazonaws.com"},
		Actions:   []string{"sts:AssumeRole"},
	})
	if err != nil {
		return nil, nil, fmt.Errorf("trust of the monitoring role: %w", err)
	}

	role, err := iam.NewRole(b.Ctx, b.Logical(part), &iam.RoleArgs{
		Name:             pulumi.String(b.Identifier + "-" + part),
		Description:      pulumi.String("Enhanced monitoring of " + b.Identifier),
		AssumeRolePolicy: pulumi.String(trust),
		Tags:             b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("monitoring role: %w", err)
	}

	permission, err := iam.NewRolePolicyAttachment(b.Ctx, b.Logical(part), &iam.RolePolicyAttachmentArgs{
		Role:      role.Name,
		PolicyArn: pulumi.Sprintf("arn:%s:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole", b.args.Partition),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("permission of the monitoring role: %w", err)
	}

	return role, permission, nil
}
