package runner

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/logs"
	"github.com/msur/platform/internal/policy"
)

// codeBuild is the service that the role trusts, and for which it creates network interfaces.
const codeBuild = "codebuild.amazonaws.com"

// LogGroupName is the log group that CodeBuild writes the output of jobs to.
func LogGroupName(environment string) string { return physicalName(environment) }

// logGroup stores the output of jobs. In CodeBuild's default group, logs never expire.
func (b *builder) logGroup() (*cloudwatch.LogGroup, error) {
	const part = "logs"

	return logs.NewGroup(b.Scope, part, &logs.GroupArgs{
		Name:          LogGroupName(b.args.Environment),
		RetentionDays: b.args.LogRetentionDays,
		KeyARN:        b.args.KeyARN,
		Existing:      b.args.ExistingLogGroups,
	})
}

// role is the role of CodeBuild. Every job can use its credentials, so it has only the permissions that CodeBuild
// itself needs. Jobs that deploy assume a role of infra/bootstrap, as they do on GitHub's own runners.
func (b *builder) role() (*iam.Role, pulumi.Resource, error) {
	const part = "role"

	trust, err := policy.JSON(b.trust())
	if err != nil {
		return nil, nil, fmt.Errorf("trust of the runner's role: %w", err)
	}

	role, err := iam.NewRole(b.Ctx, b.Logical(part), &iam.RoleArgs{
		Name:             pulumi.String(b.Prefix),
		Description:      pulumi.String("Lets CodeBuild run workflow jobs inside the VPC"),
		AssumeRolePolicy: pulumi.String(trust),
		Tags:             b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("role of the runner: %w", err)
	}

	document, is := b.args.SubnetIDs.ToStringArrayOutput().ApplyT(func(subnets []string) (string, error) {
		return policy.JSON(b.permissions(subnets)...)
	}).(pulumi.StringOutput)
	if !is {
		return nil, nil, fmt.Errorf("permissions of the runner: got %T, expected an output of a string", document)
	}

	granted, err := iam.NewRolePolicy(b.Ctx, b.Logical(part), &iam.RolePolicyArgs{
		Name:   pulumi.String("run-jobs"),
		Role:   role.ID(),
		Policy: document,
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("permissions of the runner: %w", err)
	}

	return role, granted, nil
}

// trust admits CodeBuild on behalf of this one project, so that no other account's project can use the role (CodeBuild
// User Guide, "Cross-service confused deputy prevention").
func (b *builder) trust() policy.Statement {
	return policy.Statement{
		SID:       "CodeBuildForThisProject",
		Principal: map[string]string{"Service": codeBuild},
		Actions:   []string{"sts:AssumeRole"},
		Conditions: policy.Conditions{
			"StringEquals": {"aws:SourceAccount": {b.args.Place.AccountID}},
			"ArnEquals":    {"aws:SourceArn": {b.args.Place.ARN("codebuild", "project/"+b.Prefix)}},
		},
	}
}

// permissions returns the permissions that CodeBuild documents for its logs and for a project in a VPC (CodeBuild User
// Guide, "Allow CodeBuild to interact with other AWS services" and "Allow CodeBuild access to AWS services required to
// create a VPC network interface"): interfaces may be handed to CodeBuild only in the private subnets.
// logs:CreateLogGroup is omitted: with it, a job that ends during a destroy would create the log group again.
func (b *builder) permissions(subnets []string) []policy.Statement {
	group := b.args.Place.ARN("logs", "log-group:"+LogGroupName(b.args.Environment))

	arns := make([]string, 0, len(subnets))
	for _, subnet := range subnets {
		arns = append(arns, b.args.Place.ARN("ec2", "subnet/"+subnet))
	}

	return []policy.Statement{
		{
			SID:       "WriteLogs",
			Actions:   []string{"logs:CreateLogStream", "logs:PutLogEvents"},
			Resources: []string{group, group + ":*"},
		},
		{
			SID: "NetworkInterfaces",
			Actions: []string{
				"ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeDhcpOptions",
				"ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
			},
			Resources: []string{"*"},
		},
		{
			SID:       "NetworkInterfacesOfCodeBuild",
			Actions:   []string{"ec2:CreateNetworkInterfacePermission"},
			Resources: []string{b.args.Place.ARN("ec2", "network-interface/*")},
			Conditions: policy.Conditions{
				"StringEquals": {"ec2:AuthorizedService": {codeBuild}, "ec2:Subnet": arns},
			},
		},
	}
}
