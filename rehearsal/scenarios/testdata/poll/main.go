// A program that states explicitly that its cluster has a public endpoint, which the platform omits. The component of
// @pulumi/eks then asks the API server whether it is up, from wherever the program runs.
package main

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cidr, _ := ctx.GetConfig("poll:cidr")

		vpc, subnets, err := network(ctx)
		if err != nil {
			return err
		}

		return ctx.RegisterRemoteComponentResource("eks:index:Cluster", "open", pulumi.Map{
			"vpcId":                 vpc.ID(),
			"subnetIds":             subnets,
			"authenticationMode":    pulumi.String("API"),
			"skipDefaultNodeGroup":  pulumi.Bool(true),
			"useDefaultVpcCni":      pulumi.Bool(true),
			"endpointPrivateAccess": pulumi.Bool(true),
			"endpointPublicAccess":  pulumi.Bool(true),
			"publicAccessCidrs":     pulumi.ToStringArray([]string{cidr}),
		}, &pulumi.ResourceState{}, pulumi.Version("2.8.1"))
	})
}

func network(ctx *pulumi.Context) (*pulumi.CustomResourceState, pulumi.Array, error) {
	vpc := &pulumi.CustomResourceState{}
	if err := ctx.RegisterResource("aws:ec2/vpc:Vpc", "vpc", pulumi.Map{
		"cidrBlock": pulumi.String("10.0.0.0/16"),
	}, vpc); err != nil {
		return nil, nil, err
	}

	var ids pulumi.Array

	for i, zone := range []string{"a", "b"} {
		subnet := &pulumi.CustomResourceState{}
		if err := ctx.RegisterResource("aws:ec2/subnet:Subnet", zone, pulumi.Map{
			"vpcId": vpc.ID(), "cidrBlock": pulumi.String(fmt.Sprintf("10.0.%d.0/24", i)),
			"availabilityZone": pulumi.String("eu-west-1" + zone),
		}, subnet); err != nil {
			return nil, nil, err
		}

		ids = append(ids, subnet.ID())
	}

	return vpc, ids, nil
}
