package network

import (
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/network/layout"
)

// builder declares the resources of one network, step by step.
type builder struct {
	ctx       *pulumi.Context
	name      string
	args      *Args
	component *Network
}

// build declares everything, in the order in which one thing needs another.
func (b *builder) build(plan []layout.Subnet) error {
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

	zone, err := b.privateDNS(vpc)
	if err != nil {
		return err
	}

	nodes, err := b.nodeSecurityGroup(vpc)
	if err != nil {
		return err
	}

	b.component.VPCID = vpc.ID().ToStringOutput()
	b.component.PublicSubnetIDs = routes.publicSubnetIDs.ToStringArrayOutput()
	b.component.PrivateSubnetIDs = subnets.ids(layout.Private)
	b.component.DataSubnetIDs = subnets.ids(layout.Data)
	b.component.NodeSubnetIDs = routes.privateSubnetIDs
	b.component.NodeSecurityGroupID = nodes.ID().ToStringOutput()
	b.component.DNSZoneID = zone.ZoneId

	return nil
}

// logical is the Pulumi name of a part of the network; it never holds the environment.
func (b *builder) logical(part string) string { return b.name + "-" + part }

// physical is the name that people see in the account; it never holds the Pulumi name, which may change.
func (b *builder) physical(part string) string { return PhysicalName(b.args.Environment, part) }

// PhysicalName is the name of a part of an environment's network in the account, such as "vpc" or "private-a".
func PhysicalName(environment, part string) string { return environment + "-network-" + part }

// tags names a part, with what else it is tagged for.
func (b *builder) tags(part string, more pulumi.StringMap) pulumi.StringMap {
	tags := pulumi.StringMap{"Name": pulumi.String(b.physical(part))}
	maps.Copy(tags, more)

	return tags
}

// child puts a resource under the component.
func (b *builder) child() pulumi.ResourceOption { return pulumi.Parent(b.component) }
