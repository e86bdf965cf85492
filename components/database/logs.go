package database

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/policy"
)

// logTypes are what the instance logs to CloudWatch: what went wrong, and what took long. The log of all queries would
// hold whatever customers send.
func logTypes() []string { return []string{"error", "slowquery"} }

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

		group, err := cloudwatch.NewLogGroup(b.Ctx, b.Logical(part), &cloudwatch.LogGroupArgs{
			Name:            pulumi.String("/aws/rds/instance/" + b.Identifier + "/" + logType),
			RetentionInDays: pulumi.Int(b.args.LogRetentionDays),
			KmsKeyId:        b.args.KeyARN,
			Tags:            b.Tags(part),
		}, b.Child())
		if err != nil {
			return nil, fmt.Errorf("log group %s: %w", logType, err)
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
