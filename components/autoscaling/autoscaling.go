// Package autoscaling launches nodes when pods need them and removes them when none does, with Karpenter. The managed
// node groups of the cluster stay: Karpenter itself runs there.
//
// No environment has it yet. The settings, the permissions of the deploy role and the rehearsal do not know it
// (docs/decisions/0030).
package autoscaling

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/autoscaling/pool"
	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of an Autoscaling. All are required except NodeTags, HighlyAvailable and Identity.
type Args struct {
	// Environment is the prefix of physical names, such as "sandbox", and the name of the cluster.
	Environment string
	// Place is where the cluster is.
	Place scope.Place
	// ClusterName is the name of the cluster.
	ClusterName pulumi.StringInput
	// SubnetIDs are the subnets of the nodes, which must be private.
	SubnetIDs pulumi.StringArrayInput
	// SecurityGroupIDs are the security groups of the nodes, among them the one of the API server.
	SecurityGroupIDs pulumi.StringArrayInput
	// Pools are what may be launched, by name: at least one.
	Pools map[string]pool.Pool
	// NodeTags are the tags of the nodes' instances, volumes and network interfaces: the provider's default tags do not
	// reach resources that EC2 launches.
	NodeTags map[string]string
	// DrainMinutes is how long a node that is removed waits for pods that a disruption budget protects.
	DrainMinutes int
	// HighlyAvailable runs two Karpenters, in two zones.
	HighlyAvailable bool
	// Identity are the resources that give Karpenter's pods the permissions of Permissions. Its service account is
	// ServiceAccount in Namespace.
	Identity []pulumi.Resource
	// Kubernetes deploys Karpenter into the cluster.
	Kubernetes *kubernetes.Provider
}

// Autoscaling launches and removes nodes.
type Autoscaling struct {
	pulumi.ResourceState

	// NodeRoleARN is the ARN of the role of the launched nodes.
	NodeRoleARN pulumi.StringOutput
}

// New creates Karpenter and its pools. It fails before it creates anything if pool.Check refuses a pool.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Autoscaling, error) {
	if len(args.Pools) == 0 {
		return nil, fmt.Errorf("planning %s: got no pool, expected at least one: without a pool, Karpenter launches nothing",
			name)
	}

	for _, pooled := range slices.Sorted(maps.Keys(args.Pools)) {
		if problems := pool.Check(args.Pools[pooled]); len(problems) > 0 {
			return nil, fmt.Errorf("planning %s: pool %q: %s: expected %s",
				name, pooled, problems[0].Path, problems[0].Expected)
		}
	}

	component := &Autoscaling{}

	scoped, err := scope.Register(
		ctx, "platform:autoscaling:Autoscaling", name, prefix(args.Environment), component, opts...)
	if err != nil {
		return nil, err
	}

	b := &builder{Scope: scoped, args: args, component: component}
	if err := b.build(); err != nil {
		return nil, fmt.Errorf("creating %s: %w", name, err)
	}

	return component, scoped.RegisterOutputs(pulumi.Map{"nodeRoleArn": component.NodeRoleARN})
}

func prefix(environment string) string { return environment + "-autoscaling" }

// builder creates the resources of one Autoscaling.
type builder struct {
	scope.Scope

	args      *Args
	component *Autoscaling
}

// build creates each resource after those that it needs: a node that Karpenter launches must be able to join.
func (b *builder) build() error {
	profile, joining, err := b.nodeIdentity()
	if err != nil {
		return err
	}

	interruptions, err := b.interruptions()
	if err != nil {
		return err
	}

	karpenter, err := b.karpenter(interruptions)
	if err != nil {
		return err
	}

	class, err := b.nodeClass(profile, append(joining, karpenter))
	if err != nil {
		return err
	}

	for _, name := range slices.Sorted(maps.Keys(b.args.Pools)) {
		if err := b.nodePool(name, b.args.Pools[name].WithDefaults(), class); err != nil {
			return err
		}
	}

	return nil
}
