package aws

import (
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// subnetGroups are a service's lists of subnets, for its stores to have interfaces in:
// their type, that of the stores, and the property by which a store names its group.
type subnetGroups struct {
	group, store, property string
}

// of is the group of the store that the call is about.
func (s subnetGroups) of(c *behaviour.Call) account.Resource {
	group, _ := c.Get(s.group, c.Text(s.property))

	return group
}

// stores are those of a group.
func (s subnetGroups) stores(c *behaviour.Call, group string) []account.Resource {
	return slices.DeleteFunc(c.Siblings(s.store), func(store account.Resource) bool {
		return store.Text(s.property) != group
	})
}

// guard keeps a subnet in which stores can have interfaces: those of a group's stores. A
// group without stores does not keep it.
func (s subnetGroups) guard(c *behaviour.Call) error {
	for _, group := range c.Siblings(s.group) {
		if slices.Contains(group.Texts("subnetIds"), c.Resource.ID) && len(s.stores(c, group.ID)) > 0 {
			return refuse("DependencyViolation", "The subnet '%s' has dependencies and cannot be deleted.", c.Resource.ID)
		}
	}

	return nil
}

// securityGroups are what a store carries that names none.
func (s subnetGroups) securityGroups(c *behaviour.Call) any {
	return defaultGroups(c, s.of(c).Text("vpcId"))
}

// groupNetwork is the VPC of a group's subnets.
func groupNetwork(c *behaviour.Call) any {
	subnet, _ := c.Get(typeSubnet, c.Text("subnetIds"))

	return subnet.Text("vpcId")
}

// checkOneNetwork wants all subnets of a group in one VPC.
func checkOneNetwork(c *behaviour.Call) error {
	for _, id := range c.Texts("subnetIds") {
		if subnet, _ := c.Get(typeSubnet, id); subnet.Text("vpcId") != groupNetwork(c) {
			return refuse("InvalidSubnet", "The requested subnets are not all in a common VPC.")
		}
	}

	return nil
}
