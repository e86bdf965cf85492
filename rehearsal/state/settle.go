package state

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Settle returns an exported state without its pending operations. It adds the resources whose creation had begun and
// that the account contains: created has their ids by URN. A refresh then reads their outputs. (`pulumi refresh
// --import-pending-creates` of v3.257.0 does not add them.)
func Settle(exported []byte, created map[string]string) ([]byte, error) {
	var file map[string]any
	if err := json.Unmarshal(exported, &file); err != nil {
		return nil, fmt.Errorf("reading an exported state: %w", err)
	}

	deployment, _ := file["deployment"].(map[string]any)
	resources, _ := deployment["resources"].([]any)
	pending, _ := deployment["pending_operations"].([]any)

	for _, element := range pending {
		operation, _ := element.(map[string]any)
		resource, _ := operation["resource"].(map[string]any)

		urn, _ := resource["urn"].(string)
		if id, ok := created[urn]; ok && operation["type"] == "creating" {
			resource["id"] = id
			resources = adopt(resources, resource)
		}
	}

	delete(deployment, "pending_operations")

	if deployment != nil {
		deployment["resources"] = resources
	}

	settled, err := json.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("writing a settled state: %w", err)
	}

	return settled, nil
}

// adopt adds a resource at the end; or if it replaces another, before that one, which is marked for deletion.
func adopt(resources []any, resource map[string]any) []any {
	for i, element := range resources {
		if old, ok := element.(map[string]any); ok && old["urn"] == resource["urn"] && old["delete"] != true {
			old["delete"] = true

			return slices.Insert(resources, i, any(resource))
		}
	}

	return append(resources, resource)
}
