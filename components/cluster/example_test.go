package cluster_test

import (
	"fmt"
	"log"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/scope"
)

func Example() {
	program := func(ctx *pulumi.Context) error {
		addons := make(map[string]cluster.Addon)

		for _, name := range cluster.EssentialAddons() {
			version, err := cluster.AddonVersion(ctx, name, "1.35", false)
			if err != nil {
				return err
			}

			addons[name] = cluster.Addon{Version: version}
		}

		eks, err := cluster.New(ctx, "cluster", &cluster.Args{
			Environment: "sandbox",
			Place:       scope.Place{Partition: "aws", Region: "us-east-1", AccountID: "123456789012"},
			Version:     "1.35",
			VPCID:       pulumi.String("vpc-0a1b2c3d"),
			SubnetIDs:   pulumi.ToStringArray([]string{"subnet-0a1b2c3d", "subnet-4e5f6a7b"}),
			NodeSubnetIDs: map[string]pulumi.StringOutput{
				"a": pulumi.String("subnet-0a1b2c3d").ToStringOutput(),
				"b": pulumi.String("subnet-4e5f6a7b").ToStringOutput(),
			},
			NodeSecurityGroupID: pulumi.String("sg-0a1b2c3d"),
			KeyARN:              pulumi.String("arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
			LogRetentionDays:    7,
			Admins:              []string{"arn:aws:iam::123456789012:role/platform-deploy"},
			Nodes:               map[string]plan.NodeKind{"general": {InstanceTypes: []string{"t4g.medium"}, Min: 1, Max: 2}},
			Addons:              addons,
		})
		if err != nil {
			return err
		}

		_, err = eks.NewWorkloadIdentity(ctx, "reports", &cluster.WorkloadIdentityArgs{
			Namespace:      "reports",
			ServiceAccount: "reports",
			PolicyARNs:     []string{"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"},
		})

		return err
	}

	// This example runs under mocks. Your own program would call pulumi.Run(program).
	made, err := graphtest.Try(program)
	if err != nil {
		log.Fatal(err)
	}

	for _, group := range made.All("aws:eks/nodeGroup:NodeGroup") {
		fmt.Println("node group", group.Name)
	}

	for _, identity := range made.All("aws:eks/podIdentityAssociation:PodIdentityAssociation") {
		fmt.Println("identity", identity.Name)
	}

	// Output:
	// node group cluster-nodes-general-a
	// node group cluster-nodes-general-b
	// identity cluster-cni
	// identity reports
}
