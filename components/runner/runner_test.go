package runner_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/runner"
)

const (
	projectType  = "aws:codebuild/project:Project"
	webhookType  = "aws:codebuild/webhook:Webhook"
	groupType    = "aws:ec2/securityGroup:SecurityGroup"
	ingressType  = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	egressType   = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	logGroupType = "aws:cloudwatch/logGroup:LogGroup"
	roleType     = "aws:iam/role:Role"
	policyType   = "aws:iam/rolePolicy:RolePolicy"

	repository = "https://github.com/msur/platform"
	keyARN     = "arn:aws:kms:us-east-1:123456789012:key/k"
)

// run creates a runner under mocks.
func run(t *testing.T, changes ...func(*runner.Args)) *graphtest.Graph {
	t.Helper()

	var values graphtest.Values

	g := graphtest.Run(t, func(ctx *pulumi.Context) error {
		api, err := ec2.NewSecurityGroup(ctx, "api", &ec2.SecurityGroupArgs{})
		if err != nil {
			return err
		}

		args := &runner.Args{
			Environment: "staging", Place: graphtest.Place(),
			Repository:         repository,
			VPCID:              pulumi.String("vpc-1"),
			SubnetIDs:          pulumi.ToStringArray([]string{"subnet-a", "subnet-b"}),
			APISecurityGroupID: api.ID(),
			KeyARN:             pulumi.String(keyARN),
			LogRetentionDays:   90,
		}
		for _, change := range changes {
			change(args)
		}

		created, err := runner.New(ctx, "runner", args)
		if err != nil {
			return err
		}

		values.Keep("project", created.ProjectName)

		return nil
	})

	values.Has(t, "project", "staging-runner")

	return g
}

// Tests of the deploy role's permissions and of the limits of strings read this graph: no committed environment has a
// runner.
func TestTheGraphOfARunner(t *testing.T) {
	t.Parallel()

	run(t).Golden(t, "testdata/runner.json")
}

func TestJobsRunUnprivilegedInPrivateSubnets(t *testing.T) {
	t.Parallel()

	project := run(t).One(t, projectType, "runner-project").Under("runner").DependsOn("runner-role")

	for input, want := range map[string]any{
		"name": "staging-runner", "encryptionKey": keyARN, "artifacts.type": "NO_ARTIFACTS",
		"source.type": "GITHUB", "source.location": repository,
		"environment.type": "ARM_CONTAINER", "environment.computeType": "BUILD_GENERAL1_MEDIUM",
		"environment.privilegedMode":          false,
		"vpcConfig.vpcId":                     "vpc-1",
		"vpcConfig.subnets":                   []any{"subnet-a", "subnet-b"},
		"logsConfig.cloudwatchLogs.status":    "ENABLED",
		"logsConfig.cloudwatchLogs.groupName": "staging-runner",
	} {
		project.Has(input, want)
	}

	project.
		Refers("vpcConfig.securityGroupIds[0]", groupType, "runner-access").
		Refers("serviceRole", roleType, "runner-role").
		HasNo("environment.environmentVariables").
		// Above it, CodeBuild would drop jobs instead of queueing them.
		HasNo("concurrentBuildLimit")
}

func TestOnlyQueuedWorkflowJobsStartABuild(t *testing.T) {
	t.Parallel()

	run(t).One(t, webhookType, "runner-webhook").
		DependsOn("runner-project").
		Has("buildType", "BUILD").
		Has("filterGroups", []any{map[string]any{
			"filters": []any{map[string]any{"type": "EVENT", "pattern": "WORKFLOW_JOB_QUEUED"}},
		}})
}

func TestJobsAcceptNoConnectionsAndOpenOnlyHTTPS(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, groupType, "runner-access").HasNo("ingress").HasNo("egress")
	g.One(t, egressType, "runner-to-https").
		Refers("securityGroupId", groupType, "runner-access").
		Has("fromPort", 443).Has("toPort", 443).Has("ipProtocol", "tcp")
	g.One(t, ingressType, "runner-into-api").
		Refers("securityGroupId", groupType, "api").
		Refers("referencedSecurityGroupId", groupType, "runner-access").
		Has("fromPort", 443).Has("toPort", 443).Has("ipProtocol", "tcp")
}

func TestLogsAreEncryptedAndExpire(t *testing.T) {
	t.Parallel()

	group := run(t, func(args *runner.Args) { args.ExistingLogGroups = []string{"staging-runner"} }).
		One(t, logGroupType, "runner-logs")
	group.Has("name", "staging-runner").Has("retentionInDays", 90).Has("kmsKeyId", keyARN).Imported("staging-runner")

	run(t).One(t, logGroupType, "runner-logs").Imported("")
}

func TestOnlyThisProjectCanAssumeTheRole(t *testing.T) {
	t.Parallel()

	run(t).One(t, roleType, "runner-role").Has("name", "staging-runner").JSON("assumeRolePolicy", `{
		"Version": "2012-10-17",
		"Statement": [{
			"Sid": "CodeBuildForThisProject",
			"Effect": "Allow",
			"Principal": {"Service": "codebuild.amazonaws.com"},
			"Action": ["sts:AssumeRole"],
			"Condition": {
				"StringEquals": {"aws:SourceAccount": ["123456789012"]},
				"ArnEquals": {"aws:SourceArn": ["arn:aws:codebuild:us-east-1:123456789012:project/staging-runner"]}
			}
		}]
	}`)
}

func TestTheRoleCanWriteLogsAndAttachInterfacesInPrivateSubnets(t *testing.T) {
	t.Parallel()

	run(t).One(t, policyType, "runner-role").JSON("policy", `{
		"Version": "2012-10-17",
		"Statement": [
			{
				"Sid": "WriteLogs",
				"Effect": "Allow",
				"Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
				"Resource": [
					"arn:aws:logs:us-east-1:123456789012:log-group:staging-runner",
					"arn:aws:logs:us-east-1:123456789012:log-group:staging-runner:*"
				]
			},
			{
				"Sid": "NetworkInterfaces",
				"Effect": "Allow",
				"Action": [
					"ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeDhcpOptions",
					"ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"
				],
				"Resource": ["*"]
			},
			{
				"Sid": "NetworkInterfacesOfCodeBuild",
				"Effect": "Allow",
				"Action": ["ec2:CreateNetworkInterfacePermission"],
				"Resource": ["arn:aws:ec2:us-east-1:123456789012:network-interface/*"],
				"Condition": {"StringEquals": {
					"ec2:AuthorizedService": ["codebuild.amazonaws.com"],
					"ec2:Subnet": [
						"arn:aws:ec2:us-east-1:123456789012:subnet/subnet-a",
						"arn:aws:ec2:us-east-1:123456789012:subnet/subnet-b"
					]
				}}
			}
		]
	}`)
}
