package account

import (
	"cmp"
	"maps"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// Key identifies a resource. Region is empty for global services, and Cluster for all but Kubernetes objects.
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

// Resource is a resource of the account.
type Resource struct {
	Key

	// URN is that of the create, or "" where the account made the resource. It serves to recover pending creates of a
	// killed run; no behaviour depends on it.
	URN string `json:"urn,omitempty"`
	// Owner and OwnerType are the id and type of the resource that this one is a part of and is deleted with, as a VPC's
	// default security group is. A cluster and a role can have the same id.
	Owner     string `json:"owner,omitempty"`
	OwnerType string `json:"ownerType,omitempty"`
	// Returns is set while a service writes to the resource, which then comes back after its deletion.
	Returns bool `json:"returns,omitempty"`
	// Leftover is set where a service created the resource for itself. No other deletion takes it along.
	Leftover bool `json:"leftover,omitempty"`
	// Kept is set where the resource is meant to outlive its maker, as a database's final snapshot is. It is no leftover.
	Kept bool `json:"kept,omitempty"`
	// Failed is set where the create failed after the account had accepted it: the resource exists and does not work.
	Failed bool `json:"failed,omitempty"`

	Inputs  map[string]any `json:"inputs"`
	Outputs map[string]any `json:"outputs"`
	// Secrets are the paths of secret values in inputs and outputs.
	Secrets []string `json:"secrets,omitempty"`
	// Private is data that no response of a provider contains: a password that a service manages.
	Private map[string]string `json:"private,omitempty"`
}

// Text returns the output of that name, or "" where it is absent or no string. The output "id" is the resource's id.
func (r Resource) Text(output string) string {
	if output == "id" {
		return r.ID
	}

	text, _ := r.Outputs[output].(string)

	return text
}

// Texts returns all strings at a path of the outputs.
func (r Resource) Texts(path string) []string {
	return property.Texts(r.Outputs, path)
}

// PartOf reports whether the other resource owns this one.
func (r Resource) PartOf(other Resource) bool {
	near := (other.Region == "" || other.Region == r.Region) && other.Cluster == r.Cluster

	return r.Owner != "" && near && r.Owner == other.ID && r.OwnerType == other.Type
}

// IsLeftover reports whether a service left the resource behind. A program can have imported it since.
func (r Resource) IsLeftover() bool {
	return r.Leftover && r.URN == "" && r.Owner == ""
}

func (r Resource) clone() Resource {
	r.Inputs = property.Clone(r.Inputs)
	r.Outputs = property.Clone(r.Outputs)
	r.Secrets = slices.Clone(r.Secrets)
	r.Private = maps.Clone(r.Private)

	return r
}
