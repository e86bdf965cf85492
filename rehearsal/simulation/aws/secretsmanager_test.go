package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestSecrets(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	key := aws.Create(keyType, "key", in{})
	made := aws.Create(secretType, "s", in{"name": "app/token", "kmsKeyId": key.Text("arn"), "policy": document})
	assert.Regexp(t, `^arn:aws:secretsmanager:us-east-1:123456789012:secret:app/token-[0-9a-f]{6}$`, made.ID)
	outputs(t, made, map[string]string{"arn": made.ID, "name": "app/token"})
	assert.Regexp(t, `^named-[0-9a-f]{7}$`, aws.Create(secretType, "named", in{}).Text("name"))
	assert.Regexp(t, `^app-[0-9a-f]{26}$`, aws.Create(secretType, "p", in{"namePrefix": "app-"}).Text("name"))

	refuses(t, aws, secretType, map[string]in{
		"ResourceExistsException: The operation failed because the": {"name": "app/token"},
		"InvalidParameterException: The RecoveryWindowInDays":       {"name": "x", "recoveryWindowInDays": 6},
		"MalformedPolicyDocumentException":                          {"name": "x", "policy": "{"},
		"EncryptionFailure":                                         {"name": "x", "kmsKeyId": "alias/none"},
	})
	accepts(t, aws, secretType, map[string]in{
		"the shortest window": {"recoveryWindowInDays": 7}, "AWS's own key": {"kmsKeyId": "alias/aws/secretsmanager"},
	})

	updated := aws.Update(made, in{"name": "app/token", "description": "d"})
	assert.Equal(t, made.ID, updated.Text("arn"))
	assert.Equal(t, []string{"name"}, aws.Diff(made, in{
		"name": "x", "kmsKeyId": key.Text("arn"), "policy": document,
	}).GetReplaces())
}

func TestADeletedSecretKeepsItsName(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	recoverable := aws.Create(secretType, "a", in{"name": "a"})
	require.NoError(t, aws.Delete(recoverable))
	assert.Empty(t, aws.Read(recoverable).ID, "for the provider it is gone")
	assert.Empty(t, e.Account.FindByURN(recoverable.URN))
	refuses(t, aws, secretType, map[string]in{
		"InvalidRequestException: You can't create this secret because a secret": {"name": "a"},
	})
	e.AWS("us-west-2").Create(secretType, "a", in{"name": "a"})

	immediate := aws.Create(secretType, "b", in{"name": "b", "recoveryWindowInDays": 0})
	require.NoError(t, aws.Delete(immediate))
	assert.NotEqual(t, immediate.ID, aws.Create(secretType, "b", in{"name": "b"}).ID)
}
