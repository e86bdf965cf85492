package behaviour

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// Preview returns the outputs that a create (old is nil) or an update will have,
// as far as they are known before it happens. Nothing in the account is looked at.
func Preview(kind Kind, inputs, old resource.PropertyMap) resource.PropertyMap {
	outputs := resource.NewPropertyMapFromMap(property.Clone(kind.Defaults))

	for name, value := range inputs {
		if !resource.IsInternalPropertyKey(name) && !value.IsNull() {
			outputs[name] = value
		}
	}

	for _, output := range kind.Computed {
		name := resource.PropertyKey(output.Name)
		if _, given := outputs[name]; given {
			continue
		}

		switch known, was := old[name]; {
		case output.Same != "":
			outputs[name] = same(outputs[resource.PropertyKey(output.Same)])
		case was && !output.Volatile:
			outputs[name] = known
		default:
			outputs[name] = resource.MakeComputed(resource.NewStringProperty(""))
		}
	}

	return outputs
}

func same(value resource.PropertyValue) resource.PropertyValue {
	if value.IsNull() {
		return resource.NewObjectProperty(resource.PropertyMap{})
	}

	return value
}

// Conceal marks as secret the outputs that are so whatever the inputs are.
func Conceal(described catalogue.Type, outputs resource.PropertyMap) resource.PropertyMap {
	for _, name := range described.Secrets {
		if value, ok := outputs[resource.PropertyKey(name)]; ok && !value.IsSecret() {
			outputs[resource.PropertyKey(name)] = resource.MakeSecret(value)
		}
	}

	return outputs
}
