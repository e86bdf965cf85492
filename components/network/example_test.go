package network_test

import (
	"fmt"
	"log"
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/internal/scope"
)

func Example() {
	program := func(ctx *pulumi.Context) error {
		vpc, err := network.New(ctx, "network", &network.Args{
			Environment:        "sandbox",
			Place:              scope.Place{Partition: "aws", Region: "us-east-1", AccountID: "123456789012"},
			CIDR:               netip.MustParsePrefix("10.10.0.0/16"),
			Zones:              []string{"a", "b"},
			NAT:                network.NATSingle,
			InterfaceEndpoints: map[string]string{"ecr.api": "com.amazonaws.us-east-1.ecr.api"},
			Domain:             "sandbox.msur-vpc.com",
			ClusterName:        "sandbox",
			LogRetentionDays:   7,
			KeyARN:             pulumi.String("arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
		})
		if err != nil {
			return err
		}

		ctx.Export("privateSubnetIds", vpc.PrivateSubnetIDs)

		return nil
	}

	// This example runs under mocks. Your own program would call pulumi.Run(program).
	made, err := graphtest.Try(program)
	if err != nil {
		log.Fatal(err)
	}

	for _, subnet := range made.All("aws:ec2/subnet:Subnet") {
		fmt.Println(subnet.Name, subnet.Inputs["cidrBlock"].StringValue())
	}

	// Output:
	// network-data-a 10.10.20.0/22
	// network-data-b 10.10.52.0/22
	// network-private-a 10.10.0.0/20
	// network-private-b 10.10.32.0/20
	// network-public-a 10.10.16.0/22
	// network-public-b 10.10.48.0/22
}
