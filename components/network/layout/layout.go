// Package layout divides the addresses of a VPC among zones and tiers. The range of a subnet depends only on the CIDR
// of the VPC and the letter of the zone, not on the order or number of zones, so adding a zone renumbers no subnet.
package layout

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
)

// Tier is the purpose of a subnet, which decides its routes.
type Tier string

// The tiers of each zone.
const (
	// Public subnets have a route to the internet gateway, for load balancers and NAT gateways.
	Public Tier = "public"
	// Private subnets have a route through NAT, for nodes and pods. They are the largest.
	Private Tier = "private"
	// Data subnets have no route out of the VPC, for databases and caches.
	Data Tier = "data"
)

// Bounds of the VPC's prefix length.
const (
	// MinBits is the prefix length of the largest VPC that AWS allows (Amazon VPC User Guide, "VPC CIDR blocks").
	MinBits = 16
	// MaxBits is the prefix length of the smallest VPC whose private subnets have 123 addresses: a /25 less the five that
	// AWS reserves. A t4g.large takes 36 for itself and its pods, and an update adds two nodes to one. The public subnets
	// are then a /27, the smallest that load balancers accept (Elastic Load Balancing User Guide).
	MaxBits = 21
)

// FirstZone and LastZone are the first and the last letter of a zone. Each letter has an eighth of the VPC, used or
// not.
const (
	FirstZone = "a"
	LastZone  = "h"
)

// Letters returns every letter that a zone may have.
func Letters() []string {
	var letters []string
	for letter := FirstZone[0]; letter <= LastZone[0]; letter++ {
		letters = append(letters, string(letter))
	}

	return letters
}

// slotBits is the binary logarithm of the number of letters, eight.
const slotBits = 3

// share is the part of a zone's slot that a tier gets: the slot's prefix extended by bits, and the index of that part.
type share struct {
	tier  Tier
	bits  int
	index uint32
}

// shares gives the private subnet the first half of a slot, and the public and data subnets the next two eighths. The
// last quarter remains free.
func shares() []share {
	return []share{
		{tier: Public, bits: 3, index: 4},
		{tier: Private, bits: 1, index: 0},
		{tier: Data, bits: 3, index: 5},
	}
}

// Subnet is one planned subnet.
type Subnet struct {
	Tier Tier
	// Zone is the zone's letter, such as "a".
	Zone string
	CIDR netip.Prefix
}

// Plan returns three subnets for each zone, ordered by zone and tier. It fails if CheckVPC or CheckZone does.
func Plan(vpc netip.Prefix, zones []string) ([]Subnet, error) {
	if err := CheckVPC(vpc); err != nil {
		return nil, err
	}

	parts := shares()
	subnets := make([]Subnet, 0, len(zones)*len(parts))

	for _, zone := range slices.Sorted(slices.Values(zones)) {
		if err := CheckZone(zone); err != nil {
			return nil, err
		}

		slot := part(vpc, slotBits, uint32(zone[0]-FirstZone[0]))
		for _, s := range parts {
			subnets = append(subnets, Subnet{Tier: s.tier, Zone: zone, CIDR: part(slot, s.bits, s.index)})
		}
	}

	return subnets, nil
}

// shared is the range for shared address space, which networks also use as a private range (RFC 6598).
func shared() netip.Prefix { return netip.MustParsePrefix("100.64.0.0/10") }

// Nearest returns the range around a CIDR, or at its start, that is most like it among those that CheckVPC accepts, and
// whether there is one.
func Nearest(vpc netip.Prefix) (netip.Prefix, bool) {
	nearest := netip.PrefixFrom(vpc.Addr(), min(max(vpc.Bits(), MinBits), MaxBits)).Masked()

	return nearest, CheckVPC(nearest) == nil
}

// CheckVPC returns an error if the VPC of an environment cannot have this CIDR. If the CIDR is too small, the error
// names the smallest range around it that fits. AWS also accepts public ranges, but the VPC could not reach the hosts
// on the internet that have the same addresses.
func CheckVPC(vpc netip.Prefix) error {
	switch {
	case !vpc.IsValid() || !vpc.Addr().Is4():
		return fmt.Errorf("%s is not an IPv4 CIDR", vpc)
	case vpc.Bits() < MinBits:
		return fmt.Errorf("%s is larger than the /%d that AWS allows", vpc, MinBits)
	case vpc.Bits() > MaxBits:
		fits := netip.PrefixFrom(vpc.Addr(), MaxBits).Masked()

		return fmt.Errorf("%s is too small for the subnets: the smallest range that fits is %s", vpc, fits)
	case vpc != vpc.Masked():
		return fmt.Errorf("%s has host bits set: its network is %s", vpc, vpc.Masked())
	case !vpc.Addr().IsPrivate() && !shared().Contains(vpc.Addr()):
		return fmt.Errorf("%s is not a private range (RFC 1918 or RFC 6598)", vpc)
	}

	return nil
}

// CheckZone returns an error if a zone cannot have this letter.
func CheckZone(zone string) error {
	if len(zone) != 1 || zone < FirstZone || zone > LastZone {
		return fmt.Errorf("%q is not the letter of a zone, %s to %s", zone, FirstZone, LastZone)
	}

	return nil
}

// part divides a prefix into 2^bits parts and returns the one at the index.
func part(prefix netip.Prefix, bits int, index uint32) netip.Prefix {
	length := prefix.Bits() + bits
	address := prefix.Addr().As4()
	start := binary.BigEndian.Uint32(address[:]) | index<<(prefix.Addr().BitLen()-length)
	binary.BigEndian.PutUint32(address[:], start)

	return netip.PrefixFrom(netip.AddrFrom4(address), length)
}
