// Package property turns the engine's property values into plain Go values and
// back, keeping apart which of them are secret.
package property

import (
	"fmt"
	"slices"
	"sort"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Plain returns values as JSON-like Go values, and the paths of the secret ones,
// sorted. Nulls are left out. An unknown value or an asset is an error.
func Plain(values resource.PropertyMap) (map[string]any, []string, error) {
	c := &conversion{}
	plain, err := c.object(nil, values)
	sort.Strings(c.secrets)

	return plain, c.secrets, err
}

// conversion gathers the secret paths on the way.
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

// Properties is the way back: plain values, those at the secret paths marked
// as secret. A path that is not there is skipped.
func Properties(plain map[string]any, secrets []string) resource.PropertyMap {
	whole := resource.NewObjectProperty(resource.NewPropertyMapFromMap(plain))
	// The longest paths first: a secret inside a secret is reached before it is wrapped.
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
