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

// project is a project's inputs, with changes.
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

// jobs are the inputs of a webhook for an event.
func jobs(event string) in {
	return in{"projectName": "runner", "buildType": "BUILD", "filterGroups": []any{in{
		"filters": []any{in{"type": "EVENT", "pattern": event}},
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
		"outside a VPC": b.project(in{"name": "outside", "vpcConfig": nil}),
		"the longest":   b.project(in{"name": "long", "buildTimeout": 2160, "queuedTimeout": 5}),
	})
}

func TestBuildProjectRefusals(t *testing.T) {
	t.Parallel()

	b := newBuilds(t)
	stranger := b.aws.Create(roleType, "stranger", in{"assumeRolePolicy": trustOf("ec2.amazonaws.com")})
	powerless := b.aws.Create(roleType, "powerless", in{"assumeRolePolicy": trustOf("codebuild.amazonaws.com")})

	refuses(t, b.aws, projectType, map[string]in{
		"InvalidInputException: CodeBuild is not authorized": b.project(in{"serviceRole": stranger.Text("arn")}),
		"InvalidInputException: Not authorized to perform":   b.project(in{"serviceRole": powerless.Text("arn")}),
		"source.location: got https://x": b.project(in{"source": in{
			"type": "GITHUB", "location": "https://x",
		}}),
		"artifacts.type: got NONE, expected one": b.project(in{"artifacts": in{"type": "NONE"}}),
		"buildTimeout: got 4, expected 5 to 216": b.project(in{"buildTimeout": 4}),
		"queuedTimeout: got 481, expected 5 to":  b.project(in{"queuedTimeout": 481}),
		"InvalidSubnetID.NotFound": b.project(in{"vpcConfig": in{
			"vpcId": b.vpc.ID, "subnets": []any{"subnet-" + absent}, "securityGroupIds": []any{b.group.ID},
		}}),
	})
	declines(t, b.aws, projectType, map[string]in{
		"source.type S3 is not simulated": b.project(in{"name": "bucket", "source": in{
			"type": "S3", "location": "https://github.com/a/b",
		}}),
	})
}

func TestBuildWebhook(t *testing.T) {
	t.Parallel()

	b := newBuilds(t)
	project := b.aws.Create(projectType, "runner", b.project(nil))
	declines(t, b.aws, webhookType, map[string]in{
		"filterGroups[0].filters[0].pattern PUSH is not simulated": jobs("PUSH"),
	})

	webhook := b.aws.Create(webhookType, "runner", jobs("WORKFLOW_JOB_QUEUED"))

	assert.Equal(t, "runner", webhook.ID)
	outputs(t, webhook, map[string]string{"payloadUrl": `https://codebuild\.us-east-1\.amazonaws\.com/.+`})
	assert.True(t, webhook.Outputs["secret"].IsSecret())
	assert.NotEmpty(t, b.aws.Diff(webhook, in{"projectName": "other"}).GetReplaces())

	refuses(t, b.aws, webhookType, map[string]in{
		"ResourceAlreadyExistsException: Webhook already exists for project runner": jobs("WORKFLOW_JOB_QUEUED"),
		"ResourceNotFoundException: Project cannot be found: other":                 {"projectName": "other"},
	})
	require.NoError(t, b.aws.Delete(project))
	assert.Empty(t, b.Of(webhookType), "it is deleted with its project")
	require.NoError(t, b.aws.Delete(b.association))
	require.NoError(t, b.aws.Delete(b.group), "a project without builds has no network interfaces")
}
