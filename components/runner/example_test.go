package runner_test

import (
	"fmt"
	"log"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/runner"
	"github.com/msur/platform/internal/scope"
)

func Example() {
	program := func(ctx *pulumi.Context) error {
		_, err := runner.New(ctx, "runner", &runner.Args{
			Environment:        "staging",
			Place:              scope.Place{Partition: "aws", Region: "us-east-1", AccountID: "123456789012"},
			Repository:         "https://github.com/msur/platform",
			VPCID:              pulumi.String("vpc-0a1b2c3d"),
			SubnetIDs:          pulumi.ToStringArray([]string{"subnet-0a1b2c3d", "subnet-4e5f6a7b"}),
			APISecurityGroupID: pulumi.String("sg-0a1b2c3d"),
			KeyARN:             pulumi.String("arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
			LogRetentionDays:   90,
		})

		return err
	}

	// This example runs under mocks. Your own program would call pulumi.Run(program).
	created, err := graphtest.Try(program)
	if err != nil {
		log.Fatal(err)
	}

	for _, project := range created.All("aws:codebuild/project:Project") {
		fmt.Println(project.Name)
	}

	// Output:
	// runner-project
}
