package encryption_test

import (
	"fmt"
	"log"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/encryption"
	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/scope"
)

func Example() {
	program := func(ctx *pulumi.Context) error {
		key, err := encryption.New(ctx, "encryption", &encryption.Args{
			Environment:        "sandbox",
			Place:              scope.Place{Partition: "aws", Region: "us-east-1", AccountID: "123456789012"},
			DeletionWindowDays: 7,
			LogGroups:          []string{"sandbox-*"},
		})
		if err != nil {
			return err
		}

		ctx.Export("keyArn", key.KeyARN)

		return nil
	}

	// This example runs under mocks. Your own program would call pulumi.Run(program).
	made, err := graphtest.Try(program)
	if err != nil {
		log.Fatal(err)
	}

	for _, resource := range made.Customs() {
		fmt.Println(resource.Type, resource.Name)
	}

	// Output:
	// aws:kms/alias:Alias encryption-alias
	// aws:kms/key:Key encryption-key
}
