package controls

import (
	"net/netip"
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

// disjointRanges is N9.
func disjointRanges(environment Environment, v *verdict) {
	// The environment is named because every environment's VPC has the same name.
	keepApart := func(one, other state.Resource) {
		v.hold(one, "cidrBlock", !overlap(cidr(one), cidr(other)),
			"it overlaps "+other.URN.Name()+" of "+string(other.URN.Stack()))
	}

	subnets := of(environment.State, typeSubnet)
	for i, subnet := range subnets {
		for _, other := range subnets[i+1:] {
			keepApart(subnet, other)
		}
	}

	taken := blocks(environment.State)
	for i, block := range taken {
		for _, other := range taken[i+1:] {
			keepApart(block, other)
		}

		for _, elsewhere := range environment.Others {
			for _, other := range blocks(elsewhere) {
				keepApart(block, other)
			}
		}
	}

	v.holdWithin(subnets, taken)
}

// holdWithin holds subnets to be within a block of their VPC.
func (v *verdict) holdWithin(subnets, taken []state.Resource) {
	for _, subnet := range subnets {
		vpc := text(subnet, "vpcId")
		inside := slices.ContainsFunc(taken, func(block state.Resource) bool {
			return (string(block.ID) == vpc || text(block, "vpcId") == vpc) && within(cidr(subnet), cidr(block))
		})
		v.hold(subnet, "cidrBlock", inside, "it is not within "+vpc)
	}
}

// blocks are the ranges of VPCs: the first of each, and those that it was given later.
func blocks(s *state.State) []state.Resource {
	return slices.Concat(
		of(s, typeVPC), of(s, "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"),
	)
}

// cidr returns the range of a VPC, a block or a subnet; one that cannot be read is not valid.
func cidr(r state.Resource) netip.Prefix { return parse(text(r, "cidrBlock")) }

func parse(text string) netip.Prefix {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}
	}

	return prefix
}

// overlap reports whether two ranges share addresses. One that is not valid counts as if it did.
func overlap(one, other netip.Prefix) bool {
	return !one.IsValid() || !other.IsValid() || one.Overlaps(other)
}

// within reports whether all addresses of the inner range are in the outer. One that is not valid has none there.
func within(inner, outer netip.Prefix) bool {
	return inner.IsValid() && outer.Contains(inner.Addr()) && inner.Bits() >= outer.Bits()
}

// isPrivateRange reports whether no address in the range is on the internet. What cannot be read counts as if
// some were.
func isPrivateRange(value any) bool {
	written, _ := value.(string)

	return slices.ContainsFunc(privateRanges(), func(private netip.Prefix) bool {
		return within(parse(written), private)
	})
}

// privateRanges are those of RFC 1918, RFC 6598 (clusters take pod addresses from it) and RFC 4193.
func privateRanges() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"),
		netip.MustParsePrefix("172.16.0.0/12"),
		netip.MustParsePrefix("192.168.0.0/16"),
		netip.MustParsePrefix("100.64.0.0/10"),
		netip.MustParsePrefix("fc00::/7"),
	}
}
