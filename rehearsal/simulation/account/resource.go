package account

import (
	"cmp"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// Key tells resources apart. Region is empty for global services, and Cluster
// for whatever is not a Kubernetes object.
type Key struct {
	Type    string `json:"type"`
	ID      string `json:"id"`
	Region  string `json:"region,omitempty"`
	Cluster string `json:"cluster,omitempty"`
}

func (k Key) less(other Key) bool {
	return cmp.Or(
		cmp.Compare(k.Type, other.Type),
		cmp.Compare(k.Region, other.Region),
		cmp.Compare(k.Cluster, other.Cluster),
		cmp.Compare(k.ID, other.ID),
	) < 0
}

// Resource is one thing in the account.
type Resource struct {
	Key

	// URN is that of the create which made it, or "" if the account did. It is
	// provenance, to recover the pending creates of a killed run: no behaviour
	// depends on it.
	URN string `json:"urn,omitempty"`
	// Owner is the id of the resource this one is a part of and goes with, as a
	// VPC's default security group goes with the VPC.
	Owner   string         `json:"owner,omitempty"`
	Inputs  map[string]any `json:"inputs"`
	Outputs map[string]any `json:"outputs"`
	// Secrets are the paths of secret values in inputs and outputs.
	Secrets []string `json:"secrets,omitempty"`
}

// Text returns the output of that name, or "" when it is absent or no text. The
// resource's id counts as its output "id".
func (r Resource) Text(output string) string {
	if output == "id" {
		return r.ID
	}

	text, _ := r.Outputs[output].(string)

	return text
}

func (r Resource) clone() Resource {
	r.Inputs = property.Clone(r.Inputs)
	r.Outputs = property.Clone(r.Outputs)
	r.Secrets = slices.Clone(r.Secrets)

	return r
}
