package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/network/layout"
)

// anywhere is the destination of a default route.
const anywhere = "0.0.0.0/0"

// routes creates the routes out of each tier: public subnets use the internet gateway, private subnets NAT if there is
// one, and data subnets have no route. Each zone always has a private table of its own, so that changing NAT changes
// routes and not the tables of subnets.
func (b *builder) routes(vpc *ec2.Vpc, all subnets) (*routes, error) {
	internet, err := ec2.NewInternetGateway(b.Ctx, b.Logical("internet"), &ec2.InternetGatewayArgs{
		VpcId: vpc.ID(),
		Tags:  b.Tags("internet"),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("internet gateway: %w", err)
	}

	public, err := b.routeTable(vpc, "public", all.of(layout.Public))
	if err != nil {
		return nil, err
	}

	out, err := ec2.NewRoute(b.Ctx, b.Logical("public"), &ec2.RouteArgs{
		RouteTableId:         public.ID(),
		DestinationCidrBlock: pulumi.String(anywhere),
		GatewayId:            internet.ID(),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("public default route: %w", err)
	}

	if _, err := b.routeTable(vpc, "data", all.of(layout.Data)); err != nil {
		return nil, err
	}

	gateways, err := b.natGateways(all.of(layout.Public), internet)
	if err != nil {
		return nil, err
	}

	declared, err := b.privateRoutes(vpc, all.of(layout.Private), gateways)
	if err != nil {
		return nil, err
	}

	for _, s := range all.of(layout.Public) {
		declared.publicSubnetIDs = append(declared.publicSubnetIDs, waitFor(s.resource.ID(), out.ID()))
	}

	return declared, nil
}

// routes has the ids of the subnets. If a subnet has a default route, its id waits for that route.
type routes struct {
	privateTables []*ec2.RouteTable
	// privateSubnetIDs are the ids of the private subnets, by the zone's letter.
	privateSubnetIDs map[string]pulumi.StringOutput
	publicSubnetIDs  pulumi.StringArray
}

// privateRoutes creates a table for each private subnet, and a default route if its zone uses a gateway.
func (b *builder) privateRoutes(
	vpc *ec2.Vpc, private subnets, gateways map[string]*ec2.NatGateway,
) (*routes, error) {
	declared := &routes{privateSubnetIDs: make(map[string]pulumi.StringOutput, len(private))}
	zones := b.args.NAT.gatewayZones(b.args.Zones)

	for _, s := range private {
		table, err := b.routeTable(vpc, s.part(), subnets{s})
		if err != nil {
			return nil, err
		}

		declared.privateTables = append(declared.privateTables, table)
		declared.privateSubnetIDs[s.Zone] = s.resource.ID().ToStringOutput()

		gateway, routed := gateways[zones[s.Zone]]
		if !routed {
			continue
		}

		route, err := ec2.NewRoute(b.Ctx, b.Logical(s.part()), &ec2.RouteArgs{
			RouteTableId:         table.ID(),
			DestinationCidrBlock: pulumi.String(anywhere),
			NatGatewayId:         gateway.ID(),
		}, b.Child())
		if err != nil {
			return nil, fmt.Errorf("default route of %s: %w", s.part(), err)
		}

		declared.privateSubnetIDs[s.Zone] = waitFor(s.resource.ID(), route.ID())
	}

	return declared, nil
}

// waitFor returns the id, but waits for the other resource.
func waitFor(id, other pulumi.IDOutput) pulumi.StringOutput {
	known := pulumi.All(id, other).ApplyT(func(ids []any) string {
		return string(ids[0].(pulumi.ID))
	})

	return known.(pulumi.StringOutput)
}

// routeTable creates a table for the subnets.
func (b *builder) routeTable(vpc *ec2.Vpc, part string, users subnets) (*ec2.RouteTable, error) {
	table, err := ec2.NewRouteTable(b.Ctx, b.Logical(part), &ec2.RouteTableArgs{
		VpcId: vpc.ID(),
		Tags:  b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("route table %s: %w", part, err)
	}

	for _, s := range users {
		_, err := ec2.NewRouteTableAssociation(b.Ctx, b.Logical(s.part()), &ec2.RouteTableAssociationArgs{
			RouteTableId: table.ID(),
			SubnetId:     s.resource.ID(),
		}, b.Child())
		if err != nil {
			return nil, fmt.Errorf("route table of %s: %w", s.part(), err)
		}
	}

	return table, nil
}
