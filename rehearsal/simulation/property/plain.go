// Package property converts the engine's property values to plain Go values and back, with the paths of secrets.
package property

import (
	"fmt"
	"slices"
	"sort"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Plain returns values as JSON-like Go values, and the sorted paths of the secret ones. It omits nulls, and refuses
// unknown values and assets.
func Plain(values resource.PropertyMap) (map[string]any, []string, error) {
	c := &conversion{}
	plain, err := c.object(nil, values)
	sort.Strings(c.secrets)

	return plain, c.secrets, err
}

// conversion gathers the secret paths.
type conversion struct {
	secrets []string
}

func (c *conversion) object(path resource.PropertyPath, values resource.PropertyMap) (map[string]any, error) {
	result := make(map[string]any, len(values))
	for name, value := range values {
		plain, err := c.value(append(slices.Clip(path), string(name)), value)
		if err != nil {
			return nil, err
		}

		if plain != nil {
			result[string(name)] = plain
		}
	}

	return result, nil
}

func (c *conversion) list(path resource.PropertyPath, values []resource.PropertyValue) ([]any, error) {
	result := make([]any, len(values))
	for i, value := range values {
		plain, err := c.value(append(slices.Clip(path), i), value)
		if err != nil {
			return nil, err
		}

		result[i] = plain
	}

	return result, nil
}

func (c *conversion) value(path resource.PropertyPath, value resource.PropertyValue) (any, error) {
	switch {
	case value.IsSecret():
		c.secrets = append(c.secrets, path.String())

		return c.value(path, value.SecretValue().Element)
	case value.IsOutput() && value.OutputValue().Known:
		return c.value(path, value.OutputValue().Element)
	case value.IsObject():
		return c.object(path, value.ObjectValue())
	case value.IsArray():
		return c.list(path, value.ArrayValue())
	case value.IsString(), value.IsBool(), value.IsNumber(), value.IsNull():
		return value.V, nil
	}

	return nil, fmt.Errorf("converting property %s: a value of kind %s is not simulated", path, value.TypeString())
}

// Properties is the inverse of Plain. It skips secret paths that do not exist.
func Properties(plain map[string]any, secrets []string) resource.PropertyMap {
	whole := resource.NewObjectProperty(resource.NewPropertyMapFromMap(plain))
	// Longer paths come first: a secret inside a secret must be reached before the outer one is wrapped.
	for _, secret := range slices.Backward(secrets) {
		path, err := resource.ParsePropertyPath(secret)
		if err != nil {
			continue
		}

		if value, ok := path.Get(whole); ok && !value.IsSecret() {
			path.Set(whole, resource.MakeSecret(value))
		}
	}

	return whole.ObjectValue()
}
