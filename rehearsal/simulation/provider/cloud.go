// Package provider serves a simulated cloud to the Pulumi engine: it connects the protocol of resource providers with
// the account and the tables of types.
package provider

import (
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/faults"
)

// ErrGone means that nothing answers, and that the provider takes the resource for gone.
var ErrGone = errors.New("nothing answers: the resource is gone")

// Description is the part of a cloud that is data.
type Description struct {
	name      string
	catalogue *catalogue.Catalogue
	table     behaviour.Table
}

// Describe describes a cloud.
func Describe(name string, described *catalogue.Catalogue, kinds []behaviour.Kind) Description {
	return Description{name: name, catalogue: described, table: behaviour.NewTable(kinds)}
}

// Name is the package's.
func (d Description) Name() string { return d.name }

// Catalogue describes the properties of the types.
func (d Description) Catalogue() *catalogue.Catalogue { return d.catalogue }

// Table has the behaviour of the types.
func (d Description) Table() behaviour.Table { return d.table }

// Cloud is one simulated provider. It embeds a Description.
type Cloud interface {
	Name() string
	Catalogue() *catalogue.Catalogue
	Table() behaviour.Table
	// Configure starts an instance. It refuses settings that the provider cannot work with.
	Configure(settings resource.PropertyMap) (Instance, error)
	// ReplacesOn names the settings whose change replaces all resources.
	ReplacesOn(old, settings resource.PropertyMap) []string
	// Explain is the message that the provider prints for an error of an operation.
	Explain(operation faults.Operation, kind behaviour.Kind, id string, err error) string
	// Fault is the message of a rehearsed failure.
	Fault(fault faults.Fault, kind behaviour.Kind, id string) string
}

// Instance is a configured provider: the engine starts one for the default provider and one for each explicit one.
type Instance interface {
	Place() behaviour.Place
	// Reach returns nil where the instance gets answers, ErrGone where the provider takes the resource of a read or a
	// delete for gone, and another error where the provider refuses. The empty operation is a read.
	Reach(acct *account.Account, operation faults.Operation, kind behaviour.Kind) error
	// Objects are the objects of a kind in a live control plane, or nil where the account has them.
	Objects(kind behaviour.Kind) Objects
	// Complete adds the provider's own values to checked inputs, in place.
	Complete(kind behaviour.Kind, naming behaviour.Naming, inputs resource.PropertyMap) error
	// Remember adds to the outputs of a resource, in place, what the provider keeps in the state for itself.
	Remember(kind behaviour.Kind, inputs, outputs resource.PropertyMap)
	// Check refuses completed inputs that the provider or its API does not accept, given those in the state. Unknown
	// values pass.
	Check(kind behaviour.Kind, old, inputs resource.PropertyMap) []catalogue.Failure
	// Invoke answers a function whose arguments have been checked.
	Invoke(acct *account.Account, token string, arguments map[string]any) (map[string]any, error)
}
