package account

import (
	"cmp"
	"maps"
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
	// Owner and OwnerType are the id and type of the resource this one is a part of
	// and goes with, as a VPC's default security group goes with the VPC: an id alone
	// may be that of a cluster and of a role.
	Owner     string `json:"owner,omitempty"`
	OwnerType string `json:"ownerType,omitempty"`
	// Returns says that a service still writes to it: deleted, it comes back.
	Returns bool `json:"returns,omitempty"`
	// Leftover says that a service made it for itself, and that no deletion of
	// anything else takes it along.
	Leftover bool `json:"leftover,omitempty"`
	// Kept says that it is to outlive whatever made it, as the last snapshot of a
	// database does: it is no leftover.
	Kept bool `json:"kept,omitempty"`

	Inputs  map[string]any `json:"inputs"`
	Outputs map[string]any `json:"outputs"`
	// Secrets are the paths of secret values in inputs and outputs.
	Secrets []string `json:"secrets,omitempty"`
	// Private is what only the account knows, and no answer of a provider shows: the
	// password that a service keeps.
	Private map[string]string `json:"private,omitempty"`
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

// Texts returns all texts at a path of the outputs.
func (r Resource) Texts(path string) []string {
	return property.Texts(r.Outputs, path)
}

// PartOf reports whether the other resource owns this one.
func (r Resource) PartOf(other Resource) bool {
	near := (other.Region == "" || other.Region == r.Region) && other.Cluster == r.Cluster

	return r.Owner != "" && near && r.Owner == other.ID && r.OwnerType == other.Type
}

func (r Resource) clone() Resource {
	r.Inputs = property.Clone(r.Inputs)
	r.Outputs = property.Clone(r.Outputs)
	r.Secrets = slices.Clone(r.Secrets)
	r.Private = maps.Clone(r.Private)

	return r
}
