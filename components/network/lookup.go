package network

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// VPC is an existing VPC as the account has it.
type VPC struct {
	// OwnerID is the account that owns the VPC.
	OwnerID string
	// DNS reports whether the VPC resolves names, and gives names to instances.
	DNS bool
	// CIDRs are all ranges of the VPC.
	CIDRs []netip.Prefix
	// Subnets are the subnets of the VPC that were looked up, by id.
	Subnets map[string]Subnet
}

// Subnet is an existing subnet.
type Subnet struct {
	// CIDR is the range of the subnet. A subnet that has only IPv6 addresses has no valid one.
	CIDR netip.Prefix
	// Zone is the name of the zone, such as "us-east-1a".
	Zone string
	// InControlPlaneZone reports whether EKS accepts the zone for a control plane.
	InControlPlaneZone bool
	// FreeAddresses is the number of unused addresses.
	FreeAddresses int
	// DefaultRoute is the id of the target of the subnet's default route, such as "igw-0123456789abcdef0", or "" without
	// one.
	DefaultRoute string
}

// LookUp returns the VPC with the id, and those of the subnets that are in it. If the region has no such VPC, it
// returns a VPC without an owner.
func LookUp(ctx *pulumi.Context, id string, subnets []string, opts ...pulumi.InvokeOption) (*VPC, error) {
	// Unlike a look-up by id, a filter that matches nothing is no error.
	known, err := ec2.GetVpcs(ctx, &ec2.GetVpcsArgs{
		Filters: []ec2.GetVpcsFilter{{Name: "vpc-id", Values: []string{id}}},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("looking for the VPC %s: %w", id, err)
	}

	if len(known.Ids) == 0 {
		return &VPC{}, nil
	}

	found, err := ec2.LookupVpc(ctx, &ec2.LookupVpcArgs{Id: &id}, opts...)
	if err != nil {
		return nil, fmt.Errorf("looking up the VPC %s: %w", id, err)
	}

	vpc := &VPC{
		OwnerID: found.OwnerId, DNS: found.EnableDnsSupport && found.EnableDnsHostnames, Subnets: make(map[string]Subnet),
	}

	for _, association := range found.CidrBlockAssociations {
		cidr, err := netip.ParsePrefix(association.CidrBlock)
		if err != nil {
			return nil, fmt.Errorf("reading a range of %s: %w", id, err)
		}

		vpc.CIDRs = append(vpc.CIDRs, cidr)
	}

	routes, err := defaultRoutes(ctx, id, opts...)
	if err != nil {
		return nil, err
	}

	return vpc, vpc.lookUpSubnets(ctx, id, subnets, routes, opts...)
}

// lookUpSubnets adds the subnets with the ids, if they are in the VPC.
func (v *VPC) lookUpSubnets(
	ctx *pulumi.Context, id string, subnets []string, routes map[string]string, opts ...pulumi.InvokeOption,
) error {
	known, err := ec2.GetSubnets(ctx, &ec2.GetSubnetsArgs{
		Filters: []ec2.GetSubnetsFilter{{Name: "vpc-id", Values: []string{id}}},
	}, opts...)
	if err != nil {
		return fmt.Errorf("listing the subnets of %s: %w", id, err)
	}

	for _, subnetID := range known.Ids {
		if !slices.Contains(subnets, subnetID) {
			continue
		}

		found, err := ec2.LookupSubnet(ctx, &ec2.LookupSubnetArgs{Id: &subnetID}, opts...)
		if err != nil {
			return fmt.Errorf("looking up the subnet %s: %w", subnetID, err)
		}

		cidr, _ := netip.ParsePrefix(found.CidrBlock) // there is none without IPv4

		route, explicit := routes[subnetID]
		if !explicit {
			route = routes[mainTable]
		}

		v.Subnets[subnetID] = Subnet{
			CIDR: cidr, Zone: found.AvailabilityZone, InControlPlaneZone: !refusedByEKS(found.AvailabilityZoneId),
			FreeAddresses: found.AvailableIpAddressCount, DefaultRoute: route,
		}
	}

	return nil
}

// mainTable is the key of the table for subnets without a table of their own.
const mainTable = ""

// defaultRoutes returns the targets of the default routes of a VPC's subnets, by their ids.
func defaultRoutes(ctx *pulumi.Context, vpcID string, opts ...pulumi.InvokeOption) (map[string]string, error) {
	tables, err := ec2.GetRouteTables(ctx, &ec2.GetRouteTablesArgs{VpcId: &vpcID}, opts...)
	if err != nil {
		return nil, fmt.Errorf("listing the route tables of %s: %w", vpcID, err)
	}

	found := make(map[string]string)

	for _, id := range tables.Ids {
		table, err := ec2.LookupRouteTable(ctx, &ec2.LookupRouteTableArgs{RouteTableId: &id}, opts...)
		if err != nil {
			return nil, fmt.Errorf("looking up the route table %s: %w", id, err)
		}

		for _, association := range table.Associations {
			switch {
			case association.Main:
				found[mainTable] = defaultRoute(table.Routes)
			case association.SubnetId != "": // otherwise it is that of a gateway
				found[association.SubnetId] = defaultRoute(table.Routes)
			}
		}
	}

	return found, nil
}

// defaultRoute returns the target of the route for all other destinations, or "". A route has one target.
func defaultRoute(routes []ec2.GetRouteTableRoute) string {
	for _, r := range routes {
		if r.CidrBlock == anywhere {
			return cmp.Or(r.GatewayId, r.NatGatewayId, r.TransitGatewayId, r.VpcEndpointId, r.NetworkInterfaceId, r.InstanceId,
				r.CoreNetworkArn, r.VpcPeeringConnectionId, r.LocalGatewayId, r.CarrierGatewayId)
		}
	}

	return ""
}
