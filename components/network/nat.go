package network

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NAT is how many zones have a NAT gateway of their own.
type NAT string

// The choices of NAT.
const (
	// NATNone gives private subnets no route to the internet.
	NATNone NAT = "none"
	// NATSingle gives all zones one gateway, in the first zone by letter. It is cheap, and fails with that zone.
	NATSingle NAT = "single"
	// NATPerZone gives each zone its own gateway, so that the loss of a zone does not affect the other zones.
	NATPerZone NAT = "perZone"
)

// NATs returns every choice.
func NATs() []NAT { return []NAT{NATNone, NATSingle, NATPerZone} }

// gatewayZones maps each zone to the zone whose gateway it uses. Zones without a route to the internet are omitted.
func (n NAT) gatewayZones(zones []string) map[string]string {
	used := make(map[string]string, len(zones))

	for _, zone := range zones {
		switch n {
		case NATPerZone:
			used[zone] = zone
		case NATSingle:
			used[zone] = slices.Min(zones)
		case NATNone:
		}
	}

	return used
}

// natGateways creates the gateways, by zone, each in the zone's public subnet. The internet gateway comes first:
// without it, addresses do not work and NAT gateways fail (documentation of ec2.NatGateway).
func (b *builder) natGateways(public subnets, internet *ec2.InternetGateway) (map[string]*ec2.NatGateway, error) {
	gateways := make(map[string]*ec2.NatGateway)
	zones := b.args.NAT.gatewayZones(b.args.Zones)

	for _, s := range public {
		if zones[s.Zone] != s.Zone {
			continue
		}

		gateway, err := b.natGateway(s, internet)
		if err != nil {
			return nil, fmt.Errorf("NAT in zone %s: %w", s.Zone, err)
		}

		gateways[s.Zone] = gateway
	}

	return gateways, nil
}

func (b *builder) natGateway(public subnet, internet *ec2.InternetGateway) (*ec2.NatGateway, error) {
	part := "nat-" + public.Zone

	address, err := ec2.NewEip(b.Ctx, b.Logical(part), &ec2.EipArgs{
		Domain: pulumi.String("vpc"),
		Tags:   b.Tags(part),
	}, b.Child(), pulumi.DependsOn([]pulumi.Resource{internet}))
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}

	return ec2.NewNatGateway(b.Ctx, b.Logical(part), &ec2.NatGatewayArgs{
		AllocationId: address.ID(),
		SubnetId:     public.resource.ID(),
		Tags:         b.Tags(part),
	}, b.Child(), pulumi.DependsOn([]pulumi.Resource{internet}), b.ReplaceUnfinished())
}
