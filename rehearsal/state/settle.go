package state

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Settle rewrites an exported state in which operations are pending: what made says that the account holds is
// taken in under its id, by URN, and nothing is pending any more. A refresh then fills in what the account
// says of it. (`pulumi refresh --import-pending-creates` forgets what it should import, as of v3.257.0.)
func Settle(exported []byte, made map[string]string) ([]byte, error) {
	var file map[string]any
	if err := json.Unmarshal(exported, &file); err != nil {
		return nil, fmt.Errorf("reading an exported state: %w", err)
	}

	deployment, _ := file["deployment"].(map[string]any)
	resources, _ := deployment["resources"].([]any)
	pending, _ := deployment["pending_operations"].([]any)

	for _, each := range pending {
		operation, _ := each.(map[string]any)
		resource, _ := operation["resource"].(map[string]any)

		urn, _ := resource["urn"].(string)
		if id, known := made[urn]; known && operation["type"] == "creating" {
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

// adopt puts a resource among the others: at the end, or where it was to replace one, before that one, which
// is still to be deleted.
func adopt(resources []any, resource map[string]any) []any {
	for i, each := range resources {
		if former, is := each.(map[string]any); is && former["urn"] == resource["urn"] && former["delete"] != true {
			former["delete"] = true

			return slices.Insert(resources, i, any(resource))
		}
	}

	return append(resources, resource)
}
