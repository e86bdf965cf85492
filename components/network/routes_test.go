package network_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/network"
)

func TestPublicSubnetsUseTheInternetGateway(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, internetType, "network-internet").Under("network").Refers("vpcId", vpcType, "network-vpc")
	g.One(t, tableType, "network-public").Under("network").Refers("vpcId", vpcType, "network-vpc")
	g.One(t, routeType, "network-public").
		Under("network").
		Refers("routeTableId", tableType, "network-public").
		Refers("gatewayId", internetType, "network-internet").
		Has("destinationCidrBlock", "0.0.0.0/0").
		HasNo("natGatewayId")
}

func TestEachSubnetUsesTheTableOfItsTier(t *testing.T) {
	t.Parallel()

	g := run(t)
	tables := map[string]string{
		"network-public-a":  "network-public",
		"network-public-b":  "network-public",
		"network-private-a": "network-private-a",
		"network-private-b": "network-private-b",
		"network-data-a":    "network-data",
		"network-data-b":    "network-data",
	}

	for subnet, table := range tables {
		g.One(t, associationType, subnet).
			Under("network").
			Refers("subnetId", subnetType, subnet).
			Refers("routeTableId", tableType, table)
	}

	assert.Len(t, g.All(associationType), len(tables))
	assert.Equal(t, []string{"network-data", "network-private-a", "network-private-b", "network-public"},
		names(g, tableType))
}

func TestDataSubnetsHaveNoRoute(t *testing.T) {
	t.Parallel()

	for _, nat := range network.NATs() {
		g := run(t, func(args *network.Args) { args.NAT = nat })

		for _, route := range g.All(routeType) {
			assert.NotEqual(t, "RouteTable-network-data", route.Inputs["routeTableId"].StringValue(), nat)
		}

		g.One(t, tableType, "network-data").HasNo("routes")
	}
}

func TestEachChoiceOfNAT(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		nat   network.NAT
		zones []string
		// uses maps each zone with a NAT gateway to the zone of that gateway.
		uses     map[string]string
		gateways []string
	}{
		"none":     {network.NATNone, []string{"a", "b"}, map[string]string{}, []string{}},
		"single":   {network.NATSingle, []string{"a", "b"}, map[string]string{"a": "a", "b": "a"}, []string{"network-nat-a"}},
		"reversed": {network.NATSingle, []string{"c", "b"}, map[string]string{"b": "b", "c": "b"}, []string{"network-nat-b"}},
		"perZone": {
			network.NATPerZone,
			[]string{"c", "a"},
			map[string]string{"a": "a", "c": "c"},
			[]string{"network-nat-a", "network-nat-c"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			g := run(t, func(args *network.Args) { args.NAT, args.Zones = test.nat, test.zones })

			assert.Equal(t, test.gateways, names(g, natType))
			assert.Equal(t, test.gateways, names(g, addressType))

			for zone, gateway := range test.uses {
				g.One(t, routeType, "network-private-"+zone).
					Under("network").
					Refers("routeTableId", tableType, "network-private-"+zone).
					Refers("natGatewayId", natType, "network-nat-"+gateway).
					Has("destinationCidrBlock", "0.0.0.0/0").
					HasNo("gatewayId")
			}

			assert.Len(t, g.All(routeType), 1+len(test.uses), "the public route, and one for each zone with NAT")
			assert.Len(t, g.All(tableType), 2+len(test.zones), "each zone has its private table, whatever NAT is")
		})
	}
}

func TestNATWaitsForTheInternetGateway(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, addressType, "network-nat-a").
		Under("network").
		DependsOn("network-internet").
		Has("domain", "vpc")
	g.One(t, natType, "network-nat-a").
		Under("network").
		DependsOn("network-internet").
		Refers("allocationId", addressType, "network-nat-a").
		Refers("subnetId", subnetType, "network-public-a")
}
