package schemas

import "strings"

// reference starts what one definition calls another.
const reference = "#/definitions/"

// quantity is Kubernetes' name for a number with a unit. Its OpenAPI text says string, and the API takes both.
const quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity"

// definition is what of an OpenAPI definition makes an object valid.
type definition struct {
	Ref        string                 `json:"$ref,omitempty"`
	Type       any                    `json:"type,omitempty"`
	Format     string                 `json:"format,omitempty"`
	Required   []string               `json:"required,omitempty"`
	Items      *definition            `json:"items,omitempty"`
	Properties map[string]*definition `json:"properties,omitempty"`
	Additional *definition            `json:"additionalProperties,omitempty"`
	Not        *definition            `json:"not,omitempty"`
	Kinds      []kind                 `json:"x-kubernetes-group-version-kind,omitempty"`
}

// nothing is the definition that no value follows.
func nothing() *definition { return &definition{Not: &definition{}} }

// strict is the definition as JSON Schema, without other properties than its own. One that others refer to has a name.
func (d *definition) strict(name string) *definition {
	if d == nil {
		return nil
	}

	strict := *d

	switch {
	case name == quantity:
		strict.Type = []string{"number", "string"}
	case d.Format == "int-or-string":
		strict.Type = []string{"integer", "string"}
	}

	strict.Format, strict.Kinds = "", nil
	strict.Items, strict.Additional = d.Items.strict(""), d.Additional.strict("")

	if len(d.Properties) == 0 {
		return &strict
	}

	strict.Properties, strict.Additional = make(map[string]*definition, len(d.Properties)), nothing()
	for property, described := range d.Properties {
		strict.Properties[property] = described.strict("")
	}

	return &strict
}

// references are the names of the definitions that this one refers to.
func (d *definition) references() []string {
	if d == nil {
		return nil
	}

	names := append(d.Items.references(), d.Additional.references()...)

	for _, property := range d.Properties {
		names = append(names, property.references()...)
	}

	if name, is := strings.CutPrefix(d.Ref, reference); is {
		names = append(names, name)
	}

	return names
}
