// Package ingress creates the entry point for traffic: a network load balancer that forwards to Traefik, which routes
// in the cluster.
//
// The program owns the load balancer. A load balancer created by a controller in the cluster would outlive the cluster,
// and its interfaces would prevent the deletion of the subnets.
package ingress

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/scope"
)

// Class is the ingress class of the routes.
const Class = "traefik"

// Namespace is the namespace of Traefik.
const Namespace = "traefik"

// Args are the inputs of an Ingress. All are required except ScalingGroupNames, CertificateARN and HighlyAvailable.
type Args struct {
	// Environment is the prefix of physical names, such as "sandbox".
	Environment string
	// VPCID is the VPC of all subnets.
	VPCID pulumi.StringInput
	// VPCCIDRs are the ranges of the VPC. Traefik trusts client addresses that come from them by proxy protocol.
	VPCCIDRs []netip.Prefix
	// SubnetIDs are the public subnets of the load balancer, in at least two zones.
	SubnetIDs pulumi.StringArrayInput
	// NodeSecurityGroupID is the security group of the nodes. It gets rules for the load balancer.
	NodeSecurityGroupID pulumi.StringInput
	// ScalingGroupNames are the autoscaling groups of the nodes, by names that do not change. Without any, Traefik has no
	// node to run on and is omitted.
	ScalingGroupNames map[string]pulumi.StringOutput
	// CertificateARN is an ACM certificate in the load balancer's region, with which the load balancer terminates TLS.
	// Without one, Traefik terminates TLS with a certificate that it generates, and plain HTTP is not redirected.
	CertificateARN string
	// HighlyAvailable runs two Traefiks in two zones, and keeps at least one available.
	HighlyAvailable bool
	// Kubernetes deploys Traefik into the cluster.
	Kubernetes *kubernetes.Provider
}

// Ingress is the entry point for traffic.
type Ingress struct {
	pulumi.ResourceState

	// Hostname is the host name of the load balancer.
	Hostname pulumi.StringOutput
}

// New creates the load balancer and Traefik.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Ingress, error) {
	if args.Kubernetes == nil && len(args.ScalingGroupNames) > 0 {
		return nil, errors.New("planning " + name + ": got nodes but no Kubernetes provider, expected one to deploy Traefik")
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

// builder creates the resources of one ingress.
type builder struct {
	scope.Scope

	args      *Args
	component *Ingress
}

// build creates each resource after those that it needs.
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
