// Package property converts the engine's property values to plain Go values and back, with the paths of secrets.
package property

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Plain returns values as JSON-like Go values, and the sorted paths of the secret ones. It omits nulls, and refuses
// unknown values and assets.
func Plain(values resource.PropertyMap) (map[string]any, []string, error) {
	var secrets []string

	object, err := plainObject(&secrets, nil, values)

	slices.Sort(secrets)

	return object, secrets, err
}

// plain converts a value at a path, and gathers the paths of secrets.
func plain(secrets *[]string, path resource.PropertyPath, value resource.PropertyValue) (any, error) {
	switch {
	case value.IsSecret():
		*secrets = append(*secrets, path.String())

		return plain(secrets, path, value.SecretValue().Element)
	case value.IsOutput() && value.OutputValue().Known:
		return plain(secrets, path, value.OutputValue().Element)
	case value.IsObject():
		return plainObject(secrets, path, value.ObjectValue())
	case value.IsArray():
		result := make([]any, len(value.ArrayValue()))

		for i, element := range value.ArrayValue() {
			converted, err := plain(secrets, append(slices.Clip(path), i), element)
			if err != nil {
				return nil, err
			}

			result[i] = converted
		}

		return result, nil
	case value.IsString(), value.IsBool(), value.IsNumber(), value.IsNull():
		return value.V, nil
	}

	return nil, fmt.Errorf("converting property %s: a value of kind %s is not simulated", path, value.TypeString())
}

func plainObject(
	secrets *[]string, path resource.PropertyPath, values resource.PropertyMap,
) (map[string]any, error) {
	result := make(map[string]any, len(values))

	for name, member := range values {
		converted, err := plain(secrets, append(slices.Clip(path), string(name)), member)
		if err != nil {
			return nil, err
		}

		if converted != nil {
			result[string(name)] = converted
		}
	}

	return result, nil
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
