package state

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/policy"
)

// deletionDays is KMS's maximum: without the key, no state can be read.
const deletionDays = 30

// key encrypts states, and the stacks' secrets in them.
func (b *builder) key() (*kms.Key, error) {
	document, err := policy.JSON(b.keyPolicy()...)
	if err != nil {
		return nil, fmt.Errorf("policy of the key of %s: %w", b.Name, err)
	}

	key, err := kms.NewKey(b.Ctx, b.Logical("key"), &kms.KeyArgs{
		Description:          pulumi.String("Encrypts Pulumi's states and the secrets in them"),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(deletionDays),
		Policy:               pulumi.String(document),
		Tags:                 b.Tags(""),
	}, b.kept())
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", b.Name, err)
	}

	_, err = kms.NewAlias(b.Ctx, b.Logical("alias"), &kms.AliasArgs{
		Name: pulumi.String("alias/" + b.Prefix), TargetKeyId: key.ID(),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("alias of the key of %s: %w", b.Name, err)
	}

	return key, nil
}

// keyPolicy delegates access to the key to the account's IAM policies. Pipelines create and delete the keys of
// environments, and IAM policies cannot tell keys apart by name, so this key itself denies changes by pipelines.
func (b *builder) keyPolicy() []policy.Statement {
	users := make([]string, 0, len(b.args.Users))
	for _, user := range b.args.Users {
		users = append(users, b.args.Place.IAM("role/"+user))
	}

	return []policy.Statement{
		{
			SID:       "AccountDelegatesToIAM",
			Principal: map[string]string{"AWS": b.args.Place.IAM("root")},
			Actions:   []string{"kms:*"},
			Resources: []string{"*"},
		},
		{
			SID:       "UsersNeverChangeIt",
			Deny:      true,
			Principal: policy.Anybody(),
			Actions: []string{
				"kms:CreateAlias", "kms:CreateGrant", "kms:Disable*", "kms:Put*", "kms:ScheduleKeyDeletion",
				"kms:TagResource", "kms:UntagResource", "kms:Update*",
			},
			Resources:  []string{"*"},
			Conditions: policy.Conditions{"ArnLike": {"aws:PrincipalArn": users}},
		},
	}
}
