package network_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/network"
)

func TestTheVPCResolvesNames(t *testing.T) {
	t.Parallel()

	run(t).One(t, vpcType, "network-vpc").
		Under("network").
		Has("cidrBlock", "10.10.0.0/16").
		Has("enableDnsSupport", true).
		Has("enableDnsHostnames", true).
		Has("tags.Name", "sandbox-network-vpc")
}

func TestOnlyTheVPCIsProtected(t *testing.T) {
	t.Parallel()

	for _, protect := range []bool{true, false} {
		for _, r := range run(t, func(args *network.Args) { args.Protect = protect }).Customs() {
			assert.Equal(t, protect && r.Type == vpcType, r.Protect, r.URN)
		}
	}
}

func TestTheDefaultSecurityGroupHasNoRules(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, defaultGroupType, "network-default").
		Under("network").
		Refers("vpcId", vpcType, "network-vpc").
		Has("ingress", []any{}).
		Has("egress", []any{})
	g.None(t, ingressRuleType)
}

func TestOnlyTheVPCResolvesThePrivateZone(t *testing.T) {
	t.Parallel()

	run(t).One(t, zoneType, "network-dns").
		Under("network").
		DependsOn("network-vpc").
		Has("name", "sandbox.example.com").
		Refers("vpcs[0].vpcId", vpcType, "network-vpc").
		HasNo("vpcs[1]")
}

func TestEveryResourceIsAChildOfTheComponent(t *testing.T) {
	t.Parallel()

	children := run(t, withEndpoints).Customs()
	require.NotEmpty(t, children)

	for _, child := range children {
		assert.Equal(t, "network", child.Parent.Name(), child.URN)
	}
}

func TestEveryTaggedResourceIsNamedAfterItsEnvironment(t *testing.T) {
	t.Parallel()

	for _, child := range run(t, withEndpoints).Customs() {
		tags, tagged := child.Inputs["tags"]
		if !tagged {
			continue
		}

		assert.Equal(t, "sandbox-"+child.Name, tags.ObjectValue()["Name"].StringValue(), child.URN)
	}
}

func TestOutputs(t *testing.T) {
	t.Parallel()

	var values graphtest.Values

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		made, err := network.New(ctx, "network", sandbox())
		if err != nil {
			return err
		}

		values.Keep("vpc", made.VPCID)
		values.Keep("public", made.PublicSubnetIDs)
		values.Keep("private", made.PrivateSubnetIDs)
		values.Keep("data", made.DataSubnetIDs)
		values.Keep("zone", made.DNSZoneID)

		return nil
	})

	values.Has(t, "vpc", "Vpc-network-vpc")
	values.Has(t, "public", []string{"Subnet-network-public-a", "Subnet-network-public-b"})
	values.Has(t, "private", []string{"Subnet-network-private-a", "Subnet-network-private-b"})
	values.Has(t, "data", []string{"Subnet-network-data-a", "Subnet-network-data-b"})
	values.Has(t, "zone", "Zone-network-dns")
}

func TestAnInvalidLayoutCreatesNothing(t *testing.T) {
	t.Parallel()

	g, err := graphtest.Try(program(func(args *network.Args) { args.Zones = []string{"a", "us-east-1b"} }))

	require.ErrorContains(t, err, `"us-east-1b"`)
	assert.Empty(t, g.Customs())
	g.None(t, "platform:network:Network")
}

func TestTheTypeOfTheComponent(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, "platform:network:Network", "network").Under("platform-test")
}
