package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/logs"
	"github.com/msur/platform/internal/policy"
)

// flowLogsPart is the flow logs' name among the network's parts.
const flowLogsPart = "flow-logs"

// Traffic selects the connections that flow logs record.
type Traffic string

// The choices of Traffic, in EC2's words.
const (
	// TrafficAll records accepted and rejected connections.
	TrafficAll Traffic = "ALL"
	// TrafficAccept records accepted connections.
	TrafficAccept Traffic = "ACCEPT"
	// TrafficReject records rejected connections, a small part of all: it costs least.
	TrafficReject Traffic = "REJECT"
)

// Traffics returns every choice.
func Traffics() []Traffic { return []Traffic{TrafficAll, TrafficAccept, TrafficReject} }

// LogGroupName is the log group of an environment's flow logs.
func LogGroupName(environment string) string { return PhysicalName(environment, flowLogsPart) }

// flowLogs records the connections of the VPC in an encrypted log group.
func (b *builder) flowLogs(vpc *ec2.Vpc) error {
	group, err := logs.NewGroup(b.Scope, flowLogsPart, &logs.GroupArgs{
		Name:          LogGroupName(b.args.Environment),
		RetentionDays: b.args.LogRetentionDays,
		KeyARN:        b.args.KeyARN,
		Existing:      b.args.ExistingLogGroups,
	})
	if err != nil {
		return fmt.Errorf("flow logs: %w", err)
	}

	role, permissions, err := b.flowLogsRole()
	if err != nil {
		return err
	}

	// Without the permissions no logs arrive, and no error is reported, so the permissions come first.
	_, err = ec2.NewFlowLog(b.Ctx, b.Logical(flowLogsPart), &ec2.FlowLogArgs{
		VpcId:          vpc.ID(),
		TrafficType:    pulumi.String(b.args.FlowLogTraffic),
		LogDestination: group.Arn,
		IamRoleArn:     role.Arn,
		Tags:           b.Tags(flowLogsPart),
	}, b.Child(), pulumi.DependsOn([]pulumi.Resource{permissions}))

	return err
}

// flowLogsRole is the role with which the flow logs service writes.
func (b *builder) flowLogsRole() (*iam.Role, *iam.RolePolicy, error) {
	trust, err := policy.JSON(b.flowLogsTrust())
	if err != nil {
		return nil, nil, fmt.Errorf("trust of the flow logs' role: %w", err)
	}

	permissions, err := policy.JSON(b.flowLogsPermissions()...)
	if err != nil {
		return nil, nil, fmt.Errorf("permissions of the flow logs' role: %w", err)
	}

	role, err := iam.NewRole(b.Ctx, b.Logical(flowLogsPart), &iam.RoleArgs{
		Name:             pulumi.String(b.Physical(flowLogsPart)),
		Description:      pulumi.String("Lets VPC flow logs write to their log group"),
		AssumeRolePolicy: pulumi.String(trust),
		Tags:             b.Tags(flowLogsPart),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("role of the flow logs: %w", err)
	}

	granted, err := iam.NewRolePolicy(b.Ctx, b.Logical(flowLogsPart), &iam.RolePolicyArgs{
		Name:   pulumi.String("write"),
		Role:   role.ID(),
		Policy: pulumi.String(permissions),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("permissions of the flow logs: %w", err)
	}

	return role, granted, nil
}

// flowLogsTrust admits the flow logs of this account only, as AWS recommends against the "confused deputy" (Amazon VPC
// User Guide, "IAM role for publishing flow logs to CloudWatch Logs"). It cannot name the flow log, whose id is not
// known before it is created with the role.
func (b *builder) flowLogsTrust() policy.Statement {
	return policy.Statement{
		SID:       "FlowLogsOfThisAccount",
		Principal: map[string]string{"Service": "vpc-flow-logs.amazonaws.com"},
		Actions:   []string{"sts:AssumeRole"},
		Conditions: policy.Conditions{
			"StringEquals": {"aws:SourceAccount": {b.args.Place.AccountID}},
			"ArnLike":      {"aws:SourceArn": {b.args.Place.ARN("ec2", "vpc-flow-log/*")}},
		},
	}
}

// flowLogsPermissions returns the permissions that AWS documents (Amazon VPC User Guide, "IAM role for publishing flow
// logs to CloudWatch Logs"), limited to the one group. Listing groups needs permission to list all of them.
// CreateLogGroup is omitted on purpose: with it, the service would recreate a destroyed group without a retention
// period, and the next `up` would find the name taken.
func (b *builder) flowLogsPermissions() []policy.Statement {
	group := b.args.Place.ARN("logs", "log-group:"+LogGroupName(b.args.Environment))

	return []policy.Statement{
		{
			SID:       "WriteToTheGroup",
			Actions:   []string{"logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"},
			Resources: []string{group, group + ":*"},
		},
		{
			SID:       "FindTheGroup",
			Actions:   []string{"logs:DescribeLogGroups"},
			Resources: []string{b.args.Place.ARN("logs", "log-group:*")},
		},
	}
}
