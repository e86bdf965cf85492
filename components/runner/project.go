package runner

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/codebuild"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// image has Amazon Linux 2023 with Git, Go, Node.js and the AWS CLI, on Graviton as the nodes are (CodeBuild User
	// Guide, "Compute images supported with the CodeBuild-hosted GitHub Actions runner").
	image = "aws/codebuild/amazonlinux-aarch64-standard:3.0"
	// compute has 8 GiB. The compiler needs 2.9 GB for package ec2 of the AWS SDK alone, and compiles others beside it:
	// the 4 GiB of the small size are too few (measured with Go 1.26, 2026-11-30; sizes: CodeBuild User Guide, "Build
	// environment compute modes and types").
	compute = "BUILD_GENERAL1_MEDIUM"
	// timeoutMinutes is longer than the longest job of .github/workflows, a deployment of 115 minutes.
	timeoutMinutes = 120
)

// project runs a job in a container of its own, which is not privileged. CodeBuild refuses a project whose role has no
// permissions in the VPC yet, so those come first.
//
// The number of concurrent jobs has no limit here: above a project's limit CodeBuild drops a job, and above the
// account's quota it queues one (CodeBuild User Guide, "Builds in AWS CodeBuild").
func (b *builder) project(
	role *iam.Role, group *ec2.SecurityGroup, logGroup *cloudwatch.LogGroup, permissions pulumi.Resource,
) (*codebuild.Project, error) {
	const part = "project"

	return codebuild.NewProject(b.Ctx, b.Logical(part), &codebuild.ProjectArgs{
		Name:          pulumi.String(b.Prefix),
		Description:   pulumi.String("Runs workflow jobs of " + b.args.Repository + " inside the VPC"),
		ServiceRole:   role.Arn,
		BuildTimeout:  pulumi.Int(timeoutMinutes),
		EncryptionKey: b.args.KeyARN.ToStringOutput().ToStringPtrOutput(),
		Artifacts:     codebuild.ProjectArtifactsArgs{Type: pulumi.String("NO_ARTIFACTS")},
		Source: codebuild.ProjectSourceArgs{
			Type: pulumi.String("GITHUB"), Location: pulumi.String(b.args.Repository),
		},
		Environment: codebuild.ProjectEnvironmentArgs{
			Type:           pulumi.String("ARM_CONTAINER"),
			ComputeType:    pulumi.String(compute),
			Image:          pulumi.String(image),
			PrivilegedMode: pulumi.Bool(false),
		},
		LogsConfig: codebuild.ProjectLogsConfigArgs{
			CloudwatchLogs: codebuild.ProjectLogsConfigCloudwatchLogsArgs{
				Status: pulumi.String("ENABLED"), GroupName: logGroup.Name,
			},
		},
		VpcConfig: codebuild.ProjectVpcConfigArgs{
			VpcId: b.args.VPCID, Subnets: b.args.SubnetIDs, SecurityGroupIds: pulumi.StringArray{group.ID()},
		},
		Tags: b.Tags(part),
	}, b.Child(), pulumi.DependsOn([]pulumi.Resource{permissions}))
}

// webhook makes GitHub notify CodeBuild of each queued job; CodeBuild ignores those without the runner's label
// (CodeBuild User Guide, "Tutorial: Configure a CodeBuild-hosted GitHub Actions runner").
func (b *builder) webhook(project *codebuild.Project) error {
	_, err := codebuild.NewWebhook(b.Ctx, b.Logical("webhook"), &codebuild.WebhookArgs{
		ProjectName: project.Name,
		BuildType:   pulumi.String("BUILD"),
		FilterGroups: codebuild.WebhookFilterGroupArray{codebuild.WebhookFilterGroupArgs{
			Filters: codebuild.WebhookFilterGroupFilterArray{codebuild.WebhookFilterGroupFilterArgs{
				Type: pulumi.String("EVENT"), Pattern: pulumi.String("WORKFLOW_JOB_QUEUED"),
			}},
		}},
	}, b.Child())

	return err
}
