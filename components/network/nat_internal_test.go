package network

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestGatewayZones(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h"})
		zones := rapid.SliceOfNDistinct(letters, 1, -1, rapid.ID[string]).Draw(t, "zones")
		first := slices.Sorted(slices.Values(zones))[0]

		none, single, perZone := NATNone.gatewayZones(zones), NATSingle.gatewayZones(zones), NATPerZone.gatewayZones(zones)

		assert.Empty(t, none)
		assert.Len(t, single, len(zones))
		assert.Len(t, perZone, len(zones))

		for _, zone := range zones {
			assert.Equal(t, first, single[zone], "one gateway, in the first zone by letter")
			assert.Equal(t, zone, perZone[zone], "each zone its own")
		}
	})
}
