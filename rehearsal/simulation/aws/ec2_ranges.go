package aws

import (
	"net/netip"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// checkVPCRange wants a CIDR between /16 and /28 without host bits.
func checkVPCRange(c *behaviour.Call) error {
	if c.Text("ipv4IpamPoolId") != "" && c.Text("cidrBlock") == "" {
		return nil
	}

	block, err := parseBlock(c.Text("cidrBlock"))
	if err != nil {
		return err
	}

	if block.Bits() < 16 || block.Bits() > 28 {
		return refuse("InvalidVpc.Range", "The CIDR '%s' is invalid.", block)
	}

	return nil
}

// checkSubnetRange wants a CIDR inside the VPC's that overlaps no other subnet's.
func checkSubnetRange(c *behaviour.Call) error {
	block, err := parseBlock(c.Text("cidrBlock"))
	if err != nil {
		return err
	}

	network, _ := c.Get(typeVPC, c.Text("vpcId"))

	whole, err := netip.ParsePrefix(network.Text("cidrBlock"))
	if err != nil || block.Bits() < whole.Bits() || !whole.Contains(block.Addr()) || block.Bits() > 28 {
		return refuse("InvalidSubnet.Range", "The CIDR '%s' is invalid.", block)
	}

	for _, other := range c.Siblings(typeSubnet) {
		occupied, err := netip.ParsePrefix(other.Text("cidrBlock"))
		if err == nil && other.Text("vpcId") == network.ID && occupied.Overlaps(block) {
			return refuse("InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", block)
		}
	}

	return nil
}

func parseBlock(text string) (netip.Prefix, error) {
	block, err := netip.ParsePrefix(text)
	if err != nil || !block.Addr().Is4() || block != block.Masked() {
		return netip.Prefix{}, refuse("InvalidParameterValue",
			"Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", text)
	}

	return block, nil
}

// checkZone wants a zone of the region, by name or by id.
func checkZone(c *behaviour.Call) error {
	if zoneOf(c).name != "" {
		return nil
	}

	var names []string
	for _, known := range zonesOf(c.Place.Region) {
		names = append(names, known.name)
	}

	return refuse("InvalidParameterValue",
		"Value (%s) for parameter availabilityZone is invalid. "+
			"Subnets can currently only be created in the following availability zones: %s.",
		c.Text("availabilityZone")+c.Text("availabilityZoneId"), strings.Join(names, ", "))
}

// zoneOf is the zone that a subnet names, or the region's first when it names none.
func zoneOf(c *behaviour.Call) zone {
	name, id := c.Text("availabilityZone"), c.Text("availabilityZoneId")
	for _, known := range zonesOf(c.Place.Region) {
		if (name == "" || known.name == name) && (id == "" || known.id == id) {
			return known
		}
	}

	return zone{}
}
