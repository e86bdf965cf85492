package aws

import (
	"fmt"
	"hash/crc32"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
)

const (
	typeEIP                   = "aws:ec2/eip:Eip"
	typeNATGateway            = "aws:ec2/natGateway:NatGateway"
	typeRouteTable            = "aws:ec2/routeTable:RouteTable"
	typeRoute                 = "aws:ec2/route:Route"
	typeRouteTableAssociation = "aws:ec2/routeTableAssociation:RouteTableAssociation"

	// firstRegion is AWS's first region, whose host names have a form of their own.
	firstRegion = "us-east-1"
)

func routeRules() map[string]rules {
	return map[string]rules{
		typeEIP: {
			outputs: makers{"publicIp": publicAddress, "publicDns": publicName},
		},
		typeNATGateway: {
			checks:  []check{checkAddress},
			created: startNATGateway, deleted: disassociate,
			outputs: makers{
				"privateIp": func(c *call) any { return freeAddress(c, get(c, typeSubnet, "subnetId")) },
				"publicIp":  func(c *call) any { return get(c, typeEIP, "allocationId").Text("publicIp") },
			},
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

// publicName is the host name of an address.
// Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-hostnames
func publicName(c *call) any {
	suffix := c.Place.Region + ".compute"
	if c.Place.Region == firstRegion {
		suffix = "compute-1"
	}

	return c.Fill("ec2-" + strings.ReplaceAll(c.Text("publicIp"), ".", "-") + "." + suffix + ".{domain}")
}

// privateName is the host name of an address in a VPC.
// Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-hostnames
func privateName(c *call, address string) string {
	suffix := c.Place.Region + ".compute"
	if c.Place.Region == firstRegion {
		suffix = "ec2"
	}

	return "ip-" + strings.ReplaceAll(address, ".", "-") + "." + suffix + ".internal"
}

// associate gives the gateway its address. The next refresh finds this in the address.
func associate(c *call) error {
	return describeAddress(c, map[string]any{
		"associationId": c.Text("associationId"), "networkInterface": c.Text("networkInterfaceId"),
		"privateIp": c.Text("privateIp"), "privateDns": privateName(c, c.Text("privateIp")),
	})
}

func disassociate(c *call) error {
	if c.Resource.Failed {
		return nil
	}

	return describeAddress(c, map[string]any{
		"associationId": "", "networkInterface": "", "privateIp": "", "privateDns": "",
	})
}

// describeAddress changes the outputs of the gateway's address.
func describeAddress(c *call, outputs map[string]any) error {
	if address := get(c, typeEIP, "allocationId"); address.ID != "" {
		maps.Copy(address.Outputs, outputs)
		c.Tx.Put(address)
	}

	return nil
}

// startNATGateway gives the gateway its address. In a VPC without an internet gateway it fails after minutes, and
// remains, which reveals a missing DependsOn.
// Source: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
func startNATGateway(c *call) error {
	if network := get(c, typeSubnet, "subnetId").Text("vpcId"); !hasInternetGateway(c, network) {
		return c.Break(fail("waiting for EC2 NAT Gateway (%s) create: unexpected state 'failed', wanted target 'available'. "+
			"last error: Gateway.NotAttached: Network %s has no Internet gateway attached", c.Resource.ID, network))
	}

	return associate(c)
}

// checkAddress refuses an address that another gateway has. A failed gateway has none.
func checkAddress(c *call) error {
	for _, other := range c.Siblings(typeNATGateway) {
		if address := other.Text("allocationId"); !other.Failed && address == c.Text("allocationId") {
			return refuse("Resource.AlreadyAssociated", "Elastic IP address [%s] is already associated", address)
		}
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
		translator, exists := c.Get(typeNATGateway, route.Text("natGatewayId"))
		_, direct := c.Get(typeInternetGateway, route.Text("gatewayId"))

		return route.Text("routeTableId") == table.ID && route.Text("destinationCidrBlock") == "0.0.0.0/0" &&
			(exists && !translator.Failed || direct)
	})
}
