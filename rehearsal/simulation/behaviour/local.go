package behaviour

import (
	"errors"
	"iter"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// LocatedError is the error of a local check about a value inside the inputs that it reads.
type LocatedError struct {
	Path string // "parameters[0].value"
	Err  error
}

// Error does not repeat the path.
func (e *LocatedError) Error() string { return e.Err.Error() }

func (e *LocatedError) Unwrap() error { return e.Err }

// CheckLocal yields the errors of a kind's local checks, with the path of an input that each reads. It omits checks
// that read a value which is unknown, or secret and so not for a message.
func CheckLocal(kind Kind, place Place, inputs resource.PropertyMap) iter.Seq2[string, error] {
	plain := known(resource.NewObjectProperty(inputs)).Mappable()
	object, _ := plain.(map[string]any)
	c := &Call{Place: place, Kind: kind, Resource: account.Resource{
		Inputs: object, Outputs: property.Merge(kind.Defaults, object),
	}}

	return func(yield func(string, error) bool) {
		for _, local := range kind.Local {
			if hidden(inputs, local.Reads) {
				continue
			}

			path, err := local.Reads[0], local.Check(c)
			if located, is := errors.AsType[*LocatedError](err); is {
				path = located.Path
			}

			if err != nil && !yield(path, err) {
				return
			}
		}
	}
}

// hidden reports whether one of the properties contains an unknown or a secret.
func hidden(inputs resource.PropertyMap, names []string) bool {
	for _, name := range names {
		if value := inputs[resource.PropertyKey(name)]; value.ContainsUnknowns() || value.ContainsSecrets() {
			return true
		}
	}

	return false
}

// known is a value without unknowns and secrets.
func known(value resource.PropertyValue) resource.PropertyValue {
	switch {
	case value.IsObject():
		result := resource.PropertyMap{}

		for name, member := range value.ObjectValue() {
			if !hidden(value.ObjectValue(), []string{string(name)}) {
				result[name] = known(member)
			}
		}

		return resource.NewObjectProperty(result)
	case value.IsOutput():
		return known(property.Reveal(value))
	}

	return value
}
