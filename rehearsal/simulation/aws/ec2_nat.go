package aws

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeEIP        = "aws:ec2/eip:Eip"
	typeNATGateway = "aws:ec2/natGateway:NatGateway"
)

func natKinds() []behaviour.Kind {
	return []behaviour.Kind{eip(), natGateway()}
}

func eip() behaviour.Kind {
	return behaviour.Kind{
		Type: typeEIP, Title: "EC2 EIP", Service: "EC2",
		Verbs: behaviour.Verbs{Create: "AllocateAddress", Update: "AssociateAddress", Delete: "ReleaseAddress"},
		ID:    behaviour.Hex("eipalloc-"),
		Computed: []behaviour.Output{
			ec2ARN("elastic-ip"), tagsAll(),
			behaviour.Format("allocationId", "{id}"),
			behaviour.Constant("domain", "vpc"),
			behaviour.Format("networkBorderGroup", "{region}"),
			behaviour.Constant("publicIpv4Pool", "amazon"),
			{Name: "publicIp", Make: func(c *behaviour.Call) any { return publicAddress(c) }},
			{Name: "publicDns", Make: func(c *behaviour.Call) any { return publicName(c) }},
		},
		ForceNew: []string{
			"address", "customerOwnedIpv4Pool", "domain", "ipamPoolId", "networkBorderGroup", "publicIpv4Pool", "vpc",
		},
		Checks:  []func(*behaviour.Call) error{checkAddressLeft},
		Missing: missing("InvalidAllocationID.NotFound", "The allocation ID '%s' does not exist"),
		InUse: func(target, _ account.Resource) error {
			return refuse("InvalidIPAddress.InUse", "Address %s is in use.", target.Text("publicIp"))
		},
	}
}

func checkAddressLeft(c *behaviour.Call) error {
	if publicAddress(c) == "" {
		return refuse("AddressLimitExceeded", "The maximum number of addresses has been reached.")
	}

	return nil
}

// publicAddress is the first free one of the ranges for documentation (RFC 5737),
// so that no simulated address is anybody's.
func publicAddress(c *behaviour.Call) string {
	var occupied []string
	for _, other := range c.Siblings(typeEIP) {
		occupied = append(occupied, other.Text("publicIp"))
	}

	for _, network := range []string{"203.0.113", "198.51.100"} {
		for host := 1; host < 255; host++ {
			if address := fmt.Sprintf("%s.%d", network, host); !slices.Contains(occupied, address) {
				return address
			}
		}
	}

	return ""
}

func publicName(c *behaviour.Call) string {
	zone := c.Place.Region + ".compute"
	if c.Place.Region == "us-east-1" {
		zone = "compute-1"
	}

	return "ec2-" + strings.ReplaceAll(c.Text("publicIp"), ".", "-") + "." + zone + ".amazonaws.com"
}

func natGateway() behaviour.Kind {
	return behaviour.Kind{
		Type: typeNATGateway, Title: "EC2 NAT Gateway", Service: "EC2",
		Verbs:    behaviour.Verbs{Create: "CreateNatGateway", Update: "CreateTags", Delete: "DeleteNatGateway"},
		ID:       behaviour.Hex("nat-"),
		Defaults: map[string]any{"connectivityType": "public"},
		Computed: []behaviour.Output{
			tagsAll(),
			behaviour.Fresh("networkInterfaceId", "eni-"),
			{Name: "privateIp", Make: privateAddress},
			{Name: "publicIp", Make: func(c *behaviour.Call) any { return addressOf(c).Text("publicIp") }},
			{Name: "associationId", Make: associationID},
		},
		ForceNew: []string{"allocationId", "connectivityType", "privateIp", "secondaryPrivateIpAddressCount", "subnetId"},
		References: []behaviour.Reference{
			{Property: "subnetId", Types: []string{typeSubnet}},
			{Property: "allocationId", Types: []string{typeEIP}},
		},
		Unique: []behaviour.Unique{{
			Properties: []string{"allocationId"},
			Taken:      taken("Resource.AlreadyAssociated", "Elastic IP address [%s] is already associated", "allocationId"),
		}},
		Checks:  []func(*behaviour.Call) error{checkNATGateway},
		Missing: missing("NatGatewayNotFound", "The Nat Gateway %s was not found"),
		InUse:   inUse("DependencyViolation", "The natGateway '%s' has dependencies and cannot be deleted."),
	}
}

// checkNATGateway wants an address for a public gateway, none for a private one,
// and for a public one a VPC with an internet gateway: without it AWS lets the
// gateway fail after some minutes, which is how a missing DependsOn shows.
func checkNATGateway(c *behaviour.Call) error {
	if c.Text("connectivityType") == "private" {
		if c.Text("allocationId") != "" {
			return refuse("InvalidParameter", "AllocationId is not supported for a private NAT gateway")
		}

		return nil
	}

	if c.Text("allocationId") == "" {
		return refuse("MissingParameter", "The request must contain the parameter AllocationId")
	}

	subnet, _ := c.Get(typeSubnet, c.Text("subnetId"))
	for _, gateway := range c.Siblings(typeInternetGateway) {
		if gateway.Text("vpcId") == subnet.Text("vpcId") {
			return nil
		}
	}

	return refuse("Gateway.NotAttached", "Network %s has no Internet gateway attached", subnet.Text("vpcId"))
}

func addressOf(c *behaviour.Call) account.Resource {
	address, _ := c.Get(typeEIP, c.Text("allocationId"))

	return address
}

func associationID(c *behaviour.Call) any {
	if c.Text("allocationId") == "" {
		return ""
	}

	return "eipassoc-" + c.Digits(17)
}

// privateAddress is a free one of the gateway's subnet.
func privateAddress(c *behaviour.Call) any {
	return freeAddress(c, subnetOf(c))
}

func subnetOf(c *behaviour.Call) account.Resource {
	subnet, _ := c.Get(typeSubnet, c.Text("subnetId"))

	return subnet
}

// freeAddress is the subnet's first address that AWS does not reserve and no
// gateway or instance has.
func freeAddress(c *behaviour.Call, subnet account.Resource) string {
	block, err := netip.ParsePrefix(subnet.Text("cidrBlock"))
	if err != nil {
		return ""
	}

	var occupied []string
	for _, other := range append(c.Siblings(typeNATGateway), c.Siblings(typeInstance)...) {
		occupied = append(occupied, other.Text("privateIp"))
	}

	address := block.Addr().Next().Next().Next().Next() // AWS keeps .0 to .3
	for slices.Contains(occupied, address.String()) && block.Contains(address) {
		address = address.Next()
	}

	return address.String()
}
