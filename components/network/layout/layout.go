// Package layout divides a VPC's addresses among zones and tiers. It is plain arithmetic over
// netip.Prefix: what it returns depends on the VPC's CIDR and the zones' letters alone, never on the order
// or the number of the zones, so that adding a zone never renumbers a subnet.
package layout

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
)

// Tier says what a subnet serves, and so what it may reach.
type Tier string

// The tiers of each zone.
const (
	// Public holds load balancers and NAT gateways: a route to the internet gateway.
	Public Tier = "public"
	// Private holds nodes and pods, and is the largest: a route out through NAT.
	Private Tier = "private"
	// Data holds databases and caches: no route out of the VPC.
	Data Tier = "data"
)

// Bounds of the VPC's prefix length.
const (
	// MinBits is the largest VPC that AWS allows (Amazon VPC User Guide, "VPC CIDR blocks").
	MinBits = 16
	// MaxBits is the smallest VPC whose private subnets still hold 251 addresses (a /24 less the five that
	// AWS keeps): each pod takes one, so a smaller subnet is exhausted by two or three busy nodes.
	MaxBits = 20
)

// FirstZone and LastZone bound the letters a zone may have: each has its own eighth of the VPC, used or not.
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

// slotBits is log2 of the number of zones that have a place in the VPC: eight, a to h.
const slotBits = 3

// share is a tier's part of a zone's slot: the prefix grows by bits, and index counts parts of that size.
type share struct {
	tier  Tier
	bits  int
	index uint32
}

// shares puts the private subnet in the first half of a slot, public and data in the eighths after it. The
// last quarter stays free, for whatever the next years bring.
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

// Plan returns the subnets of the zones, three for each, ordered by zone and then tier. The error says
// what is wrong with the VPC's CIDR or which letter has no place in it.
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

// CheckVPC reports why no VPC can have this CIDR. Where it is too small, the error names the smallest one
// around it that fits.
func CheckVPC(vpc netip.Prefix) error {
	switch {
	case !vpc.IsValid() || !vpc.Addr().Is4():
		return fmt.Errorf("%s is not an IPv4 CIDR", vpc)
	case vpc.Bits() < MinBits:
		return fmt.Errorf("%s is larger than the /%d that AWS allows", vpc, MinBits)
	case vpc.Bits() > MaxBits:
		fits := netip.PrefixFrom(vpc.Addr(), MaxBits).Masked()

		return fmt.Errorf("%s is too small for the subnets, the smallest that fits is %s", vpc, fits)
	case vpc != vpc.Masked():
		return fmt.Errorf("%s has host bits set, its network is %s", vpc, vpc.Masked())
	case !vpc.Addr().IsPrivate():
		return fmt.Errorf("%s is not a private range (RFC 1918)", vpc)
	}

	return nil
}

// CheckZone reports why a zone of this letter has no place in a VPC.
func CheckZone(zone string) error {
	if len(zone) != 1 || zone < FirstZone || zone > LastZone {
		return fmt.Errorf("%q is not a zone's letter, %s to %s", zone, FirstZone, LastZone)
	}

	return nil
}

// part cuts prefix into 2^bits parts and returns the one at index.
func part(prefix netip.Prefix, bits int, index uint32) netip.Prefix {
	length := prefix.Bits() + bits
	address := prefix.Addr().As4()
	start := binary.BigEndian.Uint32(address[:]) | index<<(prefix.Addr().BitLen()-length)
	binary.BigEndian.PutUint32(address[:], start)

	return netip.PrefixFrom(netip.AddrFrom4(address), length)
}
