package state

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// oldDays is how long a replaced state can be restored, the period that an incident review covers.
	oldDays = 90
	// oldVersions is how many versions are kept regardless of their age, so that an unchanged stack keeps a history.
	oldVersions = 10
	// abandonedDays is how long an incomplete upload is kept.
	abandonedDays = 7
	enabled       = "Enabled"
)

// bucket keeps a version of a state for each time it is written.
func (b *builder) bucket() (*s3.BucketV2, error) {
	return s3.NewBucketV2(b.Ctx, b.Logical("bucket"), &s3.BucketV2Args{
		BucketPrefix: pulumi.String(b.Prefix + "-"),
		Tags:         b.Tags(""),
	}, b.kept())
}

// guard creates the resources that protect the bucket, and returns them.
func (b *builder) guard(bucket *s3.BucketV2, key *kms.Key) ([]pulumi.Resource, error) {
	var guards []pulumi.Resource

	for _, declare := range []func(*s3.BucketV2) (pulumi.Resource, error){
		b.versions, b.encryption(key), b.private, b.owned, b.closed, b.lifecycle,
	} {
		guard, err := declare(bucket)
		if err != nil {
			return nil, fmt.Errorf("bucket of %s: %w", b.Name, err)
		}

		guards = append(guards, guard)
	}

	return guards, nil
}

// versions keeps states that a failed run overwrites.
func (b *builder) versions(bucket *s3.BucketV2) (pulumi.Resource, error) {
	return s3.NewBucketVersioningV2(b.Ctx, b.Logical("versions"), &s3.BucketVersioningV2Args{
		Bucket: bucket.ID(),
		VersioningConfiguration: s3.BucketVersioningV2VersioningConfigurationArgs{
			Status: pulumi.String(enabled),
		},
	}, b.kept())
}

// encryption uses our key. S3 requests it occasionally, not for each object.
func (b *builder) encryption(key *kms.Key) func(*s3.BucketV2) (pulumi.Resource, error) {
	return func(bucket *s3.BucketV2) (pulumi.Resource, error) {
		return s3.NewBucketServerSideEncryptionConfigurationV2(b.Ctx, b.Logical("encryption"),
			&s3.BucketServerSideEncryptionConfigurationV2Args{
				Bucket: bucket.ID(),
				Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{
					s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
						ApplyServerSideEncryptionByDefault: defaultEncryption(key),
						BucketKeyEnabled:                   pulumi.Bool(true),
					},
				},
			}, b.kept())
	}
}

func defaultEncryption(
	key *kms.Key,
) s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs {
	return s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
		SseAlgorithm: pulumi.String("aws:kms"), KmsMasterKeyId: key.Arn,
	}
}

// private refuses any policy or access list that would make the bucket public.
func (b *builder) private(bucket *s3.BucketV2) (pulumi.Resource, error) {
	return s3.NewBucketPublicAccessBlock(b.Ctx, b.Logical("private"), &s3.BucketPublicAccessBlockArgs{
		Bucket:                bucket.ID(),
		BlockPublicAcls:       pulumi.Bool(true),
		BlockPublicPolicy:     pulumi.Bool(true),
		IgnorePublicAcls:      pulumi.Bool(true),
		RestrictPublicBuckets: pulumi.Bool(true),
	}, b.kept())
}

// owned makes the account the owner of every object, and disables access lists.
func (b *builder) owned(bucket *s3.BucketV2) (pulumi.Resource, error) {
	return s3.NewBucketOwnershipControls(b.Ctx, b.Logical("owned"), &s3.BucketOwnershipControlsArgs{
		Bucket: bucket.ID(),
		Rule:   s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String("BucketOwnerEnforced")},
	}, b.kept())
}

// lifecycle deletes old versions: the engine writes a state for each step of each run.
func (b *builder) lifecycle(bucket *s3.BucketV2) (pulumi.Resource, error) {
	everything := s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")}

	return s3.NewBucketLifecycleConfigurationV2(b.Ctx, b.Logical("lifecycle"), &s3.BucketLifecycleConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules: s3.BucketLifecycleConfigurationV2RuleArray{
			s3.BucketLifecycleConfigurationV2RuleArgs{
				Id: pulumi.String("old-versions"), Status: pulumi.String(enabled), Filter: everything,
				NoncurrentVersionExpiration: s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionExpirationArgs{
					NoncurrentDays: pulumi.Int(oldDays), NewerNoncurrentVersions: pulumi.Int(oldVersions),
				},
			},
			s3.BucketLifecycleConfigurationV2RuleArgs{
				Id: pulumi.String("abandoned-uploads"), Status: pulumi.String(enabled), Filter: everything,
				AbortIncompleteMultipartUpload: s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{
					DaysAfterInitiation: pulumi.Int(abandonedDays),
				},
			},
		},
	}, b.kept())
}
