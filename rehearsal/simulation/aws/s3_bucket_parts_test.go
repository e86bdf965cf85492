package aws_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	bucketEncryptionType = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	bucketLifecycleType  = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	bucketOwnershipType  = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
	bucketPolicyType     = "aws:s3/bucketPolicy:BucketPolicy"
	bucketPrivateType    = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
	bucketVersioningType = "aws:s3/bucketVersioningV2:BucketVersioningV2"
)

// bucketParts are valid inputs of a bucket's parts.
func bucketParts(bucket string) map[string]in {
	return map[string]in{
		bucketVersioningType: {"bucket": bucket, "versioningConfiguration": in{"status": "Enabled"}},
		bucketOwnershipType:  {"bucket": bucket, "rule": in{"objectOwnership": "BucketOwnerEnforced"}},
		bucketPrivateType:    {"bucket": bucket, "blockPublicPolicy": true},
		bucketPolicyType:     {"bucket": bucket, "policy": document},
		bucketEncryptionType: {"bucket": bucket, "rules": []any{in{
			"applyServerSideEncryptionByDefault": in{"sseAlgorithm": "aws:kms"},
		}}},
		bucketLifecycleType: {"bucket": bucket, "rules": []any{in{
			"id": "old", "status": "Enabled", "noncurrentVersionExpiration": in{"noncurrentDays": 90},
		}}},
	}
}

func TestBucketPartsAreDeletedWithTheirBucket(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	bucket := aws.Create(bucketType, "b", in{"bucketPrefix": "states-"})
	assert.Regexp(t, `^states-[0-9a-f]{26}$`, bucket.ID)

	for token, inputs := range bucketParts(bucket.ID) {
		part := aws.Create(token, "part", inputs)
		assert.Equal(t, bucket.ID, part.ID, token)

		moved := maps.Clone(inputs)
		moved["bucket"] = "other"
		assert.Equal(t, []string{"bucket"}, aws.Diff(part, moved).GetReplaces(), token)
		refuses(t, aws, token, map[string]in{"NoSuchBucket: The specified bucket does not exist: other": moved})
	}

	private := aws.Create(bucketPrivateType, "again", in{"bucket": bucket.ID})
	assert.False(t, private.Outputs["blockPublicAcls"].BoolValue())

	require.NoError(t, aws.Delete(bucket))

	for token := range bucketParts(bucket.ID) {
		assert.Empty(t, e.Of(token), "it was deleted with its bucket")
	}
}

func TestBucketPartRefusals(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	bucket := aws.Create(bucketType, "b", in{}).ID

	refuses(t, aws, bucketVersioningType, map[string]in{
		"versioningConfiguration.status: got On": {"bucket": bucket, "versioningConfiguration": in{"status": "On"}},
	})
	refuses(t, aws, bucketOwnershipType, map[string]in{
		"rule.objectOwnership: got Mine": {"bucket": bucket, "rule": in{"objectOwnership": "Mine"}},
	})
	declines(t, aws, bucketEncryptionType, map[string]in{
		"sseAlgorithm kms is not simulated": {"bucket": bucket, "rules": []any{in{
			"applyServerSideEncryptionByDefault": in{"sseAlgorithm": "kms"},
		}}},
	})

	refuses(t, aws, bucketPolicyType, map[string]in{
		"policy: got no": {"bucket": bucket, "policy": "no"}, "MalformedPolicyDocument": {"bucket": bucket, "policy": "{}"},
	})
}
