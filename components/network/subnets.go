package network

import (
	"fmt"
	"maps"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/network/layout"
)

// subnet is a planned subnet and its resource.
type subnet struct {
	layout.Subnet

	resource *ec2.Subnet
}

// part is the subnet's name among the network's parts, such as "private-a".
func (s subnet) part() string { return string(s.Tier) + "-" + s.Zone }

// subnets are in the order of the plan: by zone.
type subnets []subnet

// of returns the subnets of a tier.
func (s subnets) of(tier layout.Tier) subnets {
	var found subnets

	for _, subnet := range s {
		if subnet.Tier == tier {
			found = append(found, subnet)
		}
	}

	return found
}

// ids returns the ids of a tier's subnets.
func (s subnets) ids(tier layout.Tier) pulumi.StringArrayOutput {
	var ids pulumi.StringArray
	for _, subnet := range s.of(tier) {
		ids = append(ids, subnet.resource.ID())
	}

	return ids.ToStringArrayOutput()
}

// subnets creates the planned subnets.
func (b *builder) subnets(vpc *ec2.Vpc, plan []layout.Subnet) (subnets, error) {
	declared := make(subnets, 0, len(plan))

	for _, planned := range plan {
		s := subnet{Subnet: planned}

		tags := b.Tags(s.part())
		maps.Copy(tags, b.discoveryTags(s.Tier))

		resource, err := ec2.NewSubnet(b.Ctx, b.Logical(s.part()), &ec2.SubnetArgs{
			VpcId:               vpc.ID(),
			CidrBlock:           pulumi.String(s.CIDR.String()),
			AvailabilityZone:    pulumi.String(b.args.Place.Region + s.Zone),
			MapPublicIpOnLaunch: pulumi.Bool(false),
			Tags:                tags,
		}, b.Child())
		if err != nil {
			return nil, fmt.Errorf("subnet %s: %w", s.part(), err)
		}

		s.resource = resource
		declared = append(declared, s)
	}

	return declared, nil
}

// discoveryTags are the tags by which EKS and load balancer controllers find subnets (EKS Best Practices Guide,
// "Load Balancing"; Amazon EKS User Guide, "VPC and subnet requirements").
func (b *builder) discoveryTags(tier layout.Tier) pulumi.StringMap {
	cluster := "kubernetes.io/cluster/" + b.args.ClusterName

	switch tier {
	case layout.Public:
		return pulumi.StringMap{cluster: pulumi.String("shared"), "kubernetes.io/role/elb": pulumi.String("1")}
	case layout.Private:
		return pulumi.StringMap{cluster: pulumi.String("shared"), "kubernetes.io/role/internal-elb": pulumi.String("1")}
	case layout.Data:
	}

	return nil
}
