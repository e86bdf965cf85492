package stacks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
	"github.com/msur/platform/internal/config"
)

// immovable refuses settings that would move a deployed environment. The control plane keeps the subnets that it was
// created in, and its interfaces prevent the deletion of these subnets. Before there is a cluster, it refuses nothing.
func (e *Environment) immovable(ctx *pulumi.Context, provider *aws.Provider) (config.Problems, error) {
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

// movedRange refuses a range that differs from that of the deployed VPC.
func (e *Environment) movedRange(ctx *pulumi.Context, provider *aws.Provider) (config.Problems, error) {
	found, err := ec2.GetVpcs(ctx, &ec2.GetVpcsArgs{
		Tags: map[string]string{"Name": network.PhysicalName(e.Name, "vpc")},
	}, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("looking up the VPC of %s: %w", e.Name, err)
	}

	const path = "platform:network.cidr"

	var problems config.Problems

	for _, id := range found.Ids {
		vpc, err := ec2.LookupVpc(ctx, &ec2.LookupVpcArgs{Id: &id}, pulumi.Provider(provider))
		if err != nil {
			return nil, fmt.Errorf("looking up the VPC %s: %w", id, err)
		}

		if vpc.CidrBlock != e.Settings.Network.CIDR.String() {
			problems = problems.With(config.Problem{
				Path: path,
				Got:  fmt.Sprintf("%q", e.Settings.Network.CIDR),
				Expected: fmt.Sprintf("%s, the range of the deployed VPC %s, because the cluster cannot move to another VPC "+
					"(to change the range, destroy %s first)", vpc.CidrBlock, id, e.Name),
				Fix: config.SetCommand(e.Name, path, vpc.CidrBlock),
			})
		}
	}

	return problems, nil
}

// removedZones refuses settings that omit a zone in which the environment is deployed.
func (e *Environment) removedZones(ctx *pulumi.Context, provider *aws.Provider) (config.Problems, error) {
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

	var problems config.Problems

	for i, id := range found.Ids {
		subnet, err := ec2.LookupSubnet(ctx, &ec2.LookupSubnetArgs{Id: &id}, pulumi.Provider(provider))
		if err != nil {
			return nil, fmt.Errorf("looking up the subnet %s: %w", id, err)
		}

		zone := strings.TrimPrefix(subnet.AvailabilityZone, e.Settings.Region)
		path := config.Element("platform:network.zones", len(e.Settings.Network.Zones)+i)
		problems = append(problems, config.Problem{
			Path: path,
			Got:  "nothing",
			Expected: fmt.Sprintf("%s, because %s is deployed in this zone: the control plane, the load balancer and the "+
				"stores keep their interfaces there (to remove a zone, destroy %s first)", zone, e.Name, e.Name),
			Fix: config.SetCommand(e.Name, path, zone),
		})
	}

	return problems, nil
}
