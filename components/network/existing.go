package network

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/network/layout"
)

// Existing names a VPC of another owner and its subnets, which have an id for the letter of each zone.
type Existing struct {
	// VPC is the id of the VPC.
	VPC string `mapstructure:"vpc"`
	// PublicSubnets are for the load balancer. Each has a default route to the internet gateway.
	PublicSubnets map[string]string `mapstructure:"publicSubnets"`
	// PrivateSubnets are for the control plane, nodes and pods. Each has a default route, but not to an internet gateway.
	// Their zones are those of the environment.
	PrivateSubnets map[string]string `mapstructure:"privateSubnets"`
	// DataSubnets are for the database and the cache. Default: the private subnets.
	DataSubnets map[string]string `mapstructure:"dataSubnets"`
}

// Zones returns the letters of the zones, sorted.
func (e *Existing) Zones() []string { return slices.Sorted(maps.Keys(e.PrivateSubnets)) }

// Subnets returns the ids of a tier's subnets, by the zone's letter.
func (e *Existing) Subnets(tier layout.Tier) map[string]string {
	switch {
	case tier == layout.Public:
		return e.PublicSubnets
	case tier == layout.Data && len(e.DataSubnets) > 0:
		return e.DataSubnets
	default:
		return e.PrivateSubnets
	}
}

// use returns the ids of an existing VPC as the outputs of the component.
func (b *builder) use(existing *Existing) {
	ids := func(tier layout.Tier) pulumi.StringArrayOutput {
		var found pulumi.StringArray
		for _, zone := range existing.Zones() {
			found = append(found, pulumi.String(existing.Subnets(tier)[zone]))
		}

		return found.ToStringArrayOutput()
	}

	b.component.VPCID = pulumi.String(existing.VPC).ToStringOutput()
	b.component.PublicSubnetIDs = ids(layout.Public)
	b.component.PrivateSubnetIDs = ids(layout.Private)
	b.component.DataSubnetIDs = ids(layout.Data)
	b.component.NodeSubnetIDs = make(map[string]pulumi.StringOutput)

	for zone, id := range existing.PrivateSubnets {
		b.component.NodeSubnetIDs[zone] = pulumi.String(id).ToStringOutput()
	}
}
