package network_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/network"
)

// Zone e of the mocked account is use1-az3, which EKS refuses.
func TestZonesThatEKSRefusesAreNotOffered(t *testing.T) {
	t.Parallel()

	var offered []string

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		var err error

		offered, err = network.OfferedZones(ctx, graphtest.Region)

		return err
	})

	assert.Equal(t, []string{"a", "b", "c", "d", "f"}, offered)
}

func TestZonesOfAnotherRegionAreNotOffered(t *testing.T) {
	t.Parallel()

	offered := []string{"not asked"}

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		var err error

		offered, err = network.OfferedZones(ctx, "eu-west-1")

		return err
	})

	assert.Empty(t, offered)
}
