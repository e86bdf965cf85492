package encryption_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/encryption"
	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/scope"
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
							["arn:aws:logs:us-east-1:123456789012:log-group:sandbox-*"]
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
	assert.Len(t, g.Customs(), 2, "nothing else is created")
}

func TestTheClusterUsesTheGivenKey(t *testing.T) {
	t.Parallel()

	const days = 30

	var values graphtest.Values

	g := graphtest.Run(t, func(ctx *pulumi.Context) error {
		made, err := encryption.New(ctx, "encryption", &encryption.Args{
			Environment: "staging", Place: scope.Place{Partition: "aws-cn", Region: "cn-north-1", AccountID: "210987654321"},
			DeletionWindowDays: days, LogGroups: []string{"staging-*", "/aws/eks/staging/*"},
		})
		if err != nil {
			return err
		}

		values.Keep("key", made.KeyARN)

		return nil
	})

	values.Has(t, "key", "arn:aws:kms:us-east-1:123456789012:Key-encryption-key")

	g.One(t, "aws:kms/key:Key", "encryption-key").
		Has("deletionWindowInDays", days).
		Has("tags.Name", "staging-encryption")

	policy := g.All("aws:kms/key:Key")[0].Inputs["policy"].StringValue()
	assert.Contains(t, policy, `"arn:aws-cn:iam::210987654321:root"`)
	assert.Contains(t, policy, `"logs.cn-north-1.amazonaws.com.cn"`)
	assert.Contains(t, policy, `["arn:aws-cn:logs:cn-north-1:210987654321:log-group:staging-*",`+
		`"arn:aws-cn:logs:cn-north-1:210987654321:log-group:/aws/eks/staging/*"]`)

	g.One(t, "aws:kms/alias:Alias", "encryption-alias").Has("name", "alias/staging-encryption")
}

func TestAKeyWithoutLogGroupsIsRefused(t *testing.T) {
	t.Parallel()

	g, err := graphtest.Try(func(ctx *pulumi.Context) error {
		_, err := encryption.New(ctx, "encryption", &encryption.Args{Environment: "sandbox"})

		return err
	})

	require.ErrorContains(t, err, "log groups")
	assert.Empty(t, g.Customs())
	g.None(t, "platform:encryption:Encryption")
}

func program(ctx *pulumi.Context) error {
	_, err := encryption.New(ctx, "encryption", &encryption.Args{
		Environment:        "sandbox",
		Place:              graphtest.Place(),
		DeletionWindowDays: 7,
		LogGroups:          []string{"sandbox-*"},
	})

	return err
}

// A retained snapshot is unreadable without its key.
func TestTheKeyIsRetainedWithTheData(t *testing.T) {
	t.Parallel()

	for _, keeps := range []bool{true, false} {
		g := graphtest.Run(t, func(ctx *pulumi.Context) error {
			_, err := encryption.New(ctx, "encryption", &encryption.Args{
				Environment: "staging", DeletionWindowDays: 30, LogGroups: []string{"staging-*"}, KeepData: keeps,
			})

			return err
		})

		assert.Equal(t, keeps, g.All("aws:kms/key:Key")[0].RetainOnDelete)
		assert.False(t, g.All("aws:kms/alias:Alias")[0].RetainOnDelete, "the next key needs the alias")
	}
}
