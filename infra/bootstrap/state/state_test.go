package state_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/infra/bootstrap/state"
)

const (
	bucketType = "aws:s3/bucketV2:BucketV2"
	bucketID   = "BucketV2-state-bucket"
)

func run(t *testing.T, protect bool) *graphtest.Graph {
	t.Helper()

	return graphtest.Run(t, func(ctx *pulumi.Context) error {
		_, err := state.New(ctx, "state", &state.Args{
			Name: "platform", Place: graphtest.Place(),
			Users: []string{"platform-deploy", "sandbox-*"}, Protect: protect,
		})

		return err
	})
}

// Control A5.
func TestTheBucketIsVersionedEncryptedAndPrivate(t *testing.T) {
	t.Parallel()

	g := run(t, true)

	g.One(t, bucketType, "state-bucket").
		Under("state").
		Has("bucketPrefix", "platform-state-").
		HasNo("bucket").
		HasNo("forceDestroy")
	g.One(t, "aws:s3/bucketVersioningV2:BucketVersioningV2", "state-versions").
		Has("bucket", bucketID).
		Has("versioningConfiguration.status", "Enabled")
	g.One(t, "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
		"state-encryption").
		Has("bucket", bucketID).
		Has("rules[0].applyServerSideEncryptionByDefault.sseAlgorithm", "aws:kms").
		Refers("rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId", "aws:kms/key:Key", "state-key").
		Has("rules[0].bucketKeyEnabled", true)
	g.One(t, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "state-private").
		Has("bucket", bucketID).
		Has("blockPublicAcls", true).
		Has("blockPublicPolicy", true).
		Has("ignorePublicAcls", true).
		Has("restrictPublicBuckets", true)
	g.One(t, "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "state-owned").
		Has("bucket", bucketID).
		Has("rule.objectOwnership", "BucketOwnerEnforced")
}

func TestTheBucketRequiresCurrentTLS(t *testing.T) {
	t.Parallel()

	run(t, true).One(t, "aws:s3/bucketPolicy:BucketPolicy", "state-closed").
		Has("bucket", bucketID).
		JSON("policy", `{
			"Version": "2012-10-17",
			"Statement": [
				{
					"Sid": "TLSOnly",
					"Effect": "Deny",
					"Principal": {"AWS": "*"},
					"Action": ["s3:*"],
					"Resource": [
						"arn:aws:s3:us-east-1:123456789012:BucketV2-state-bucket",
						"arn:aws:s3:us-east-1:123456789012:BucketV2-state-bucket/*"
					],
					"Condition": {"Bool": {"aws:SecureTransport": ["false"]}}
				},
				{
					"Sid": "CurrentTLSOnly",
					"Effect": "Deny",
					"Principal": {"AWS": "*"},
					"Action": ["s3:*"],
					"Resource": [
						"arn:aws:s3:us-east-1:123456789012:BucketV2-state-bucket",
						"arn:aws:s3:us-east-1:123456789012:BucketV2-state-bucket/*"
					],
					"Condition": {"NumericLessThan": {"s3:TlsVersion": ["1.2"]}}
				}
			]
		}`)
}

func TestOldVersionsExpire(t *testing.T) {
	t.Parallel()

	run(t, true).One(t, "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "state-lifecycle").
		Has("bucket", bucketID).
		Has("rules[0].status", "Enabled").
		Has("rules[0].noncurrentVersionExpiration.noncurrentDays", 90).
		Has("rules[0].noncurrentVersionExpiration.newerNoncurrentVersions", 10).
		HasNo("rules[0].expiration").
		Has("rules[1].status", "Enabled").
		Has("rules[1].abortIncompleteMultipartUpload.daysAfterInitiation", 7).
		HasNo("rules[1].expiration")
}

// Control A3.
func TestTheKeyRotatesAndItsUsersCannotChangeIt(t *testing.T) {
	t.Parallel()

	g := run(t, true)

	g.One(t, "aws:kms/key:Key", "state-key").
		Under("state").
		Has("enableKeyRotation", true).
		Has("deletionWindowInDays", 30).
		JSON("policy", `{
			"Version": "2012-10-17",
			"Statement": [
				{
					"Sid": "AccountDelegatesToIAM",
					"Effect": "Allow",
					"Principal": {"AWS": "arn:aws:iam::123456789012:root"},
					"Action": ["kms:*"],
					"Resource": ["*"]
				},
				{
					"Sid": "UsersNeverChangeIt",
					"Effect": "Deny",
					"Principal": {"AWS": "*"},
					"Action": [
						"kms:CreateAlias", "kms:CreateGrant", "kms:Disable*", "kms:Put*", "kms:ScheduleKeyDeletion",
						"kms:TagResource", "kms:UntagResource", "kms:Update*"
					],
					"Resource": ["*"],
					"Condition": {"ArnLike": {"aws:PrincipalArn": [
						"arn:aws:iam::123456789012:role/platform-deploy", "arn:aws:iam::123456789012:role/sandbox-*"
					]}}
				}
			]
		}`)
	g.One(t, "aws:kms/alias:Alias", "state-alias").
		Has("name", "alias/platform-state").
		Refers("targetKeyId", "aws:kms/key:Key", "state-key")
}

// A retained bucket without its guards would accept plain HTTP.
func TestTheBucketAndItsGuardsAreRetained(t *testing.T) {
	t.Parallel()

	for _, protect := range []bool{true, false} {
		for _, r := range run(t, protect).Customs() {
			if r.Type == "aws:kms/alias:Alias" {
				assert.False(t, r.RetainOnDelete, "the next incarnation needs the name")

				continue
			}

			assert.True(t, r.RetainOnDelete, "%s stays", r.Name)
			assert.Equal(t, protect, r.Protect, "protection of %s", r.Name)
		}
	}
}

func TestTheNameOfTheBucketWaitsForItsGuards(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, func(ctx *pulumi.Context) error {
		made, err := state.New(ctx, "state", &state.Args{Name: "platform"})
		if err != nil {
			return err
		}

		return ctx.RegisterResource("test:index:Reader", "reader",
			pulumi.Map{"bucket": made.BucketARN}, &pulumi.CustomResourceState{})
	})

	g.One(t, "test:index:Reader", "reader").DependsOn(
		"state-bucket", "state-closed", "state-encryption", "state-owned", "state-private", "state-versions")
}
