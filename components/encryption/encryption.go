// Package encryption holds the key that encrypts whatever an environment keeps: logs, Kubernetes secrets,
// databases, caches.
package encryption

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Args are the inputs of an Encryption. All are required but for KeepData.
type Args struct {
	// Environment starts every physical name, such as "sandbox".
	Environment string
	// Partition, Region and AccountID say where the key is, as in "aws", "us-east-1" and "123456789012":
	// its policy names them.
	Partition, Region, AccountID string
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

	component, physical := &Encryption{}, args.Environment+"-encryption"

	err = ctx.RegisterComponentResource("platform:encryption:Encryption", name, component, opts...)
	if err != nil {
		return nil, fmt.Errorf("registering %s: %w", name, err)
	}

	key, err := kms.NewKey(ctx, name+"-key", &kms.KeyArgs{
		Description:          pulumi.String("Encrypts what the " + args.Environment + " environment keeps"),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(args.DeletionWindowDays),
		Policy:               pulumi.String(document),
		Tags:                 pulumi.StringMap{"Name": pulumi.String(physical)},
	}, pulumi.Parent(component), pulumi.RetainOnDelete(args.KeepData))
	if err != nil {
		return nil, fmt.Errorf("making the key of %s: %w", name, err)
	}

	_, err = kms.NewAlias(ctx, name+"-alias", &kms.AliasArgs{
		Name:        pulumi.String("alias/" + physical),
		TargetKeyId: key.ID(),
	}, pulumi.Parent(component))
	if err != nil {
		return nil, fmt.Errorf("making the alias of %s: %w", name, err)
	}

	component.KeyARN = key.Arn

	err = ctx.RegisterResourceOutputs(component, pulumi.Map{"keyArn": component.KeyARN})
	if err != nil {
		return nil, fmt.Errorf("registering the outputs of %s: %w", name, err)
	}

	return component, nil
}
