package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	repositoryType          = "aws:ecr/repository:Repository"
	repositoryLifecycleType = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
)

func TestRepository(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("eu-west-1")
	repository := aws.Create(repositoryType, "r", in{"name": "platform/flights"})
	outputs(t, repository, map[string]string{
		"arn":           "arn:aws:ecr:eu-west-1:123456789012:repository/platform/flights",
		"repositoryUrl": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/platform/flights",
		"registryId":    "123456789012", "imageTagMutability": "MUTABLE",
	})
	assert.Regexp(t, `^named-[0-9a-f]{7}$`, aws.Create(repositoryType, "Named", in{}).ID)
	assert.Equal(t, []string{"encryptionConfigurations"}, aws.Diff(repository, in{
		"name": "platform/flights", "encryptionConfigurations": []any{in{"encryptionType": "KMS"}},
	}).GetReplaces())

	refuses(t, aws, repositoryType, map[string]in{
		"RepositoryAlreadyExistsException: The repository with name 'platform/flights' already": {"name": "platform/flights"},
		"InvalidParameterException":                     {"name": "Platform"},
		"InvalidParameterException: imageTagMutability": {"name": "a", "imageTagMutability": "FIXED"},
	})
	accepts(t, e.AWS("us-east-1"), repositoryType, map[string]in{"in another region": {"name": "platform/flights"}})

	lifecycle := aws.Create(repositoryLifecycleType, "l", in{
		"repository": "platform/flights", "policy": lasting("any", 1),
	})
	assert.Equal(t, "platform/flights", lifecycle.ID)
	require.NoError(t, aws.Delete(repository))
	assert.Empty(t, e.Of(repositoryLifecycleType), "it went with its repository")
}

// lasting is a lifecycle policy of one rule.
func lasting(status string, priority int) in {
	return in{"rules": []any{rule(status, priority)}}
}

func rule(status string, priority int) in {
	return in{
		"rulePriority": priority, "action": in{"type": "expire"},
		"selection": in{"tagStatus": status, "countType": "imageCountMoreThan", "countNumber": 10},
	}
}

func TestLifecyclesThatECRRefuses(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	repository := aws.Create(repositoryType, "r", in{}).ID

	const failure = "InvalidParameterException: Invalid parameter at 'LifecyclePolicyText' failed to satisfy " +
		"constraint: 'Lifecycle policy validation failure: "

	policy := func(rules ...any) in { return in{"repository": repository, "policy": in{"rules": rules}} }

	accepts(t, aws, repositoryLifecycleType, map[string]in{
		"any image last": policy(rule("any", 2), rule("untagged", 1)),
	})
	refuses(t, aws, repositoryLifecycleType, map[string]in{
		"RepositoryNotFoundException":                          {"repository": "other", "policy": lasting("any", 1)},
		failure + "it has no rules":                            policy(),
		failure + "a rule with tagStatus any must be the last": policy(rule("any", 1), rule("untagged", 2)),
		failure + "priority 1 is taken":                        policy(rule("tagged", 1), rule("untagged", 1)),
		failure + "rule 3 is incomplete":                       policy(in{"rulePriority": 3}),
	})
}
