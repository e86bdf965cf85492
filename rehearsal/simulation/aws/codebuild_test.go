package aws_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	projectType = "aws:codebuild/project:Project"
	webhookType = "aws:codebuild/webhook:Webhook"
)

// builds is a network with a role that CodeBuild can use in it.
type builds struct {
	*network

	role enginetest.Made
}

func newBuilds(t *testing.T) *builds {
	t.Helper()

	b := &builds{network: newNetwork(t)}
	b.role = b.aws.Create(roleType, "build", in{"assumeRolePolicy": trustOf("codebuild.amazonaws.com")})
	b.aws.Create(inlineType, "build", in{"role": b.role.ID, "policy": document})

	return b
}

func trustOf(service string) in {
	return in{"Version": "2012-10-17", "Statement": []any{
		in{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": in{"Service": service}},
	}}
}

// project is a project's inputs, changed as a test needs.
func (b *builds) project(changes in) in {
	inputs := in{
		"name": "runner", "serviceRole": b.role.Text("arn"), "artifacts": in{"type": "NO_ARTIFACTS"},
		"source": in{"type": "GITHUB", "location": "https://github.com/msur/platform"},
		"environment": in{
			"type": "ARM_CONTAINER", "computeType": "BUILD_GENERAL1_SMALL",
			"image": "aws/codebuild/amazonlinux-aarch64-standard:3.0",
		},
		"vpcConfig": in{
			"vpcId": b.vpc.ID, "subnets": []any{b.subnet.ID}, "securityGroupIds": []any{b.group.ID},
		},
	}
	maps.Copy(inputs, changes)

	return inputs
}

// jobs are the inputs of a webhook for queued jobs, with one more filter.
func jobs(filters ...any) in {
	return in{"projectName": "runner", "buildType": "BUILD", "filterGroups": []any{in{
		"filters": append(filters, in{"type": "EVENT", "pattern": "WORKFLOW_JOB_QUEUED"}),
	}}}
}

func TestBuildProject(t *testing.T) {
	t.Parallel()

	b := newBuilds(t)
	project := b.aws.Create(projectType, "runner", b.project(nil))

	outputs(t, project, map[string]string{
		"arn":           "arn:aws:codebuild:us-east-1:123456789012:project/runner",
		"encryptionKey": "arn:aws:kms:us-east-1:123456789012:alias/aws/s3",
	})
	assert.Equal(t, project.Text("arn"), project.ID)
	assert.Equal(t, []string{"name"}, b.aws.Diff(project, b.project(in{"name": "other"})).GetReplaces())
	assert.Empty(t, b.aws.Diff(project, b.project(in{"buildTimeout": 90})).GetReplaces())

	refuses(t, b.aws, projectType, map[string]in{
		"ResourceAlreadyExistsException: Project already exists": b.project(nil),
	})
	accepts(t, b.aws, projectType, map[string]in{
		"outside a VPC":  b.project(in{"name": "outside", "vpcConfig": nil}),
		"the longest":    b.project(in{"name": "long", "buildTimeout": 2160, "queuedTimeout": 5}),
		"another source": b.project(in{"name": "s3", "source": in{"type": "S3", "location": "a/b"}}),
	})
}

func TestProjectsThatCodeBuildRefuses(t *testing.T) {
	t.Parallel()

	b := newBuilds(t)
	stranger := b.aws.Create(roleType, "stranger", in{"assumeRolePolicy": trustOf("ec2.amazonaws.com")})
	powerless := b.aws.Create(roleType, "powerless", in{"assumeRolePolicy": trustOf("codebuild.amazonaws.com")})
	elsewhere := b.aws.Create(vpcType, "elsewhere", in{"cidrBlock": "10.1.0.0/16"})
	group := b.aws.Create(groupType, "elsewhere", in{"vpcId": elsewhere.ID})

	inVPC := func(vpc string, subnets, groups []any) in {
		return b.project(in{"vpcConfig": in{"vpcId": vpc, "subnets": subnets, "securityGroupIds": groups}})
	}

	refuses(t, b.aws, projectType, map[string]in{
		"InvalidInputException: CodeBuild is not authorized":            b.project(in{"serviceRole": stranger.Text("arn")}),
		"InvalidInputException: Not authorized to perform":              b.project(in{"serviceRole": powerless.Text("arn")}),
		"InvalidInputException: Invalid source: location":               b.project(in{"source": in{"type": "GITHUB"}}),
		"InvalidInputException: Invalid source type":                    b.project(in{"source": in{"type": "GIT"}}),
		"InvalidInputException: artifacts.type":                         b.project(in{"artifacts": in{"type": "NONE"}}),
		"InvalidInputException: Invalid buildTimeout: got 4 minutes":    b.project(in{"buildTimeout": 4}),
		"InvalidInputException: Invalid queuedTimeout: got 481 minutes": b.project(in{"queuedTimeout": 481}),
		"InvalidInputException: Invalid vpc config: the subnet": inVPC(
			elsewhere.ID, []any{b.subnet.ID}, []any{group.ID}),
		"InvalidInputException: Invalid vpc config: the security group": inVPC(
			b.vpc.ID, []any{b.subnet.ID}, []any{group.ID}),
		"InvalidInputException: Invalid vpc config: got 1 subnets and 0": inVPC(b.vpc.ID, []any{b.subnet.ID}, []any{}),
		"InvalidSubnetID.NotFound": inVPC(
			b.vpc.ID, []any{"subnet-" + absent}, []any{b.group.ID}),
	})

	_, err := b.aws.TryCreate(projectType, "bare", b.project(in{"source": in{"type": "NO_SOURCE"}}))
	require.ErrorContains(t, err, "buildspec")
}

func TestBuildWebhook(t *testing.T) {
	t.Parallel()

	b := newBuilds(t)
	project := b.aws.Create(projectType, "runner", b.project(nil))
	webhook := b.aws.Create(webhookType, "runner", jobs())

	assert.Equal(t, "runner", webhook.ID)
	outputs(t, webhook, map[string]string{
		"url":        `https://api\.github\.com/repos/msur/platform/hooks/[0-9a-f]+`,
		"payloadUrl": `https://codebuild\.us-east-1\.amazonaws\.com/.+`,
	})
	assert.True(t, webhook.Outputs["secret"].IsSecret())
	assert.Empty(t, b.aws.Diff(webhook, jobs(in{"type": "WORKFLOW_NAME", "pattern": "Staging"})).GetReplaces())
	assert.NotEmpty(t, b.aws.Diff(webhook, in{"projectName": "other"}).GetReplaces())

	refuses(t, b.aws, webhookType, map[string]in{
		"ResourceAlreadyExistsException: Webhook already exists for project runner": jobs(),
		"ResourceNotFoundException: Project cannot be found: other":                 {"projectName": "other"},
	})

	require.NoError(t, b.aws.Delete(project))
	assert.Empty(t, b.Of(webhookType), "it is deleted with its project")
	require.NoError(t, b.aws.Delete(b.association))
	require.NoError(t, b.aws.Delete(b.group), "a project without builds has no network interfaces")
}

func TestWebhooksThatCodeBuildRefuses(t *testing.T) {
	t.Parallel()

	b := newBuilds(t)
	b.aws.Create(projectType, "runner", b.project(nil))
	b.aws.Create(projectType, "bucket", b.project(in{"name": "bucket", "source": in{"type": "S3", "location": "a/b"}}))

	refuses(t, b.aws, webhookType, map[string]in{
		"InvalidInputException: Webhooks are not supported":     {"projectName": "bucket"},
		"InvalidInputException: Invalid webhook filter type":    jobs(in{"type": "LABEL", "pattern": "a"}),
		"InvalidInputException: Invalid webhook filter pattern": jobs(in{"type": "EVENT", "pattern": "PUSH, WORKFLOW_JOB"}),
		"InvalidInputException: Each filter group": {
			"projectName": "runner", "filterGroups": []any{in{"filters": []any{in{"type": "HEAD_REF", "pattern": "a"}}}},
		},
	})

	_, err := b.aws.TryCreate(webhookType, "both", func() in {
		inputs := jobs()
		inputs["branchFilter"] = "main"

		return inputs
	}())
	require.ErrorContains(t, err, "conflicts with filter_group")
}
