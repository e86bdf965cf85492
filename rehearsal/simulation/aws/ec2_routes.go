package aws

import (
	"fmt"
	"hash/crc32"
	"net/netip"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
)

const (
	typeEIP                   = "aws:ec2/eip:Eip"
	typeNATGateway            = "aws:ec2/natGateway:NatGateway"
	typeRouteTable            = "aws:ec2/routeTable:RouteTable"
	typeRoute                 = "aws:ec2/route:Route"
	typeRouteTableAssociation = "aws:ec2/routeTableAssociation:RouteTableAssociation"
)

func routeRules() map[string]rules {
	return map[string]rules{
		typeEIP: {
			outputs: makers{"publicIp": publicAddress},
		},
		typeNATGateway: {
			outputs: makers{
				"privateIp": func(c *call) any { return freeAddress(c, get(c, typeSubnet, "subnetId")) },
				"publicIp":  func(c *call) any { return get(c, typeEIP, "allocationId").Text("publicIp") },
			},
			checks: []check{checkNATGateway},
		},
		typeRoute: {
			// The provider makes the id: the table and a hash of the destination.
			id: func(c *call) string {
				return fmt.Sprintf("r-%s%d", c.Text("routeTableId"), crc32.ChecksumIEEE([]byte(c.Text("destinationCidrBlock"))))
			},
		},
	}
}

// publicAddress is the first free address of a range for documentation (RFC 5737), which is assigned to no network.
func publicAddress(c *call) any {
	var occupied []string
	for _, other := range c.Siblings(typeEIP) {
		occupied = append(occupied, other.Text("publicIp"))
	}

	address := netip.MustParseAddr("203.0.113.1")
	for slices.Contains(occupied, address.String()) {
		address = address.Next()
	}

	return address.String()
}

// checkNATGateway requires a VPC with an internet gateway. Without one AWS lets the NAT gateway fail after minutes,
// which reveals a missing DependsOn.
func checkNATGateway(c *call) error {
	network := get(c, typeSubnet, "subnetId").Text("vpcId")
	if !hasInternetGateway(c, network) {
		return refuse("Gateway.NotAttached", "Network %s has no Internet gateway attached", network)
	}

	return nil
}

// freeAddress is the first address of a subnet that AWS does not reserve and that no gateway or instance has.
func freeAddress(c *call, subnet account.Resource) string {
	block, err := netip.ParsePrefix(subnet.Text("cidrBlock"))
	if err != nil {
		return ""
	}

	var occupied []string
	for _, other := range append(c.Siblings(typeNATGateway), c.Siblings(typeInstance)...) {
		occupied = append(occupied, other.Text("privateIp"))
	}

	address := block.Addr().Next().Next().Next().Next() // AWS reserves .0 to .3
	for slices.Contains(occupied, address.String()) && block.Contains(address) {
		address = address.Next()
	}

	return address.String()
}

// tableOf is the route table that a subnet is associated with, or its VPC's main one.
func tableOf(c *call, subnetID string) account.Resource {
	subnet, _ := c.Get(typeSubnet, subnetID)
	network, _ := c.Get(typeVPC, subnet.Text("vpcId"))
	table := network.Text("mainRouteTableId")

	for _, association := range c.Siblings(typeRouteTableAssociation) {
		if association.Text("subnetId") == subnetID {
			table = association.Text("routeTableId")
		}
	}

	found, _ := c.Get(typeRouteTable, table)

	return found
}

// reachesInternet reports whether a subnet's table routes all traffic to a gateway that exists.
func reachesInternet(c *call, subnetID string) bool {
	table := tableOf(c, subnetID)

	return slices.ContainsFunc(c.Siblings(typeRoute), func(route account.Resource) bool {
		_, translated := c.Get(typeNATGateway, route.Text("natGatewayId"))
		_, direct := c.Get(typeInternetGateway, route.Text("gatewayId"))

		return route.Text("routeTableId") == table.ID && route.Text("destinationCidrBlock") == "0.0.0.0/0" &&
			(translated || direct)
	})
}
