package autoscaling

import (
	"fmt"
	"slices"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/kube"
)

// version is the version of Karpenter: 1.9 and later support Kubernetes 1.35, and 1.13 and later 1.36 (Karpenter,
// "Compatibility").
const version = "1.14.1"

// timeout is twice the provider's default, as for the other charts: new nodes are slow at first.
const timeout = 10 * time.Minute

// karpenter creates Karpenter from its two charts. The kinds of its objects have a chart of their own, because Helm
// never upgrades the kinds in a chart's folder "crds".
func (b *builder) karpenter(queue *sqs.Queue) (pulumi.Resource, error) {
	const registry = "oci://public.ecr.aws/karpenter/"

	kinds, err := kube.NewRelease(b.Ctx, b.Logical("kinds"), &kube.ReleaseArgs{
		Chart:     kube.Chart{Name: registry + "karpenter-crd", Version: version},
		Name:      "karpenter-crd",
		Namespace: pulumi.String(Namespace),
		Timeout:   timeout,
	}, b.Child(), kube.In(b.args.Kubernetes))
	if err != nil {
		return nil, fmt.Errorf("kinds of Karpenter: %w", err)
	}

	return kube.NewRelease(b.Ctx, b.Logical("karpenter"), &kube.ReleaseArgs{
		Chart:     kube.Chart{Name: registry + "karpenter", Version: version},
		Name:      ServiceAccount,
		Namespace: pulumi.String(Namespace),
		Timeout:   timeout,
		Values:    b.values(queue),
	}, b.Child(), kube.In(b.args.Kubernetes), pulumi.DependsOn(append(slices.Clone(b.args.Identity), kinds)))
}

// values override the chart's defaults. The chart runs two replicas on two nodes, none of which Karpenter has launched.
func (b *builder) values(queue *sqs.Queue) pulumi.Map {
	replicas := 1
	if b.args.HighlyAvailable {
		replicas = 2
	}

	return pulumi.Map{
		"replicas":       pulumi.Int(replicas),
		"serviceAccount": pulumi.Map{"name": pulumi.String(ServiceAccount)},
		"settings": pulumi.Map{
			"clusterName": b.args.ClusterName, "interruptionQueue": queue.Name, "eksControlPlane": pulumi.Bool(true),
		},
		// Karpenter recommends a CPU for clusters that launch hundreds of nodes; 100m and 256 MiB are assumed to suffice for
		// tens.
		"controller": pulumi.Map{"resources": pulumi.Map{
			"requests": pulumi.Map{"cpu": pulumi.String("100m"), "memory": pulumi.String("256Mi")},
			"limits":   pulumi.Map{"memory": pulumi.String("512Mi")},
		}},
	}
}
