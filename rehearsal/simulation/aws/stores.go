package aws

import (
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
)

// subnetGroups are a service's lists of subnets, in which its stores have interfaces: their type, that of the stores,
// and the property by which a store names its group.
type subnetGroups struct {
	group, store, property string
}

func databaseSubnets() subnetGroups {
	return subnetGroups{group: typeDatabaseSubnetGroup, store: typeDatabase, property: "dbSubnetGroupName"}
}

func cacheSubnets() subnetGroups {
	return subnetGroups{group: typeCacheSubnetGroup, store: typeReplicationGroup, property: "subnetGroupName"}
}

// of is the group of the store that the call is about.
func (s subnetGroups) of(c *call) account.Resource {
	return get(c, s.group, s.property)
}

// stores are those of a group.
func (s subnetGroups) stores(c *call, group string) []account.Resource {
	return slices.DeleteFunc(c.Siblings(s.store), func(store account.Resource) bool {
		return store.Text(s.property) != group
	})
}

// guard keeps a subnet in which stores can have interfaces. A group without stores does not keep it.
func (s subnetGroups) guard(c *call) error {
	for _, group := range c.Siblings(s.group) {
		if slices.Contains(group.Texts("subnetIds"), c.Resource.ID) && len(s.stores(c, group.ID)) > 0 {
			return refuse("DependencyViolation", "The subnet '%s' has dependencies and cannot be deleted.", c.Resource.ID)
		}
	}

	return nil
}

// removed are the subnets that an update removes from a group.
func removed(c *call) []string {
	old, _ := before(c)

	return slices.DeleteFunc(old.Texts("subnetIds"), func(id string) bool {
		return slices.Contains(c.Texts("subnetIds"), id)
	})
}

// groupNetwork is the VPC of a group's subnets.
func groupNetwork(c *call) any {
	return get(c, typeSubnet, "subnetIds").Text("vpcId")
}

// snapshots are the final snapshots that stores of a kind leave: no type of the provider's, for only the account knows
// them.
type snapshots struct {
	token, taken string
}

func (s snapshots) key(c *call) account.Key {
	return account.Key{Type: s.token, ID: c.Text("finalSnapshotIdentifier"), Region: c.Place.Region}
}

// guard keeps a store whose final snapshot would have the name of another.
func (s snapshots) guard(c *call) error {
	if _, exists := c.Tx.Get(s.key(c)); exists {
		return answer(s.taken, constant(s.key(c).ID))
	}

	return nil
}

// take leaves a snapshot in the account. It is kept on purpose, and so no leftover.
func (s snapshots) take(c *call) error {
	if key := s.key(c); key.ID != "" {
		c.Tx.Put(account.Resource{Key: key, Kept: true, Inputs: map[string]any{}, Outputs: map[string]any{
			"name": key.ID, "store": c.Resource.ID, "kmsKeyId": c.Text("kmsKeyId"),
		}})
	}

	return nil
}
