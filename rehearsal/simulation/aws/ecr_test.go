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
		"name: got Platform":            {"name": "Platform"},
		"imageTagMutability: got FIXED": {"name": "a", "imageTagMutability": "FIXED"},
	})
	accepts(t, e.AWS("us-east-1"), repositoryType, map[string]in{"in another region": {"name": "platform/flights"}})

	lifecycle := aws.Create(repositoryLifecycleType, "l", in{
		"repository": "platform/flights", "policy": "{}",
	})
	assert.Equal(t, "platform/flights", lifecycle.ID)
	require.NoError(t, aws.Delete(repository))
	assert.Empty(t, e.Of(repositoryLifecycleType), "it was deleted with its repository")
}
