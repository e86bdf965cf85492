// Package provider serves a simulated cloud to the Pulumi engine: the protocol of
// resource providers on one side, the account and the tables of types on the other.
package provider

import (
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/faults"
)

// ErrGone says that nothing answers, and that the provider takes what was there for gone.
var ErrGone = errors.New("nothing answers, and so it is gone")

// Cloud is one simulated provider: what its types are and how its errors read.
type Cloud interface {
	// Name and Version are the package's.
	Name() string
	Version() string
	Catalogue() *catalogue.Catalogue
	Table() behaviour.Table
	// CheckStrings refuses names, descriptions and tags that the cloud does not accept. Unknown values pass.
	CheckStrings(token string, inputs resource.PropertyMap) []catalogue.Failure
	// Configure starts an instance; settings that the provider cannot work with
	// are an error which says what to set.
	Configure(settings resource.PropertyMap) (Instance, error)
	// ReplacesOn names the settings whose change replaces all resources.
	ReplacesOn(old, settings resource.PropertyMap) []string
	// Explain is the whole text that the provider prints for an error of an operation.
	Explain(operation faults.Operation, kind behaviour.Kind, id string, err error) string
	// Fault is the text of a rehearsed failure.
	Fault(fault faults.Fault, kind behaviour.Kind, id string) string
}

// Instance is a provider with its configuration: the engine starts one for the
// default provider and one for each explicit one.
type Instance interface {
	Place() behaviour.Place
	// Reach is nil where something answers the instance: else ErrGone where the provider takes what it is to read or to
	// delete for gone, and another error where it refuses. An operation without a name is a read.
	Reach(acct *account.Account, operation faults.Operation, kind behaviour.Kind) error
	// Objects are those of a kind that are not in the account, or nil.
	Objects(kind behaviour.Kind) Objects
	// Adjust is a kind of the table as it behaves under this configuration.
	Adjust(kind behaviour.Kind) behaviour.Kind
	// Complete adds to checked inputs what the provider itself adds, in place.
	Complete(kind behaviour.Kind, naming behaviour.Naming, inputs resource.PropertyMap) error
	// Invoke answers a function whose arguments have been checked.
	Invoke(acct *account.Account, token string, arguments map[string]any) (map[string]any, error)
}
