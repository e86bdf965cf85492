package kubernetes

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// autonamed is the annotation that marks names which the provider made.
const autonamed = "pulumi.com/autonamed"

// Complete adds apiVersion, kind, a namespace and a name to checked inputs, as the provider does.
func (i *instance) Complete(kind behaviour.Kind, naming behaviour.Naming, inputs resource.PropertyMap) error {
	if kind.Type == typeRelease {
		setDefault(inputs, "namespace", i.configuration.namespace)

		if err := kind.AutoName.Apply(naming, inputs); err != nil {
			return fmt.Errorf("%s: %w", kind.Type, err)
		}

		return nil
	}

	identity := identities()[kind.Type]
	setDefault(inputs, "apiVersion", identity.apiVersion)
	setDefault(inputs, "kind", identity.kind)

	if property.Reveal(inputs["metadata"]).IsComputed() {
		return nil // it may have a name
	}

	metadata := objectIn(inputs, "metadata")
	if identity.namespaced {
		setDefault(metadata, "namespace", i.configuration.namespace)
	}

	if err := nameObject(naming, metadata); err != nil {
		return fmt.Errorf("%s: %w", kind.Type, err)
	}

	inputs["metadata"] = resource.NewObjectProperty(metadata)

	return nil
}

// identity is the name of a type in an API server.
type identity struct {
	apiVersion, kind, plural string
	namespaced               bool
}

func identities() map[string]identity {
	known := map[string]identity{
		typeNamespace: {apiVersion: "v1", kind: "Namespace", plural: "namespaces"},
		typeConfigMap: {apiVersion: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true},
		typeSecret:    {apiVersion: "v1", kind: "Secret", plural: "secrets", namespaced: true},
	}
	for _, k := range customs() {
		plural, _, _ := strings.Cut(k.plural, ".")
		known[k.token()] = identity{apiVersion: k.version, kind: k.kind, plural: plural, namespaced: k.namespaced}
	}

	return known
}

// nameObject gives a nameless object the name that the provider made before, or the logical name and 8 random digits.
func nameObject(naming behaviour.Naming, metadata resource.PropertyMap) error {
	if _, named := metadata["name"]; named {
		return nil
	}

	annotations := objectIn(metadata, "annotations")
	annotations[autonamed] = resource.NewStringProperty("true")
	metadata["annotations"] = resource.NewObjectProperty(annotations)

	old := objectIn(naming.Old, "metadata")
	if text(objectIn(old, "annotations"), autonamed) == "true" {
		metadata["name"] = old["name"]

		return nil
	}

	name, err := resource.NewUniqueName(naming.Seed, naming.Logical+"-", 8, 63, nil)
	if err != nil {
		return fmt.Errorf("naming %s: %w; set metadata.name", naming.Logical, err)
	}

	metadata["name"] = resource.NewStringProperty(name)

	return nil
}

// objectIn returns a copy of an object among the values, or an empty one.
func objectIn(values resource.PropertyMap, name resource.PropertyKey) resource.PropertyMap {
	if value := property.Reveal(values[name]); value.IsObject() {
		return value.ObjectValue().Copy()
	}

	return resource.PropertyMap{}
}

func setDefault(values resource.PropertyMap, name resource.PropertyKey, value string) {
	if given, ok := values[name]; !ok || given.IsNull() {
		values[name] = resource.NewStringProperty(value)
	}
}
