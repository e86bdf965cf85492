package database_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/database"
	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/scope"
)

func Example() {
	program := func(ctx *pulumi.Context) error {
		mysql, err := database.New(ctx, "database", &database.Args{
			Environment:           "sandbox",
			Place:                 scope.Place{Partition: "aws", Region: "us-east-1", AccountID: "123456789012"},
			VPCID:                 pulumi.String("vpc-0a1b2c3d"),
			SubnetIDs:             pulumi.ToStringArray([]string{"subnet-0a1b2c3d", "subnet-4e5f6a7b"}),
			ClientSecurityGroupID: pulumi.String("sg-0a1b2c3d"),
			DNSZoneID:             pulumi.String("Z0123456789ABCDEFGHIJ"),
			KeyARN:                pulumi.String("arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
			LogRetentionDays:      7,
			Version:               "8.4",
			InstanceClass:         "db.t4g.micro",
			StorageGiB:            20,
			MaxStorageGiB:         100,
			BackupRetentionDays:   7,
			Parameters:            map[string]string{"max_connections": "200"},
		})
		if err != nil {
			return err
		}

		ctx.Export("databaseEndpoint", mysql.Endpoint)

		return nil
	}

	// This example runs under mocks. Your own program would call pulumi.Run(program).
	made, err := graphtest.Try(program)
	if err != nil {
		log.Fatal(err)
	}

	for _, resource := range made.Customs() {
		if strings.HasPrefix(resource.Type, "aws:rds/") {
			fmt.Println(resource.Type, resource.Name)
		}
	}

	// Output:
	// aws:rds/instance:Instance database-instance
	// aws:rds/parameterGroup:ParameterGroup database-parameters
	// aws:rds/subnetGroup:SubnetGroup database-subnets
}
