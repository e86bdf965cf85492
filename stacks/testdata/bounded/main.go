// A packaged component creates IAM roles in its own process. They get the permissions boundary, too.
package main

import (
	"errors"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/encryption"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/internal/scope"
	"github.com/msur/platform/stacks"
)

func main() { pulumi.Run(run) }

const environment = "sandbox"

func run(ctx *pulumi.Context) error {
	place := scope.Place{Partition: "aws", Region: "us-east-1", AccountID: "123456789012"}

	if err := ctx.RegisterResourceTransform(stacks.WithinBoundary(place.IAM("policy/boundary"))); err != nil {
		return err
	}

	boundary, boundaryErr := iam.NewPolicy(ctx, "boundary", &iam.PolicyArgs{
		Name:   pulumi.String("boundary"),
		Policy: pulumi.String(`{"Version": "2012-10-17", "Statement": []}`),
	})

	key, keyErr := encryption.New(ctx, "encryption", &encryption.Args{
		Environment: environment, Place: place,
		DeletionWindowDays: 7, LogGroups: []string{"*"},
	})

	after := pulumi.DependsOn([]pulumi.Resource{boundary})

	vpc, vpcErr := network.New(ctx, "network", &network.Args{
		Environment: environment, Place: place,
		CIDR: netip.MustParsePrefix("10.10.0.0/16"), Zones: []string{"a", "b"}, NAT: network.NATNone,
		Domain: "sandbox.example", ClusterName: environment, LogRetentionDays: 7, FlowLogTraffic: network.TrafficAll,
		KeyARN: key.KeyARN,
	}, after)

	mode := eks.AuthenticationModeApi

	_, clusterErr := eks.NewCluster(ctx, "cluster", &eks.ClusterArgs{
		Name: pulumi.String(environment), Version: pulumi.String("1.35"),
		VpcId: vpc.VPCID.ToStringPtrOutput(), SubnetIds: vpc.PrivateSubnetIDs,
		EndpointPrivateAccess: pulumi.Bool(true), EndpointPublicAccess: pulumi.Bool(false),
		SkipDefaultNodeGroup: new(true), UseDefaultVpcCni: new(true), AuthenticationMode: &mode,
	}, after)

	return errors.Join(boundaryErr, keyErr, vpcErr, clusterErr)
}
