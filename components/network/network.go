// Package network creates an environment's VPC: a public, a private and a data subnet in each zone, their routes, flow
// logs and the private DNS zone. Or it uses an existing VPC, and creates only what belongs to the environment.
package network

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/network/layout"
	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of a Network. All but Existing, InterfaceEndpoints, ExistingLogGroups and Protect are required.
type Args struct {
	// Environment is the prefix of physical names, such as "sandbox".
	Environment string
	// Existing is the VPC to use. With it, only Environment and Domain are used besides.
	Existing *Existing
	// Place is where the VPC is.
	Place scope.Place
	// CIDR is the VPC's range, which layout.CheckVPC accepts.
	CIDR netip.Prefix
	// Zones are the letters of at least two zones. OfferedZones returns the available ones.
	Zones []string
	// NAT is how many zones have a NAT gateway.
	NAT NAT
	// InterfaceEndpoints are the AWS services that private subnets reach without NAT, such as "ecr.api", with the names of
	// their endpoint services, which FindEndpoint returns.
	InterfaceEndpoints map[string]string
	// Domain is the name of the private DNS zone, such as "sandbox.msur-vpc.com".
	Domain string
	// ClusterName is the name of the EKS cluster that the subnets are tagged for.
	ClusterName string
	// LogRetentionDays is how long flow logs are kept, one of the periods that CloudWatch Logs accepts.
	LogRetentionDays int
	// FlowLogTraffic selects the connections that the flow logs record.
	FlowLogTraffic Traffic
	// ExistingLogGroups are the names of the log groups that the account already has; that of the flow logs is imported.
	ExistingLogGroups []string
	// KeyARN is the key that encrypts the flow logs.
	KeyARN pulumi.StringInput
	// Protect makes the engine refuse to delete the VPC, which contains everything else.
	Protect bool
}

// Network is an environment's VPC, created or existing.
type Network struct {
	pulumi.ResourceState

	// VPCID is the id of the VPC.
	VPCID pulumi.StringOutput
	// PublicSubnetIDs, PrivateSubnetIDs and DataSubnetIDs have one id for each zone, in the order of the zones' letters.
	// The ids of public subnets wait for the route to the internet: AWS refuses a load balancer without one.
	PublicSubnetIDs, PrivateSubnetIDs, DataSubnetIDs pulumi.StringArrayOutput
	// NodeSubnetIDs are the ids of the private subnets by the zone's letter. Each waits for the subnet's route to NAT,
	// which a node needs as soon as it starts.
	NodeSubnetIDs map[string]pulumi.StringOutput
	// NodeSecurityGroupID is a security group without rules for all cluster nodes. Other groups can admit its members
	// before there is a cluster.
	NodeSecurityGroupID pulumi.StringOutput
	// DNSZoneID is the id of the private DNS zone.
	DNSZoneID pulumi.StringOutput
}

// New creates a network. It fails before it creates anything if layout.Plan refuses CIDR or Zones.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Network, error) {
	var plan []layout.Subnet

	if args.Existing == nil {
		var err error

		plan, err = layout.Plan(args.CIDR, args.Zones)
		if err != nil {
			return nil, fmt.Errorf("planning the subnets of %s: %w", name, err)
		}
	}

	component := &Network{}

	scoped, err := scope.Register(
		ctx, "platform:network:Network", name, PhysicalName(args.Environment, ""), component, opts...)
	if err != nil {
		return nil, err
	}

	b := &builder{Scope: scoped, args: args, component: component}
	if err := b.build(plan); err != nil {
		return nil, fmt.Errorf("creating %s: %w", name, err)
	}

	return component, scoped.RegisterOutputs(pulumi.Map{
		"vpcId":            component.VPCID,
		"publicSubnetIds":  component.PublicSubnetIDs,
		"privateSubnetIds": component.PrivateSubnetIDs,
		"dataSubnetIds":    component.DataSubnetIDs,

		"nodeSecurityGroupId": component.NodeSecurityGroupID,
	})
}

// builder creates the resources of one network.
type builder struct {
	scope.Scope

	args      *Args
	component *Network
}

// build provides the VPC, and creates what belongs to the environment in either case.
func (b *builder) build(plan []layout.Subnet) error {
	if b.args.Existing != nil {
		b.use(b.args.Existing)
	} else if err := b.create(plan); err != nil {
		return err
	}

	zone, err := b.privateDNS()
	if err != nil {
		return err
	}

	nodes, err := b.nodeSecurityGroup()
	if err != nil {
		return err
	}

	b.component.NodeSecurityGroupID = nodes.ID().ToStringOutput()
	b.component.DNSZoneID = zone.ZoneId

	return nil
}

// create creates the VPC, each resource after those that it needs.
func (b *builder) create(plan []layout.Subnet) error {
	vpc, err := b.vpc()
	if err != nil {
		return err
	}

	subnets, err := b.subnets(vpc, plan)
	if err != nil {
		return err
	}

	routes, err := b.routes(vpc, subnets)
	if err != nil {
		return err
	}

	if err := b.endpoints(vpc, subnets, routes.privateTables); err != nil {
		return err
	}

	if err := b.flowLogs(vpc); err != nil {
		return err
	}

	b.component.VPCID = vpc.ID().ToStringOutput()
	b.component.PublicSubnetIDs = routes.publicSubnetIDs.ToStringArrayOutput()
	b.component.PrivateSubnetIDs = subnets.ids(layout.Private)
	b.component.DataSubnetIDs = subnets.ids(layout.Data)
	b.component.NodeSubnetIDs = routes.privateSubnetIDs

	return nil
}

// PhysicalName is the name of a part of an environment's network in AWS, such as "vpc" or "private-a", or of the
// network itself if the part is "".
func PhysicalName(environment, part string) string {
	return scope.Scope{Prefix: environment + "-network"}.Physical(part)
}
