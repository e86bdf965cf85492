package behaviour

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// Place is the region or cluster of a provider instance.
type Place struct {
	Region    string
	Cluster   string
	Constants map[string]string // what Fill knows beside properties: account, principal, partition, domain
	Now       func() time.Time  // for timestamps among outputs
}

// Begin begins a call without a resource, which puts into the account what its owner created without the engine.
func (t Table) Begin(tx *account.Transaction, place Place) *Call {
	return &Call{Tx: tx, Place: place, table: t}
}

// key is the key of a resource in this place.
func (p Place) key(kind Kind, id string) account.Key {
	if kind.Global {
		return account.Key{Type: kind.Type, ID: id}
	}

	return account.Key{Type: kind.Type, ID: id, Region: p.Region, Cluster: p.Cluster}
}

// Call is one create, update or delete, inside a transaction.
type Call struct {
	Tx       *account.Transaction
	Place    Place
	Kind     Kind
	Resource account.Resource // the desired state; at delete, the current one
	table    Table
}

// Text returns the first string at a path of the inputs, or "".
func (c *Call) Text(path string) string {
	texts := c.Texts(path)
	if len(texts) == 0 {
		return ""
	}

	return texts[0]
}

// Texts returns all strings at a path of the inputs, defaults included.
func (c *Call) Texts(path string) []string {
	return property.Texts(c.Resource.Outputs, path)
}

// True reports whether the boolean input at a path is true.
func (c *Call) True(path string) bool {
	value, _ := property.Lookup(c.Resource.Outputs, path)

	return value == true
}

// Number returns the number at a path of the inputs, or 0.
func (c *Call) Number(path string) int {
	value, _ := property.Lookup(c.Resource.Outputs, path)
	number, _ := value.(float64)

	return int(number)
}

// Siblings returns the other resources of a type in the same place, sorted.
func (c *Call) Siblings(token string) []account.Resource {
	want := c.Place.key(c.table[token], "")

	return c.Tx.Find(func(r account.Resource) bool {
		return r.Type == want.Type && r.Region == want.Region && r.Cluster == want.Cluster && r.Key != c.Resource.Key
	})
}

// Get returns the resource of that type and id in the same place.
func (c *Call) Get(token, id string) (account.Resource, bool) {
	return c.Tx.Get(c.Place.key(c.table[token], id))
}

// Digits returns hexadecimal digits that the account never used before, at most 64.
func (c *Call) Digits(length int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", c.Kind.Type, c.Tx.Serial()))

	return hex.EncodeToString(sum[:])[:length]
}

// UUID arranges 32 hexadecimal digits as a UUID.
func UUID(digits string) string {
	return strings.Join([]string{digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]}, "-")
}

// Own creates a resource that is a part of this one and is deleted with it.
func (c *Call) Own(token, id string, inputs map[string]any) {
	c.Give(c.Resource, token, id, inputs)
}

// Give creates a resource that is a part of the owner and is deleted with it.
func (c *Call) Give(owner account.Resource, token, id string, inputs map[string]any) {
	c.put(c.table[token], id, account.Resource{
		Owner: owner.ID, OwnerType: owner.Type, Inputs: inputs, Outputs: inputs,
	})
}

// Leave creates a resource that remains when this one is deleted.
func (c *Call) Leave(token, id string, inputs map[string]any) {
	c.put(c.table[token], id, account.Resource{Inputs: inputs, Outputs: inputs})
}

// Write is a service that writes to a resource: the service creates it from its name alone when it is missing, and
// creates it again after its deletion.
func (c *Call) Write(token, id string) {
	kind := c.table[token]

	written, exists := c.Tx.Get(c.Place.key(kind, id))
	if !exists {
		written = c.leftover(kind, id)
	}

	written.Returns = true
	c.Tx.Put(written)
}

// leftover creates a resource that a service makes for itself.
func (c *Call) leftover(kind Kind, id string) account.Resource {
	inputs := map[string]any{}
	if kind.AutoName != nil {
		inputs[kind.AutoName.Property] = id
	}

	return c.put(kind, id, account.Resource{Leftover: true, Inputs: inputs, Outputs: inputs})
}

// put computes the outputs as every create does, and puts the resource into the account.
func (c *Call) put(kind Kind, id string, resource account.Resource) account.Resource {
	resource.Key = c.Place.key(kind, id)
	resource.Inputs = property.Clone(resource.Inputs)
	resource.Outputs = property.Merge(kind.Defaults, resource.Outputs)

	made := &Call{Tx: c.Tx, Place: c.Place, Kind: kind, table: c.table, Resource: resource}
	made.finish()

	return made.Resource
}
