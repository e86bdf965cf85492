package cache_test

import (
	"fmt"
	"log"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cache"
	"github.com/msur/platform/components/graphtest"
)

func Example() {
	program := func(ctx *pulumi.Context) error {
		valkey, err := cache.New(ctx, "cache", &cache.Args{
			Environment:           "sandbox",
			VPCID:                 pulumi.String("vpc-0a1b2c3d"),
			SubnetIDs:             pulumi.ToStringArray([]string{"subnet-0a1b2c3d", "subnet-4e5f6a7b"}),
			ClientSecurityGroupID: pulumi.String("sg-0a1b2c3d"),
			DNSZoneID:             pulumi.String("Z0123456789ABCDEFGHIJ"),
			KeyARN:                pulumi.String("arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
			Version:               "8.1",
			NodeType:              "cache.t4g.micro",
			Replicas:              1,
			SnapshotRetentionDays: 7,
			Users:                 []string{"reservations"},
		})
		if err != nil {
			return err
		}

		ctx.Export("cacheEndpoint", valkey.Endpoint)
		ctx.Export("reservationsUserArn", valkey.Users["reservations"].ARN)

		return nil
	}

	// This example runs under mocks. Your own program would call pulumi.Run(program).
	made, err := graphtest.Try(program)
	if err != nil {
		log.Fatal(err)
	}

	for _, resource := range made.Customs() {
		fmt.Println(resource.Name)
	}

	// Output:
	// cache-access
	// cache-parameters
	// cache-nodes
	// cache-subnets
	// cache-user-reservations
	// cache-users
	// cache-record
	// cache-from-nodes
}
