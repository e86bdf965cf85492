// Package encryption creates the key that encrypts all data of an environment: logs, Kubernetes secrets, the database
// and the cache.
package encryption

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/policy"
	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of an Encryption. All are required except KeepData.
type Args struct {
	// Environment is the prefix of physical names, such as "sandbox".
	Environment string
	// Place is where the key is: its policy names it.
	Place scope.Place
	// DeletionWindowDays is how long the deletion of the key can be cancelled, 7 to 30 days (KMS's bounds).
	DeletionWindowDays int
	// LogGroups are the names of the log groups that CloudWatch Logs is allowed to encrypt with the key, at least one.
	// They may be patterns, such as "sandbox-*".
	LogGroups []string
	// KeepData keeps the key in the account when the environment is deleted: without it, remaining snapshots are
	// unreadable.
	KeepData bool
}

// Encryption is an environment's KMS key. It rotates yearly, and its policy is explicit.
type Encryption struct {
	pulumi.ResourceState

	// KeyARN is the ARN of the key.
	KeyARN pulumi.StringOutput
}

// New creates an environment's key and its alias. It fails before it creates anything if there are no LogGroups.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Encryption, error) {
	document, err := keyPolicy(args)
	if err != nil {
		return nil, fmt.Errorf("planning the policy of %s: %w", name, err)
	}

	component := &Encryption{}

	scoped, err := scope.Register(
		ctx, "platform:encryption:Encryption", name, args.Environment+"-encryption", component, opts...)
	if err != nil {
		return nil, err
	}

	key, err := kms.NewKey(ctx, scoped.Logical("key"), &kms.KeyArgs{
		Description:          pulumi.String("Encrypts what the " + args.Environment + " environment keeps"),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(args.DeletionWindowDays),
		Policy:               pulumi.String(document),
		Tags:                 scoped.Tags(""),
	}, scoped.Child(), pulumi.RetainOnDelete(args.KeepData))
	if err != nil {
		return nil, fmt.Errorf("creating the key of %s: %w", name, err)
	}

	_, err = kms.NewAlias(ctx, scoped.Logical("alias"), &kms.AliasArgs{
		Name:        pulumi.String("alias/" + scoped.Prefix),
		TargetKeyId: key.ID(),
	}, scoped.Child())
	if err != nil {
		return nil, fmt.Errorf("creating the alias of %s: %w", name, err)
	}

	component.KeyARN = key.Arn

	return component, scoped.RegisterOutputs(pulumi.Map{"keyArn": component.KeyARN})
}

// keyPolicy delegates access to the key to the account's IAM policies, and allows CloudWatch Logs to encrypt the log
// groups of the arguments and no others: the service's encryption context is the log group's ARN (CloudWatch Logs User
// Guide, "Encrypt log data using AWS KMS").
func keyPolicy(args *Args) (string, error) {
	if len(args.LogGroups) == 0 {
		return "", errors.New("key policy: got no log groups, expected at least one: KMS refuses a condition without a value")
	}

	var groups []string
	for _, pattern := range args.LogGroups {
		groups = append(groups, args.Place.ARN("logs", "log-group:"+pattern))
	}

	text, err := policy.JSON(
		policy.Statement{
			SID:       "AccountDelegatesToIAM",
			Principal: map[string]string{"AWS": args.Place.IAM("root")},
			Actions:   []string{"kms:*"},
			Resources: []string{"*"},
		},
		policy.Statement{
			SID:       "LogsEncryptsItsGroups",
			Principal: policy.Service(args.Place.Host("logs")),
			Actions: []string{
				"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey",
			},
			Resources:  []string{"*"},
			Conditions: policy.Conditions{"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
		},
	)
	if err != nil {
		return "", fmt.Errorf("key policy: %w", err)
	}

	return text, nil
}
