// Package behaviour is what simulated resource types have in common: how a resource is created, read, compared, updated
// and deleted in the account, given one table entry (a Kind) with the rules of its type.
package behaviour

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
)

// Kind describes a resource type, beside the names and kinds of its properties, which are in the catalogue. The zero
// value of a field means that the type has nothing of the sort. Fields with a key can be declared in YAML.
type Kind struct {
	Type    string    `yaml:"-"`       // token
	Title   string    `yaml:"title"`   // the name in the provider's errors: "EC2 VPC"
	Service string    `yaml:"service"` // the API's name: "EC2"
	Calls   [3]string `yaml:"calls"`   // the API's operations in errors, for create, update and delete: CreateVpc
	Global  bool      `yaml:"global"`  // one for all regions, as in IAM and Route 53

	// ID is the template of the resource's id (see Fill). Inputs and defaults are there; outputs are not. MakeID is for
	// what no template expresses.
	ID     string             `yaml:"id"`
	MakeID func(*Call) string `yaml:"-"`
	// Adopts makes create take over the resource of that id, which the account made, and delete leave it in the account.
	Adopts bool `yaml:"adopts"`
	// AutoName fills in a name that the program omits.
	AutoName *AutoName `yaml:"-"`

	Defaults map[string]any `yaml:"-"` // values that the provider fills in, known in previews
	Computed []Output       `yaml:"-"` // values that the account fills in
	// Kept are inputs that keep the account's value where the program gives none.
	Kept     []string `yaml:"-"`
	ForceNew []string `yaml:"-"` // property paths without indexes: "vpcConfig.subnetIds"
	// Forms rewrite the strings that a program gives, by property, as an answer has them: without "https://", or as
	// canonical JSON. The inputs keep the program's strings.
	Forms map[string]func(string) string `yaml:"-"`
	// ForceNewFrom returns further paths that depend on the values: the subnets of a load balancer that loses one.
	ForceNewFrom func(old, inputs resource.PropertyMap) []string `yaml:"-"`
	// Ignored returns inputs that the provider ignores, given what the account holds: the size of a disk that has grown.
	Ignored func(held, inputs resource.PropertyMap) []string `yaml:"-"`
	Sets    []string                                         `yaml:"-"` // lists whose order means nothing
	// Comparable returns both versions of the inputs in a form whose differences are those that the provider sees, given
	// what the account holds.
	Comparable func(held, old, inputs resource.PropertyMap) (resource.PropertyMap, resource.PropertyMap) `yaml:"-"`
	// DeleteBeforeReplace is set where two resources cannot exist side by side.
	DeleteBeforeReplace bool `yaml:"-"`
	// Waits are the inputs whose change waits for the maintenance window, unless applyImmediately is true.
	Waits []string `yaml:"waits"`

	References []Reference         `yaml:"-"`
	Unique     []Unique            `yaml:"-"`
	Checks     []func(*Call) error `yaml:"-"` // at create and update, after the references
	Guards     []func(*Call) error `yaml:"-"` // at delete, after the references
	Local      []Local             `yaml:"-"` // when the inputs are checked, and at create and update
	// Created, Updated and Deleted change what else the account holds, after the event.
	Created, Updated, Deleted func(*Call) error `yaml:"-"`

	// Missing and InUse are the API's errors for a reference to an absent resource of this type, and for the deletion of
	// one that others refer to.
	Missing func(id string) error                          `yaml:"-"`
	InUse   func(target, dependent account.Resource) error `yaml:"-"`
}

// Local is a check that needs nothing but the values of the inputs that it names.
type Local struct {
	Reads []string
	Check func(*Call) error
}

// AutoName is how the provider makes a name: the prefix, the logical name, a dash and 7 random digits.
type AutoName struct {
	Property string
	Rival    string // an input that leaves the name to the account: namePrefix
	Prefix   string
	Limit    int // the longest name allowed
	Lower    bool
}

// Output is an output that the account fills in unless the program gives it as an input.
type Output struct {
	Name string // a path when it is inside an object: "metadata.uid"
	// Same is the property that this output repeats, as tagsAll repeats tags: it is known in previews and follows every
	// update.
	Same string
	// Value is a template (see Fill), or a constant where it is no string.
	Value any
	// Make is for what no template expresses. An output is made once, at create.
	Make func(*Call) any
	// Volatile outputs are made again by each update, and so unknown in its preview.
	Volatile bool
	// Follows is for outputs that are made again by each update, but whose previews show the old value, as the Terraform
	// bridge's do: a new tag does not make an address unknown.
	Follows bool
}

// OnDelete is the effect of a resource's deletion on the resources that refer to it.
type OnDelete int

// What happens to a dependent.
const (
	Block   OnDelete = iota // its existence forbids the deletion
	Cascade                 // it is deleted too
	Ignore                  // it remains, with a reference to nothing
)

// UnmarshalText reads the name of an effect.
func (o *OnDelete) UnmarshalText(text []byte) error {
	named, known := map[string]OnDelete{"block": Block, "cascade": Cascade, "ignore": Ignore}[string(text)]
	if !known {
		return fmt.Errorf("onDelete: got %q, expected block, cascade or ignore", text)
	}

	*o = named

	return nil
}

// Reference is a property that names other resources of the account.
type Reference struct {
	Property string   `yaml:"property"` // path without indexes: "vpcs.vpcId"
	Types    []string `yaml:"to"`       // the types that it can refer to
	By       []string `yaml:"by"`       // paths of the target's outputs that it can hold; by default the id
	OnDelete OnDelete `yaml:"onDelete"`
	// Skip reports whether a value is outside the account, as AWS's own policies are.
	Skip func(value string) bool `yaml:"-"`
	// Missing is the API's error, by default that of the first type.
	Missing func(value string) error `yaml:"-"`
}

// Unique are properties that no two resources of the type in one place may share. Empty values are not compared.
type Unique struct {
	Properties []string                                    `yaml:"properties"`
	Taken      func(c *Call, other account.Resource) error `yaml:"-"`
}

// computes reports whether the account computes an output, which then has its own rules.
func (k Kind) computes(name string) bool {
	return slices.ContainsFunc(k.Computed, func(output Output) bool { return output.Name == name })
}
