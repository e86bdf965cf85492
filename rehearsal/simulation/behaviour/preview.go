package behaviour

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// Preview returns the outputs of a create (old is nil) or an update as far as they are known before it. It does not use
// the account. A string that an answer has in another form is the program's, until the account has answered.
func Preview(kind Kind, inputs, old resource.PropertyMap) resource.PropertyMap {
	outputs := resource.NewPropertyMapFromMap(property.Clone(kind.Defaults))

	for name, value := range inputs {
		if !resource.IsInternalPropertyKey(name) && !value.IsNull() {
			outputs[name] = overlay(outputs[name], value)
		}
	}

	kind.keepForms(outputs, old)

	for _, output := range kind.Computed {
		if _, given := path(output.Name).Get(resource.NewObjectProperty(outputs)); !given {
			fill(outputs, path(output.Name), expected(output, outputs, old))
		}
	}

	for _, name := range kind.Kept {
		key := resource.PropertyKey(name)
		if kept, was := old[key]; was && outputs[key].IsNull() && !kind.computes(name) {
			outputs[key] = kept
		}
	}

	return outputs
}

// keepForms shows the old answer where the program gives the same string in another form.
func (k Kind) keepForms(outputs, old resource.PropertyMap) {
	for name, form := range k.Forms {
		key := resource.PropertyKey(name)

		given, known := property.Reveal(outputs[key]), property.Reveal(old[key])
		if given.IsString() && known.IsString() && form(given.StringValue()) == known.StringValue() {
			outputs[key] = old[key]
		}
	}
}

// overlay is property.Merge for values that can be unknown or secret.
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

// expected is the known part of a computed output before it is computed.
func expected(output Output, outputs, old resource.PropertyMap) resource.PropertyValue {
	if output.Same != "" {
		return same(outputs[resource.PropertyKey(output.Same)])
	}

	if known, was := path(output.Name).Get(resource.NewObjectProperty(old)); was && !output.Volatile {
		return known
	}

	return resource.MakeComputed(resource.NewStringProperty(""))
}

// fill puts a value into copies of the objects on the path, so that the inputs do not change. Inside an unknown object,
// everything is unknown.
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

// path is the path of an output's name.
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

// Conceal marks the outputs that are always secret.
func Conceal(described catalogue.Type, outputs resource.PropertyMap) resource.PropertyMap {
	for _, name := range described.Secrets {
		if value, ok := outputs[resource.PropertyKey(name)]; ok && !value.IsSecret() {
			outputs[resource.PropertyKey(name)] = resource.MakeSecret(value)
		}
	}

	return outputs
}
