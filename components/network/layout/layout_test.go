package layout_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/msur/platform/components/network/layout"
)

func TestPlanOfTheSandbox(t *testing.T) {
	t.Parallel()

	subnets, err := layout.Plan(netip.MustParsePrefix("10.10.0.0/16"), []string{"b", "a"})
	require.NoError(t, err)

	want := []layout.Subnet{
		{Tier: layout.Public, Zone: "a", CIDR: netip.MustParsePrefix("10.10.16.0/22")},
		{Tier: layout.Private, Zone: "a", CIDR: netip.MustParsePrefix("10.10.0.0/20")},
		{Tier: layout.Data, Zone: "a", CIDR: netip.MustParsePrefix("10.10.20.0/22")},
		{Tier: layout.Public, Zone: "b", CIDR: netip.MustParsePrefix("10.10.48.0/22")},
		{Tier: layout.Private, Zone: "b", CIDR: netip.MustParsePrefix("10.10.32.0/20")},
		{Tier: layout.Data, Zone: "b", CIDR: netip.MustParsePrefix("10.10.52.0/22")},
	}
	assert.Equal(t, want, subnets)
}

func TestPlanProperties(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		vpc, zones := anyVPC(t), anyZones(t)

		subnets, err := layout.Plan(vpc, zones)
		require.NoError(t, err)
		require.Len(t, subnets, 3*len(zones))

		for i, subnet := range subnets {
			assert.Equal(t, subnet.CIDR.Masked(), subnet.CIDR, "aligned")
			assert.True(t, contains(vpc, subnet.CIDR), "%s is inside %s", subnet.CIDR, vpc)

			for _, other := range subnets[i+1:] {
				assert.False(t, subnet.CIDR.Overlaps(other.CIDR), "%v and %v are disjoint", subnet, other)
			}
		}

		private := bitsOf(subnets, layout.Private)
		assert.Less(t, private, bitsOf(subnets, layout.Public), "private is larger than public")
		assert.Less(t, private, bitsOf(subnets, layout.Data), "private is larger than data")
	})
}

func TestAddingAZoneNeverRenumbersASubnet(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		vpc, zones := anyVPC(t), anyZones(t)

		all, err := layout.Plan(vpc, zones)
		require.NoError(t, err)

		kept := rapid.IntRange(0, len(zones)-1).Draw(t, "kept")
		some, err := layout.Plan(vpc, zones[:kept])
		require.NoError(t, err)
		assert.Subset(t, all, some)
	})
}

func TestTheOrderOfZonesDoesNotMatter(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		vpc, zones := anyVPC(t), anyZones(t)

		one, err := layout.Plan(vpc, zones)
		require.NoError(t, err)

		slices.Reverse(zones)

		other, err := layout.Plan(vpc, zones)
		require.NoError(t, err)
		assert.Equal(t, one, other)
	})
}

func TestPlanRefuses(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		vpc   netip.Prefix
		zones []string
		says  string
	}{
		"no CIDR":             {netip.Prefix{}, []string{"a"}, "not an IPv4 CIDR"},
		"IPv6":                {netip.MustParsePrefix("fd00::/16"), []string{"a"}, "not an IPv4 CIDR"},
		"larger than AWS has": {netip.MustParsePrefix("10.0.0.0/15"), []string{"a"}, "/16"},
		"too small":           {netip.MustParsePrefix("10.10.20.0/22"), []string{"a"}, "10.10.16.0/21"},
		"host bits":           {netip.MustParsePrefix("10.10.1.0/16"), []string{"a"}, "10.10.0.0/16"},
		"public":              {netip.MustParsePrefix("8.8.0.0/16"), []string{"a"}, "private range"},
		"a zone's name":       {netip.MustParsePrefix("10.10.0.0/16"), []string{"us-east-1a"}, "us-east-1a"},
		"a letter after h":    {netip.MustParsePrefix("10.10.0.0/16"), []string{"i"}, `"i"`},
		"an empty letter":     {netip.MustParsePrefix("10.10.0.0/16"), []string{""}, `""`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := layout.Plan(test.vpc, test.zones)
			assert.ErrorContains(t, err, test.says)
		})
	}
}

func TestRangesOfOtherSizesAndKindsArePlanned(t *testing.T) {
	t.Parallel()

	for cidr, private := range map[string]string{
		"100.64.0.0/16": "100.64.32.0/20", "10.77.248.0/21": "10.77.249.0/25", "192.168.0.0/20": "192.168.2.0/24",
	} {
		subnets, err := layout.Plan(netip.MustParsePrefix(cidr), []string{"b"})
		require.NoError(t, err, cidr)
		assert.Contains(t, subnets, layout.Subnet{Tier: layout.Private, Zone: "b", CIDR: netip.MustParsePrefix(private)})
	}
}

func TestTheNearestRangeIsAccepted(t *testing.T) {
	t.Parallel()

	for cidr, want := range map[string]string{
		"10.0.0.0/24": "10.0.0.0/21", "10.0.0.0/8": "10.0.0.0/16", "10.10.1.0/16": "10.10.0.0/16",
		"100.64.9.0/26": "100.64.8.0/21", "8.8.0.0/16": "", "fd00::/16": "",
	} {
		nearest, found := layout.Nearest(netip.MustParsePrefix(cidr))
		assert.Equal(t, want != "", found, cidr)

		if found {
			assert.Equal(t, want, nearest.String(), cidr)
		}
	}
}

func FuzzPlanNeverPanics(f *testing.F) {
	f.Add("10.10.0.0/16", "a")
	f.Add("::/0", "")
	f.Fuzz(func(t *testing.T, cidr, zone string) {
		vpc, err := netip.ParsePrefix(cidr)
		if err != nil {
			t.Skip("not a CIDR")
		}

		subnets, err := layout.Plan(vpc, []string{zone})
		assert.Equal(t, err == nil, len(subnets) == 3)
	})
}

func anyVPC(t *rapid.T) netip.Prefix {
	bits := rapid.IntRange(layout.MinBits, layout.MaxBits).Draw(t, "bits")
	second, third := rapid.Byte().Draw(t, "second"), rapid.Byte().Draw(t, "third")

	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, second, third, 0}), bits).Masked()
}

func anyZones(t *rapid.T) []string {
	letters := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h"})

	return rapid.SliceOfNDistinct(letters, 1, -1, rapid.ID[string]).Draw(t, "zones")
}

func contains(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

func bitsOf(subnets []layout.Subnet, tier layout.Tier) int {
	first := slices.IndexFunc(subnets, func(s layout.Subnet) bool { return s.Tier == tier })

	return subnets[first].CIDR.Bits()
}
