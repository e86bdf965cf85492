package stacks

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/encryption"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/stacks/settings"
)

// Deploy composes an environment. It asks the account what it must know before it makes anything.
func Deploy(ctx *pulumi.Context, environment *Environment) (*Outputs, error) {
	provider, err := awsProvider(ctx, environment.Settings)
	if err != nil {
		return nil, err
	}

	account, err := lookUpAccount(ctx, environment, provider)
	if err != nil {
		return nil, err
	}

	key, err := encryption.New(ctx, "encryption", &encryption.Args{
		Environment:        environment.Name,
		Partition:          account.partition,
		Region:             environment.Settings.Region,
		AccountID:          account.id,
		DeletionWindowDays: environment.policy.keyDeletionWindowDays,
		LogGroups:          []string{environment.Name + "-*"},
	}, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("deploying encryption: %w", err)
	}

	tuned := environment.Settings.Network

	vpc, err := network.New(ctx, "network", &network.Args{
		Environment:        environment.Name,
		Partition:          account.partition,
		Region:             environment.Settings.Region,
		AccountID:          account.id,
		CIDR:               tuned.CIDR,
		Zones:              tuned.Zones,
		NAT:                tuned.NAT,
		InterfaceEndpoints: tuned.InterfaceEndpoints,
		Domain:             environment.Name + "." + tuned.Domain,
		ClusterName:        environment.Name,
		LogRetentionDays:   environment.policy.logRetentionDays,
		KeyARN:             key.KeyARN,
	}, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("deploying the network: %w", err)
	}

	return &Outputs{
		Environment:      environment.Name,
		Zones:            slices.Sorted(slices.Values(tuned.Zones)),
		VPCID:            vpc.VPCID,
		PublicSubnetIDs:  vpc.PublicSubnetIDs,
		PrivateSubnetIDs: vpc.PrivateSubnetIDs,
		DataSubnetIDs:    vpc.DataSubnetIDs,
	}, nil
}

// awsProvider is the one provider of everything in AWS, so that nothing goes to the region or carries the
// tags of somebody's shell.
func awsProvider(ctx *pulumi.Context, tuned settings.Settings) (*aws.Provider, error) {
	// Left out where no account is named: an empty list would be one more difference to look at.
	var allowed pulumi.StringArrayInput
	if len(tuned.AllowedAccountIDs) > 0 {
		allowed = pulumi.ToStringArray(tuned.AllowedAccountIDs)
	}

	provider, err := aws.NewProvider(ctx, "aws", &aws.ProviderArgs{
		Region:            pulumi.String(tuned.Region),
		AllowedAccountIds: allowed,
		DefaultTags:       aws.ProviderDefaultTagsArgs{Tags: pulumi.ToStringMap(tuned.DefaultTags.Tags)},
	})
	if err != nil {
		return nil, fmt.Errorf("configuring the AWS provider: %w", err)
	}

	return provider, nil
}
