// Package encryption holds the key that encrypts whatever an environment keeps: logs, Kubernetes secrets,
// databases, caches.
package encryption

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/policy"
	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of an Encryption. All are required but for KeepData.
type Args struct {
	// Environment starts every physical name, such as "sandbox".
	Environment string
	// Place is where the key is: its policy names it.
	Place scope.Place
	// DeletionWindowDays is how long a deleted key can still be brought back, 7 to 30 days (KMS's bounds).
	DeletionWindowDays int
	// LogGroups are the names of the log groups that CloudWatch Logs may encrypt with the key, at least one; "*" in
	// them stands for whatever, as in "sandbox-*".
	LogGroups []string
	// KeepData keeps the key in the account when the environment is deleted: snapshots that are left are unreadable
	// without.
	KeepData bool
}

// Encryption is an environment's KMS key. It rotates yearly, and its policy is explicit.
type Encryption struct {
	pulumi.ResourceState

	// KeyARN is the ARN of the key.
	KeyARN pulumi.StringOutput
}

// New makes an environment's key and its alias. It fails before it makes anything where there are no LogGroups.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Encryption, error) {
	document, err := keyPolicy(args)
	if err != nil {
		return nil, fmt.Errorf("planning the policy of %s: %w", name, err)
	}

	component := &Encryption{}

	scoped, err := scope.Register(ctx, "platform:encryption:Encryption", name, args.Environment+"-encryption", component, opts...)
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

// keyPolicy lets the account decide by IAM who uses the key, and CloudWatch Logs encrypt the log groups of the
// arguments with it, and no others: the encryption context that the service sends is the log group's ARN
// (CloudWatch Logs User Guide, "Encrypt log data using AWS KMS").
func keyPolicy(args *Args) (string, error) {
	if len(args.LogGroups) == 0 {
		return "", errors.New("key policy: there are no log groups, and KMS takes no condition without a value")
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
			Principal: policy.Service(fmt.Sprintf("logs.%s.amazonaws.com", args.Place.Region)),
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
