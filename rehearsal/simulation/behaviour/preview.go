package behaviour

import (
	"strings"

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
			outputs[name] = overlay(outputs[name], value)
		}
	}

	for _, output := range kind.Computed {
		if _, given := path(output.Name).Get(resource.NewObjectProperty(outputs)); !given {
			fill(outputs, path(output.Name), expected(output, outputs, old))
		}
	}

	return outputs
}

// overlay is what is given, with the defaults of the objects in it: property.Merge
// for values that may be unknown or secret.
func overlay(base, given resource.PropertyValue) resource.PropertyValue {
	revealed := property.Reveal(given)
	if !base.IsObject() || !revealed.IsObject() {
		return given
	}

	merged := base.ObjectValue().Copy()
	for name, value := range revealed.ObjectValue() {
		merged[name] = overlay(merged[name], value)
	}

	if given.IsSecret() {
		return resource.MakeSecret(resource.NewObjectProperty(merged))
	}

	return resource.NewObjectProperty(merged)
}

// expected is what is known of a computed output before it is there.
func expected(output Output, outputs, old resource.PropertyMap) resource.PropertyValue {
	if output.Same != "" {
		return same(outputs[resource.PropertyKey(output.Same)])
	}

	if known, was := path(output.Name).Get(resource.NewObjectProperty(old)); was && !output.Volatile {
		return known
	}

	return resource.MakeComputed(resource.NewStringProperty(""))
}

// fill puts a value into copies of the objects on the path: the inputs are not
// to change. Inside an object that is unknown as a whole, everything is.
func fill(values resource.PropertyMap, path resource.PropertyPath, value resource.PropertyValue) {
	name, _ := path[0].(string)
	key := resource.PropertyKey(name)

	if len(path) == 1 {
		values[key] = value

		return
	}

	object := property.Reveal(values[key])
	if !object.IsObject() {
		return
	}

	inside := object.ObjectValue().Copy()
	fill(inside, path[1:], value)

	if values[key].IsSecret() {
		values[key] = resource.MakeSecret(resource.NewObjectProperty(inside))
	} else {
		values[key] = resource.NewObjectProperty(inside)
	}
}

// path is that of an output's name.
func path(name string) resource.PropertyPath {
	var steps resource.PropertyPath
	for step := range strings.SplitSeq(name, ".") {
		steps = append(steps, step)
	}

	return steps
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
