// Karpenter runs the real controllers of Karpenter, with a stand-in for EC2. make e2e tests with it what the program's
// node class and pools do. The folder KARPENTER_FOLDER has the facts of the account (site.json), and the states that a
// test changes: the zones without capacity (full.json), and the messages of the interruption queue (queue).
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/karpenter-provider-aws/pkg/cache"
	"github.com/aws/karpenter-provider-aws/pkg/controllers/interruption"
	awsutils "github.com/aws/karpenter-provider-aws/pkg/utils"
	"k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	karpv1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider/overlay"
	"sigs.k8s.io/karpenter/pkg/controllers"
	"sigs.k8s.io/karpenter/pkg/controllers/state"
	"sigs.k8s.io/karpenter/pkg/operator"
)

func main() {
	ctx, op := operator.NewOperator()

	if err := start(ctx, op); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// start runs the controllers until the process ends.
func start(ctx context.Context, op *operator.Operator) error {
	site, err := readSite(os.Getenv("KARPENTER_FOLDER"))
	if err != nil {
		return err
	}

	if err := index(ctx, op); err != nil {
		return fmt.Errorf("indexing nodes by their instance: %w", err)
	}

	unavailable := cache.NewUnavailableOfferings()
	ec2 := &ec2{site: site, client: op.GetClient(), unavailable: unavailable, terminated: map[string]bool{}}
	decorated := overlay.Decorate(ec2, op.GetClient(), op.InstanceTypeStore)
	cluster := state.NewCluster(op.Clock, op.GetClient(), decorated)

	op.WithControllers(ctx, append(
		controllers.NewControllers(ctx, op.Manager, op.Clock, op.GetClient(), op.EventRecorder, decorated, ec2, cluster,
			op.InstanceTypeStore),
		&classes{site: site, client: op.GetClient()},
		interruption.NewController(op.GetClient(), op.Clock, decorated, op.EventRecorder, queue{site}, nil, unavailable, nil),
	)...).Start(ctx)

	return nil
}

// index makes nodes and their claims findable by the id of the instance, as the controller of interruptions expects.
func index(ctx context.Context, op *operator.Operator) error {
	id := func(providerID string) []string {
		parsed, err := awsutils.ParseInstanceID(providerID)
		if err != nil {
			return nil // not a node of EC2
		}

		return []string{parsed}
	}

	err := op.GetFieldIndexer().IndexField(ctx, &karpv1.NodeClaim{}, "status.instanceID", func(o client.Object) []string {
		return id(o.(*karpv1.NodeClaim).Status.ProviderID) //nolint:forcetypeassert // the indexer passes claims
	})
	if err != nil {
		return err
	}

	return op.GetFieldIndexer().IndexField(ctx, &v1.Node{}, "spec.instanceID", func(o client.Object) []string {
		return id(o.(*v1.Node).Spec.ProviderID) //nolint:forcetypeassert // the indexer passes nodes
	})
}
