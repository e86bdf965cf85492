// Package ingress is how traffic comes in: a network load balancer that hands it to Traefik, which routes it in the
// cluster.
//
// The program owns the load balancer. One that a controller in the cluster made would outlive it, and its interfaces
// would hold the subnets when the environment is destroyed.
package ingress

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/scope"
)

// Class is the ingress class that routes carry.
const Class = "traefik"

// Namespace is where Traefik is.
const Namespace = "traefik"

// Args are the inputs of an Ingress. All are required but for ScalingGroupNames, CertificateARN and HighlyAvailable.
type Args struct {
	// Environment starts every physical name, such as "sandbox".
	Environment string
	// VPCID is the VPC of all subnets.
	VPCID pulumi.StringInput
	// VPCCIDR is the range of the VPC, from which Traefik believes who a client is.
	VPCCIDR netip.Prefix
	// SubnetIDs are the public subnets that the load balancer is in: in at least two zones.
	SubnetIDs pulumi.StringArrayInput
	// NodeSecurityGroupID is the group of the nodes, which lets the load balancer in to Traefik's ports.
	NodeSecurityGroupID pulumi.StringInput
	// ScalingGroupNames are the autoscaling groups of the nodes, by names that do not change. Without any, there is
	// nothing that Traefik could run on, and the load balancer is alone.
	ScalingGroupNames map[string]pulumi.StringOutput
	// CertificateARN is the certificate of ACM, in the load balancer's region, with which it ends TLS. Without one,
	// Traefik does, with a certificate that it makes up, and plain HTTP is not redirected.
	CertificateARN string
	// HighlyAvailable has two Traefiks in two zones, of which one at least always runs.
	HighlyAvailable bool
	// Kubernetes deploys Traefik into the cluster.
	Kubernetes *kubernetes.Provider
}

// Ingress is how traffic comes in.
type Ingress struct {
	pulumi.ResourceState

	// Hostname is the load balancer's.
	Hostname pulumi.StringOutput
}

// New makes the way in.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Ingress, error) {
	if args.Kubernetes == nil && len(args.ScalingGroupNames) > 0 {
		return nil, errors.New("planning " + name + ": got nodes and no provider of Kubernetes, want what deploys Traefik")
	}

	component := &Ingress{}

	scoped, err := scope.Register(ctx, "platform:ingress:Ingress", name, args.Environment+"-ingress", component, opts...)
	if err != nil {
		return nil, err
	}

	b := &builder{Scope: scoped, args: args, component: component}
	if err := b.build(); err != nil {
		return nil, fmt.Errorf("creating %s: %w", name, err)
	}

	return component, scoped.RegisterOutputs(pulumi.Map{"hostname": component.Hostname})
}

// builder declares the resources of one way in, step by step.
type builder struct {
	scope.Scope

	args      *Args
	component *Ingress
}

// build declares everything, in the order in which one thing needs another.
func (b *builder) build() error {
	group, err := b.securityGroup()
	if err != nil {
		return err
	}

	balancer, err := b.loadBalancer(group)
	if err != nil {
		return err
	}

	b.component.Hostname = balancer.DnsName

	for _, port := range ports() {
		if err := b.letThrough(port, group); err != nil {
			return err
		}

		if err := b.forward(port, balancer); err != nil {
			return err
		}
	}

	if len(b.args.ScalingGroupNames) == 0 {
		return nil
	}

	return b.traefik()
}
