package behaviour

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// defaultsMarker is the input in which the Terraform bridge lists its defaults: a name of the bridge's survives
// the next run, a name that the program removes does not.
const defaultsMarker = "__defaults"

// nameDigits is how many random digits the Terraform bridge appends to a name.
const nameDigits = 7

// Naming describes how a name is generated.
type Naming struct {
	Logical string // the resource's name in the program
	Seed    []byte // the engine's: preview and update agree
	Old     resource.PropertyMap
}

// Apply adds a name to inputs without one. It keeps a name that it made before.
func (a *AutoName) Apply(naming Naming, inputs resource.PropertyMap) error {
	if a == nil || has(inputs, a.Property) || has(inputs, a.Rival) {
		return nil
	}

	name := naming.Old[resource.PropertyKey(a.Property)]
	if !a.made(naming.Old) {
		logical := naming.Logical
		if a.Lower {
			logical = strings.ToLower(logical)
		}

		// The bridge adds the prefix once (pulumi-aws, provider/resources.go, aws_kms_alias).
		prefix := a.Prefix + strings.TrimPrefix(logical, a.Prefix) + "-"

		made, err := resource.NewUniqueName(naming.Seed, prefix, nameDigits, a.Limit, nil)
		if err != nil {
			return fmt.Errorf("naming %s: %w; set %s", naming.Logical, err, a.Property)
		}

		name = resource.NewStringProperty(made)
	}

	inputs[resource.PropertyKey(a.Property)] = name
	inputs[defaultsMarker] = resource.NewArrayProperty([]resource.PropertyValue{resource.NewStringProperty(a.Property)})

	return nil
}

// made reports whether inputs contain a name that Apply generated.
func (a *AutoName) made(inputs resource.PropertyMap) bool {
	marker := inputs[defaultsMarker]

	return marker.IsArray() && slices.ContainsFunc(marker.ArrayValue(), func(name resource.PropertyValue) bool {
		return name.IsString() && name.StringValue() == a.Property
	})
}

// taken reports whether a replacement has the same fixed name as the resource that it replaces. The bridge then deletes
// the old resource first.
func (a *AutoName) taken(old, inputs resource.PropertyMap) bool {
	if a == nil || !has(inputs, a.Property) || a.made(inputs) {
		return false
	}

	property := resource.PropertyKey(a.Property)

	return old[property].DeepEquals(inputs[property])
}

func has(inputs resource.PropertyMap, name string) bool {
	value, ok := inputs[resource.PropertyKey(name)]

	return ok && !value.IsNull()
}
