package behaviour

import (
	"fmt"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
)

// Delete removes a resource and its parts from the account. As in the provider, deleting what does not exist succeeds.
func (t Table) Delete(acct *account.Account, place Place, kind Kind, id string) error {
	if err := acct.Change(func(tx *account.Transaction) error {
		found, exists := tx.Get(place.key(kind, id))
		if !exists {
			return nil
		}

		c := &Call{Tx: tx, Place: place, Kind: kind, Resource: found, table: t}
		if kind.Adopts {
			found.URN = ""
			tx.Put(found)

			return nil
		}

		taken, err := c.dependents()
		if err != nil {
			return err
		}

		for _, guard := range kind.Guards {
			if err := guard(c); err != nil {
				return err
			}
		}

		c.remove(taken)

		if found.Returns {
			c.leftover(kind, id)
		}

		return c.after(kind.Deleted)
	}); err != nil {
		return fmt.Errorf("deleting %s %s: %w", kind.Type, id, err)
	}

	return nil
}

// dependents returns the resources that the deletion also deletes, or the API's error if one of them forbids it.
func (c *Call) dependents() ([]account.Resource, error) {
	var taken []account.Resource

	for _, other := range c.Tx.Find(c.near) {
		switch c.consequence(other) {
		case Cascade:
			taken = append(taken, other)
		case Block:
			return nil, c.Kind.InUse(c.Resource, other)
		case Ignore:
		}
	}

	return taken, nil
}

// near reports whether a resource can refer to this one, which is possible from anywhere if this one is global.
func (c *Call) near(other account.Resource) bool {
	here := c.Resource.Region == other.Region && c.Resource.Cluster == other.Cluster

	return other.Key != c.Resource.Key && (here || c.Kind.Global)
}

// consequence is the effect of this resource's deletion on the other. A part of this one is deleted with it, and so
// its other references block nothing: a security group's rule that names the group itself.
func (c *Call) consequence(other account.Resource) OnDelete {
	if other.PartOf(c.Resource) {
		return Cascade
	}

	result := Ignore

	for _, reference := range c.table[other.Type].References {
		if !slices.Contains(reference.Types, c.Resource.Type) || !reference.names(other, c.Resource) {
			continue
		}

		if reference.OnDelete == Cascade {
			return Cascade
		}

		result = min(result, reference.OnDelete) // Block is less than Ignore
	}

	return result
}

// remove deletes the resource and the others, with their own parts.
func (c *Call) remove(others []account.Resource) {
	c.Tx.Delete(c.Resource.Key)

	for _, other := range others {
		part := &Call{Tx: c.Tx, Place: c.Place, Kind: c.table[other.Type], Resource: other, table: c.table}
		part.remove(c.Tx.Find(func(r account.Resource) bool { return part.near(r) && part.consequence(r) == Cascade }))
	}
}
