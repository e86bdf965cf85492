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

// Place is where a provider instance works.
type Place struct {
	Region    string
	Cluster   string
	Constants map[string]string // what Format knows beside properties: account, partition
	Now       func() time.Time  // for timestamps among outputs; nothing else depends on it
}

// key is where a resource of kind is found from here.
func (p Place) key(kind Kind, id string) account.Key {
	if kind.Global {
		return account.Key{Type: kind.Type, ID: id}
	}

	return account.Key{Type: kind.Type, ID: id, Region: p.Region, Cluster: p.Cluster}
}

// Call is one create, update or delete under way, inside a transaction.
type Call struct {
	Tx       *account.Transaction
	Place    Place
	Kind     Kind
	Resource account.Resource // as it is to be; at delete, as it is
	table    Table
}

// Text returns the first text at a path of the inputs, or "".
func (c *Call) Text(path string) string {
	texts := c.Texts(path)
	if len(texts) == 0 {
		return ""
	}

	return texts[0]
}

// Texts returns all texts at a path of the inputs, defaults included.
func (c *Call) Texts(path string) []string {
	return property.Texts(c.Resource.Outputs, path)
}

// True reports whether the boolean input at a path is set.
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

// Siblings returns what else of a type is in the same place, sorted.
func (c *Call) Siblings(token string) []account.Resource {
	want := c.Place.key(c.table.kinds[token], "")

	return c.Tx.Find(func(r account.Resource) bool {
		return r.Type == want.Type && r.Region == want.Region && r.Cluster == want.Cluster && r.Key != c.Resource.Key
	})
}

// Get returns the resource of that type and id in the same place.
func (c *Call) Get(token, id string) (account.Resource, bool) {
	return c.Tx.Get(c.Place.key(c.table.kinds[token], id))
}

// Digits returns hexadecimal digits that the account never gave before, at most 64.
func (c *Call) Digits(length int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", c.Kind.Type, c.Tx.Serial()))

	return hex.EncodeToString(sum[:])[:length]
}

// UUID arranges 32 hexadecimal digits as a UUID.
func UUID(digits string) string {
	return strings.Join([]string{digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]}, "-")
}

// Fill writes a template's {…}: id, region, the place's constants, and the
// resource's own properties.
func (c *Call) Fill(template string) string {
	pairs := []string{"{id}", c.Resource.ID, "{region}", c.Place.Region}
	for name, value := range c.Place.Constants {
		pairs = append(pairs, "{"+name+"}", value)
	}

	for name, value := range c.Resource.Outputs {
		if text, ok := value.(string); ok {
			pairs = append(pairs, "{"+name+"}", text)
		}
	}

	return strings.NewReplacer(pairs...).Replace(template)
}

// idDigits is how many digits EC2's ids have behind their prefix.
const idDigits = 17

// Hex makes ids of a prefix and 17 digits, as EC2 does.
func Hex(prefix string) func(*Call) (string, error) {
	return func(c *Call) (string, error) { return prefix + c.Digits(idDigits), nil }
}

// Format is an output made from a template when the resource is created.
func Format(name, template string) Output {
	return Output{Name: name, Make: func(c *Call) any { return c.Fill(template) }}
}

// Constant is an output the account fills in with a fixed value.
func Constant(name string, value any) Output {
	return Output{Name: name, Make: func(*Call) any { return value }}
}

// Fresh is an output that is an id of its own, a prefix and 17 digits.
func Fresh(name, prefix string) Output {
	return Output{Name: name, Make: func(c *Call) any { return prefix + c.Digits(idDigits) }}
}

// Same is an output that repeats another property.
func Same(name, property string) Output {
	return Output{Name: name, Same: property}
}

// Own puts a resource into the account that is a part of this one and goes with it.
func (c *Call) Own(kind Kind, id string, inputs, outputs map[string]any) {
	c.Give(c.Resource, kind, id, inputs, outputs)
}

// Give puts a resource into the account that is a part of the owner and goes with it.
func (c *Call) Give(owner account.Resource, kind Kind, id string, inputs, outputs map[string]any) {
	c.put(kind, account.Resource{
		Key: c.Place.key(kind, id), Owner: owner.ID, OwnerType: owner.Type, Inputs: inputs, Outputs: outputs,
	})
}

// Leave puts a resource into the account that stays when this one goes.
func (c *Call) Leave(kind Kind, id string, inputs, outputs map[string]any) {
	c.put(kind, account.Resource{Key: c.Place.key(kind, id), Inputs: inputs, Outputs: outputs})
}

// Write is what a service does that writes to a resource: it makes it when it is not
// there, from its name alone, and makes it again when it has been deleted.
func (c *Call) Write(kind Kind, id string) {
	written, exists := c.Tx.Get(c.Place.key(kind, id))
	if !exists {
		written = c.shed(kind, id)
	}

	written.Returns = true
	c.Tx.Put(written)
}

// shed puts a resource into the account that a service makes for itself.
func (c *Call) shed(kind Kind, id string) account.Resource {
	inputs := map[string]any{}
	if kind.AutoName != nil {
		inputs[kind.AutoName.Property] = id
	}

	return c.put(kind, account.Resource{Key: c.Place.key(kind, id), Leftover: true, Inputs: inputs, Outputs: inputs})
}

// put computes what the account fills in, as in every create.
func (c *Call) put(kind Kind, resource account.Resource) account.Resource {
	resource.Outputs = property.Merge(kind.Defaults, resource.Outputs)

	made := &Call{Tx: c.Tx, Place: c.Place, Kind: kind, table: c.table, Resource: resource}
	made.compute()
	c.Tx.Put(made.Resource)

	return made.Resource
}
