// Package plan plans a cluster with plain values: its node groups, its Kubernetes minor and its add-ons' versions.
package plan

import (
	"fmt"
	"maps"
	"slices"

	"github.com/msur/platform/internal/nodes"
)

// NodeKind describes one kind of nodes, which has a node group in each zone.
type NodeKind struct {
	// InstanceTypes are EC2 instance types in order of preference: at least one, for Spot at least two. All have the
	// Architecture.
	InstanceTypes []string `mapstructure:"instanceTypes"`
	// Architecture is the architecture of the instances and of their image. Default: arm64, which costs a fifth less.
	Architecture nodes.Architecture `mapstructure:"architecture"`
	// Capacity is how EC2 sells the instances. Default: onDemand, which EC2 never reclaims.
	Capacity nodes.Capacity `mapstructure:"capacity"`
	// Min is how many nodes there are in each zone. 0 is for a kind that costs nothing until it is used.
	Min int `mapstructure:"min"`
	// Max bounds the autoscaling group between updates. Nothing scales a group beyond Min yet; during an update EKS
	// raises the bound (see NodeGroup.Peak).
	Max int `mapstructure:"max"`
	// DiskGiB is the size of a node's disk. Default: 20, as in EKS: images and logs fit, and data is elsewhere.
	DiskGiB int `mapstructure:"diskGiB"`
	// Labels are put on the nodes. Default: none besides those of Kubernetes.
	Labels map[string]string `mapstructure:"labels"`
	// Taints repel pods that do not tolerate them. Default: none; add-ons run anywhere.
	Taints []nodes.Taint `mapstructure:"taints"`
}

// TakesAnyPod reports whether there are nodes of the kind, and they accept pods that tolerate no taint. A taint with an
// unknown effect is a problem of its own.
func (k NodeKind) TakesAnyPod() bool {
	return k.Min > 0 && !slices.ContainsFunc(k.Taints, func(taint nodes.Taint) bool {
		return taint.KeepsOff() && slices.Contains(nodes.Effects(), taint.Effect)
	})
}

// defaultDiskGiB is EKS's own default (EKS API Reference, CreateNodegroup, diskSize).
const defaultDiskGiB = 20

// WithDefaults returns the kind with its defaults filled in.
func (k NodeKind) WithDefaults() NodeKind {
	if k.Architecture == "" {
		k.Architecture = nodes.ARM64
	}

	if k.Capacity == "" {
		k.Capacity = nodes.OnDemand
	}

	if k.DiskGiB == 0 {
		k.DiskGiB = defaultDiskGiB
	}

	return k
}

// NodeGroup is a planned node group.
type NodeGroup struct {
	NodeKind

	// KindName and Zone identify the group, and never change.
	KindName, Zone string
}

// Name is the name of the group among the cluster's parts, such as "general-a".
func (g NodeGroup) Name() string { return g.KindName + "-" + g.Zone }

// NodeGroups returns a group for each kind in each zone, sorted by name. Adding a zone adds groups and changes none. It
// fails if CheckNodes finds a problem with a kind.
func NodeGroups(kinds map[string]NodeKind, zones []string) ([]NodeGroup, error) {
	var groups []NodeGroup

	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		if problems := CheckNodes(kinds[name]); len(problems) > 0 {
			return nil, fmt.Errorf("nodes %q: %s: expected %s", name, problems[0].Path, problems[0].Expected)
		}

		for _, zone := range slices.Sorted(slices.Values(zones)) {
			groups = append(groups, NodeGroup{NodeKind: kinds[name].WithDefaults(), KindName: name, Zone: zone})
		}
	}

	return groups, nil
}
