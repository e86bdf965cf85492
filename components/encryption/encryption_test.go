package encryption_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/encryption"
	"github.com/msur/platform/components/graphtest"
)

func TestTheKeyRotatesAndHasAnExplicitPolicy(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program)

	g.One(t, "aws:kms/key:Key", "encryption-key").
		Under("encryption").
		Has("enableKeyRotation", true).
		Has("deletionWindowInDays", 7).
		Has("tags.Name", "sandbox-encryption").
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
					"Sid": "LogsEncryptsItsGroups",
					"Effect": "Allow",
					"Principal": {"Service": "logs.us-east-1.amazonaws.com"},
					"Action": [
						"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"
					],
					"Resource": ["*"],
					"Condition": {"ArnLike": {
						"kms:EncryptionContext:aws:logs:arn":
							"arn:aws:logs:us-east-1:123456789012:log-group:sandbox-*"
					}}
				}
			]
		}`)
}

func TestTheAliasNamesTheKey(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program)

	g.One(t, "aws:kms/alias:Alias", "encryption-alias").
		Under("encryption").
		DependsOn("encryption-key").
		Has("name", "alias/sandbox-encryption").
		Refers("targetKeyId", "aws:kms/key:Key", "encryption-key")
	assert.Len(t, g.Customs(), 2, "nothing else is made")
}

func program(ctx *pulumi.Context) error {
	_, err := encryption.New(ctx, "encryption", &encryption.Args{
		Environment:        "sandbox",
		Partition:          "aws",
		Region:             graphtest.Region,
		AccountID:          graphtest.AccountID,
		DeletionWindowDays: 7,
	})

	return err //nolint:wrapcheck // a test's program hands on what it is given
}
