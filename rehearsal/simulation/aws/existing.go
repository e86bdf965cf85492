package aws

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
)

// Network is a VPC that an account has before the rehearsal: its id, and those of its subnets by the zone's letter.
type Network struct {
	VPC                   string
	Public, Private, Data map[string]string
}

// Provide puts a network into the account of the identity, in a region: with an internet gateway for its public
// subnets, a NAT gateway for its private ones, and no way out of the data subnets. What the account has already stays.
func Provide(acct *account.Account, identity Identity, region string, network Network) error {
	cloud := New(nil, nil, identity)

	configured, err := cloud.Configure(resource.PropertyMap{"region": resource.NewStringProperty(region)})
	if err != nil {
		return fmt.Errorf("providing the VPC %s: %w", network.VPC, err)
	}

	return acct.Change(func(tx *account.Transaction) error {
		c := cloud.Table().Begin(tx, configured.Place())
		if vpc, exists := c.Get(typeVPC, network.VPC); exists && vpc.URN != "" {
			return nil // another environment created it
		}

		owner := landlord{c, network}

		return owner.provide()
	})
}

// landlord creates a network that does not belong to the engine.
type landlord struct {
	*call

	network Network
}

// put creates a resource unless it exists, and reports whether it created one.
func (l landlord) put(token, id string, inputs map[string]any) bool {
	if _, exists := l.Get(token, id); exists {
		return false
	}

	l.Leave(token, id, inputs)

	return true
}

// part is the id of a part of the network.
func (l landlord) part(prefix, name string) string {
	return prefix + "-" + digest(l.network.VPC+name, 17)
}

func (l landlord) provide() error {
	vpc := map[string]any{
		"cidrBlock": "10.64.0.0/16", "enableDnsSupport": true, "enableDnsHostnames": true,
		"tags": map[string]any{"Name": "existing"},
	}

	if l.put(typeVPC, l.network.VPC, vpc) {
		l.Resource, _ = l.Get(typeVPC, l.network.VPC)

		if err := fillVPC(l.call); err != nil {
			return err
		}
	}

	internet, nat := l.part("igw", "internet"), l.part("nat", "nat")
	l.put(typeInternetGateway, internet, map[string]any{"vpcId": l.network.VPC})
	l.tier(0, "public", l.network.Public, map[string]any{"gatewayId": internet})

	if zones := slices.Sorted(maps.Keys(l.network.Public)); len(zones) > 0 {
		address := l.part("eipalloc", "nat")
		l.put(typeEIP, address, map[string]any{"domain": "vpc"})
		l.put(typeNATGateway, nat, map[string]any{"allocationId": address, "subnetId": l.network.Public[zones[0]]})
	}

	l.tier(1, "private", l.network.Private, map[string]any{"natGatewayId": nat})
	l.tier(2, "data", l.network.Data, nil)

	return nil
}

// tier creates the subnets of a tier, and their route table with a default route to a target.
func (l landlord) tier(index int, name string, subnets map[string]string, target map[string]any) {
	table := l.part("rtb", name)
	l.put(typeRouteTable, table, map[string]any{"vpcId": l.network.VPC})

	if target != nil {
		route := map[string]any{"routeTableId": table, "destinationCidrBlock": "0.0.0.0/0"}
		maps.Copy(route, target)
		l.put(typeRoute, l.part("r", name), route)
	}

	for zone, id := range subnets {
		created := l.put(typeSubnet, id, map[string]any{
			"vpcId": l.network.VPC, "availabilityZone": l.Place.Region + zone, "cidrBlock": blockOf(index, zone),
		})
		if created {
			l.put(typeRouteTableAssociation, l.part("rtbassoc", id), map[string]any{"routeTableId": table, "subnetId": id})
		}
	}
}

// blockOf is the range of a tier's subnet in a zone. Each tier has a range for each letter.
func blockOf(tier int, zone string) string {
	const size = 8 // of a /21, in the third number

	return fmt.Sprintf("10.64.%d.0/21", (tier*maxZones+int(zone[0]-'a'))*size)
}
