package stacks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/database"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
	"github.com/msur/platform/components/runner"
	"github.com/msur/platform/stacks/settings"
)

// existingLogGroups returns the names of the log groups that the account has of those that the environment declares. A
// destroyed environment leaves some: the last lines of its cluster and its database arrive late, and EKS and RDS create
// their log groups again for them.
func (e *Environment) existingLogGroups(ctx *pulumi.Context, provider *aws.Provider) ([]string, error) {
	var existing []string

	for _, name := range []string{
		cluster.LogGroupName(e.Name), strings.TrimSuffix(database.LogGroupNames(e.Name), "*"), network.LogGroupName(e.Name),
		runner.LogGroupName(e.Name),
	} {
		found, err := cloudwatch.GetLogGroups(ctx, &cloudwatch.GetLogGroupsArgs{
			LogGroupNamePrefix: &name,
		}, pulumi.Provider(provider))
		if err != nil {
			return nil, fmt.Errorf("looking up the log groups %s*: %w", name, err)
		}

		existing = append(existing, found.LogGroupNames...)
	}

	return existing, nil
}

// immovable finds settings that would move a deployed environment: its control plane keeps the subnets that it was
// created in, and its interfaces keep those from being deleted. It finds none before there is a cluster.
func (e *Environment) immovable(ctx *pulumi.Context, provider *aws.Provider) (settings.Problems, error) {
	clusters, err := eks.GetClusters(ctx, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("looking up the clusters in %s: %w", e.Settings.Region, err)
	}

	if !slices.Contains(clusters.Names, e.Name) {
		return nil, nil
	}

	moved, err := e.movedRange(ctx, provider)
	if err != nil {
		return nil, err
	}

	removed, err := e.removedZones(ctx, provider)
	if err != nil {
		return nil, err
	}

	return moved.With(removed...), nil
}

// movedRange finds that the VPC has another range than the settings.
func (e *Environment) movedRange(ctx *pulumi.Context, provider *aws.Provider) (settings.Problems, error) {
	found, err := ec2.GetVpcs(ctx, &ec2.GetVpcsArgs{
		Tags: map[string]string{"Name": network.PhysicalName(e.Name, "vpc")},
	}, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("looking up the VPC of %s: %w", e.Name, err)
	}

	const path = "platform:network.cidr"

	var problems settings.Problems

	for _, id := range found.Ids {
		vpc, err := ec2.LookupVpc(ctx, &ec2.LookupVpcArgs{Id: &id}, pulumi.Provider(provider))
		if err != nil {
			return nil, fmt.Errorf("looking up the VPC %s: %w", id, err)
		}

		if vpc.CidrBlock != e.Settings.Network.CIDR.String() {
			problems = problems.With(settings.Problem{
				Path: path,
				Got:  fmt.Sprintf("%q", e.Settings.Network.CIDR),
				Want: fmt.Sprintf("%s, the range of the deployed VPC %s: the cluster cannot move to another VPC; "+
					"to change the range, destroy %s first", vpc.CidrBlock, id, e.Name),
				Mend: settings.SetCommand(e.Name, path, vpc.CidrBlock),
			})
		}
	}

	return problems, nil
}

// removedZones finds zones that the environment is deployed in and that the settings no longer list.
func (e *Environment) removedZones(ctx *pulumi.Context, provider *aws.Provider) (settings.Problems, error) {
	var names []string

	for _, zone := range layout.Letters() {
		if !slices.Contains(e.Settings.Network.Zones, zone) {
			names = append(names, network.PhysicalName(e.Name, string(layout.Private)+"-"+zone))
		}
	}

	found, err := ec2.GetSubnets(ctx, &ec2.GetSubnetsArgs{
		Filters: []ec2.GetSubnetsFilter{{Name: "tag:Name", Values: names}},
	}, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("looking up the subnets of %s: %w", e.Name, err)
	}

	const path = "platform:network.zones"

	var problems settings.Problems

	for i, id := range found.Ids {
		subnet, err := ec2.LookupSubnet(ctx, &ec2.LookupSubnetArgs{Id: &id}, pulumi.Provider(provider))
		if err != nil {
			return nil, fmt.Errorf("looking up the subnet %s: %w", id, err)
		}

		at := fmt.Sprintf("%s[%d]", path, len(e.Settings.Network.Zones)+i)
		problems = append(problems, settings.Problem{
			Path: at,
			Got:  "nothing",
			Want: fmt.Sprintf("%s, which %s is deployed in: zones can be added but not removed, because the control plane, "+
				"the load balancer and the stores keep their interfaces there; to remove it, destroy %s first",
				strings.TrimPrefix(subnet.AvailabilityZone, e.Settings.Region), e.Name, e.Name),
			Mend: settings.SetCommand(e.Name, at, strings.TrimPrefix(subnet.AvailabilityZone, e.Settings.Region)),
		})
	}

	return problems, nil
}
