package autoscaling_test

import (
	"fmt"
	"log"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/autoscaling"
	"github.com/msur/platform/components/autoscaling/pool"
	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/nodes"
	"github.com/msur/platform/internal/scope"
)

func Example() {
	program := func(ctx *pulumi.Context) error {
		provider, err := kubernetes.NewProvider(ctx, "cluster", &kubernetes.ProviderArgs{})
		if err != nil {
			return err
		}

		_, err = autoscaling.New(ctx, "autoscaling", &autoscaling.Args{
			Environment:      "sandbox",
			Place:            scope.Place{Partition: "aws", Region: "us-east-1", AccountID: "123456789012"},
			ClusterName:      pulumi.String("sandbox"),
			SubnetIDs:        pulumi.ToStringArray([]string{"subnet-0a1b2c3d", "subnet-4e5f6a7b"}),
			SecurityGroupIDs: pulumi.ToStringArray([]string{"sg-0a1b2c3d"}),
			Pools: map[string]pool.Pool{"services": {
				Capacities: []nodes.Capacity{nodes.Spot, nodes.OnDemand}, InstanceFamilies: []string{"m7g", "c7g"},
				MaxVCPUs: 32, MaxMemoryGiB: 128,
			}},
			DrainMinutes: 60,
			Kubernetes:   provider,
		})

		return err
	}

	// This example runs under mocks. Your own program would call pulumi.Run(program).
	created, err := graphtest.Try(program)
	if err != nil {
		log.Fatal(err)
	}

	for _, pool := range created.All("kubernetes:karpenter.sh/v1:NodePool") {
		fmt.Println(pool.Name)
	}

	// Output:
	// autoscaling-pool-services
}
