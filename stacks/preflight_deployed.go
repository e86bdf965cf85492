package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// deployed returns the VPC and the subnets of the environment's cluster. Before there is a cluster, they have no ids.
func (e *Environment) deployed(ctx *pulumi.Context, provider *aws.Provider) (*eks.GetClusterVpcConfig, error) {
	clusters, err := eks.GetClusters(ctx, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("looking up the clusters in %s: %w", e.Settings.Region, err)
	}

	if !slices.Contains(clusters.Names, e.Name) {
		return &eks.GetClusterVpcConfig{}, nil
	}

	cluster, err := eks.LookupCluster(ctx, &eks.LookupClusterArgs{Name: e.Name}, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("looking up the cluster %s: %w", e.Name, err)
	}

	return &cluster.VpcConfig, nil
}

// immovable refuses settings that would move a deployed environment. The control plane keeps the subnets that it was
// created in, and its interfaces prevent the deletion of these subnets. Before there is a cluster, it refuses nothing.
func (e *Environment) immovable(
	ctx *pulumi.Context, provider *aws.Provider, cluster *eks.GetClusterVpcConfig,
) (config.Problems, error) {
	if cluster.VpcId == "" {
		return nil, nil
	}

	vpc, err := ec2.LookupVpc(ctx, &ec2.LookupVpcArgs{Id: &cluster.VpcId}, pulumi.Provider(provider))
	if err != nil {
		return nil, fmt.Errorf("looking up the VPC %s: %w", cluster.VpcId, err)
	}

	if moved := e.movedVPC(vpc); len(moved) > 0 {
		return moved, nil
	}

	removed, err := e.removedZones(ctx, provider, cluster)

	return e.movedRange(vpc).With(removed...), err
}

// movedVPC refuses another VPC than that of the cluster. The program's own VPC has its name.
func (e *Environment) movedVPC(vpc *ec2.LookupVpcResult) config.Problems {
	const path = settings.ExistingPath + ".vpc"

	existing := e.Settings.Network.Existing
	own := vpc.Tags["Name"] == network.PhysicalName(e.Name, "vpc")
	because := fmt.Sprintf("because the cluster cannot move to another VPC (to move %s, destroy it first)", e.Name)

	switch {
	case own && existing != nil:
		return config.Problems{{
			Path: settings.ExistingPath, Got: fmt.Sprintf("%q", existing.VPC),
			Expected: "nothing: " + e.Name + " is deployed in its own VPC " + vpc.Id + ", " + because,
			Fix: config.RemoveCommand(e.Name, settings.ExistingPath) + " && " +
				config.SetCommand(e.Name, "platform:network.cidr", vpc.CidrBlock),
		}}
	case !own && (existing == nil || existing.VPC != vpc.Id):
		got := "nothing"
		if existing != nil {
			got = fmt.Sprintf("%q", existing.VPC)
		}

		return config.Problems{{
			Path: path, Got: got, Expected: vpc.Id + ", " + because, Fix: config.SetCommand(e.Name, path, vpc.Id),
		}}
	}

	return nil
}

// movedRange refuses a range that differs from that of the deployed VPC.
func (e *Environment) movedRange(vpc *ec2.LookupVpcResult) config.Problems {
	const path = "platform:network.cidr"

	if e.Settings.Network.Existing != nil || vpc.CidrBlock == e.Settings.Network.CIDR.String() {
		return nil
	}

	return config.Problems{{
		Path: path,
		Got:  fmt.Sprintf("%q", e.Settings.Network.CIDR),
		Expected: fmt.Sprintf("%s, the range of the deployed VPC %s, because the cluster cannot move to another VPC "+
			"(to change the range, destroy %s first)", vpc.CidrBlock, vpc.Id, e.Name),
		Fix: config.SetCommand(e.Name, path, vpc.CidrBlock),
	}}
}

// removedZones refuses settings that omit a zone in which the environment is deployed.
func (e *Environment) removedZones(
	ctx *pulumi.Context, provider *aws.Provider, cluster *eks.GetClusterVpcConfig,
) (config.Problems, error) {
	omitted, err := e.omittedSubnets(ctx, provider, cluster)
	if err != nil {
		return nil, err
	}

	var problems config.Problems

	for i, id := range omitted {
		subnet, err := ec2.LookupSubnet(ctx, &ec2.LookupSubnetArgs{Id: &id}, pulumi.Provider(provider))
		if err != nil {
			return nil, fmt.Errorf("looking up the subnet %s: %w", id, err)
		}

		zone := strings.TrimPrefix(subnet.AvailabilityZone, e.Settings.Region)
		path, value, got := config.Element("platform:network.zones", len(e.Settings.Network.Zones)+i), zone, "nothing"

		if existing := e.Settings.Network.Existing; existing != nil {
			path, value = config.Member(settings.SubnetsPath(layout.Private), zone), id
			got = fmt.Sprintf("%q", existing.PrivateSubnets[zone])
		}

		problems = append(problems, config.Problem{
			Path: path,
			Got:  got,
			Expected: fmt.Sprintf("%s, because %s is deployed in this zone: the control plane, the load balancer and the "+
				"stores keep their interfaces there (to remove a zone, destroy %s first)", value, e.Name, e.Name),
			Fix: config.SetCommand(e.Name, path, value),
		})
	}

	return problems, nil
}

// omittedSubnets returns the ids of the private subnets in which the environment is deployed and that its settings
// omit. Only the program's own subnets have names from which their zones are known.
func (e *Environment) omittedSubnets(
	ctx *pulumi.Context, provider *aws.Provider, cluster *eks.GetClusterVpcConfig,
) ([]string, error) {
	if existing := e.Settings.Network.Existing; existing != nil {
		listed := slices.Collect(maps.Values(existing.PrivateSubnets))

		return slices.DeleteFunc(cluster.SubnetIds, func(id string) bool { return slices.Contains(listed, id) }), nil
	}

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

	return found.Ids, nil
}
