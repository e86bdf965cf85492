package stacks

import (
	"fmt"
	"slices"
	"strings"

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
	provider, err := aws.NewProvider(ctx, "aws", &aws.ProviderArgs{
		Region:      pulumi.String(tuned.Region),
		DefaultTags: aws.ProviderDefaultTagsArgs{Tags: pulumi.ToStringMap(tuned.DefaultTags.Tags)},
	})
	if err != nil {
		return nil, fmt.Errorf("configuring the AWS provider: %w", err)
	}

	return provider, nil
}

// account is what the program must know of the AWS account that it deploys to.
type account struct{ id, partition string }

// lookUpAccount asks the account who it is, and refuses zones that it does not offer.
func lookUpAccount(ctx *pulumi.Context, environment *Environment, provider *aws.Provider) (*account, error) {
	identity, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{}, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("asking AWS whose account this is (are there credentials?): %w", err)
	}

	partition, err := aws.GetPartition(ctx, &aws.GetPartitionArgs{}, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("asking AWS which partition this is: %w", err)
	}

	offered, err := network.OfferedZones(ctx, environment.Settings.Region, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("asking AWS for its zones: %w", err)
	}

	if problems := environment.unofferedZones(offered); len(problems) > 0 {
		return nil, problems
	}

	return &account{id: identity.AccountId, partition: partition.Partition}, nil
}

// unofferedZones finds the zones of the settings that are not among those offered.
func (e *Environment) unofferedZones(offered []string) settings.Problems {
	var problems settings.Problems

	zones := e.Settings.Network.Zones
	unused := slices.DeleteFunc(slices.Clone(offered), func(zone string) bool { return slices.Contains(zones, zone) })

	for i, zone := range zones {
		if slices.Contains(offered, zone) {
			continue
		}

		path := fmt.Sprintf("platform:network.zones[%d]", i)
		mend := settings.RemoveCommand(e.Name, path)

		if len(unused) > 0 {
			mend = settings.SetCommand(e.Name, path, unused[0])
			unused = unused[1:]
		}

		problems = append(problems, settings.Problem{
			Path: path,
			Got:  fmt.Sprintf("%q", zone),
			Want: fmt.Sprintf("one that this account offers in %s and EKS accepts: %s",
				e.Settings.Region, strings.Join(offered, ", ")),
			Mend: mend,
		})
	}

	return problems
}
