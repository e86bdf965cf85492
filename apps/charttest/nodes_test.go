package charttest_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// settings are the settings of a stack file that determine the nodes.
type settings struct {
	Config struct {
		Network struct {
			Zones []string `json:"zones"`
		} `json:"platform:network"`
		Cluster struct {
			Nodes map[string]struct {
				InstanceTypes []string `json:"instanceTypes"`
				Min           int      `json:"min"`
				Taints        []values `json:"taints"`
			} `json:"nodes"`
			Autoscaling map[string]pool `json:"autoscaling"`
		} `json:"platform:cluster"`
		GitOps struct {
			HighlyAvailable bool `json:"highlyAvailable"`
		} `json:"platform:gitops"`
	} `json:"config"`
}

// pool limits the nodes that Karpenter may launch.
type pool struct {
	InstanceFamilies []string `json:"instanceFamilies"`
	InstanceTypes    []string `json:"instanceTypes"`
	MaxVCPUs         int64    `json:"maxVcpus"`
	MaxMemoryGiB     int64    `json:"maxMemoryGiB"`
	Taints           []values `json:"taints"`
}

// allocatable returns what a node of an instance type offers to pods.
func allocatable(t *testing.T, instanceType string) room {
	t.Helper()

	const file = "components/cluster/plan/allocatable.yaml"

	var offers map[string]map[string]room

	read(t, filepath.Join(apps, "..", file), &offers)

	family, size, _ := strings.Cut(instanceType, ".")
	require.Contains(t, offers[family], size, "%s: add what it offers to pods to %s", instanceType, file)

	return offers[family][size]
}

// stackOf returns the settings of an environment.
func stackOf(t *testing.T, environment string) settings {
	t.Helper()

	var stack settings

	read(t, filepath.Join(apps, "..", "Pulumi."+environment+".yaml"), &stack)

	return stack
}

// nodes returns the capacity of a node of the smallest type that EKS can choose, the number of zones, and the smallest
// number of nodes in each.
func nodes(t *testing.T, environment string) (room, int, int) {
	t.Helper()

	stack := stackOf(t, environment)

	var (
		sizes   []room
		perZone int
	)

	for _, described := range stack.Config.Cluster.Nodes {
		if described.Min == 0 || len(described.Taints) > 0 {
			continue // no place for any pod
		}

		for _, name := range described.InstanceTypes {
			sizes = append(sizes, allocatable(t, name))
		}

		perZone += described.Min
	}

	require.NotEmpty(t, sizes)
	require.Positive(t, perZone)

	smallest := slices.MinFunc(sizes, func(a, b room) int { return int(a.Memory - b.Memory) })

	return smallest, len(stack.Config.Network.Zones), perZone
}

// launched returns the room on the nodes of the pools for any pod, at the limits of the pools. The nodes are of the
// family or type that has the least room.
func launched(t *testing.T, environment string) room {
	t.Helper()

	const millicores, gib = 1000, 1024

	onNode, _ := addons()

	var all room

	for _, described := range stackOf(t, environment).Config.Cluster.Autoscaling {
		if len(described.Taints) > 0 {
			continue
		}

		var sizes []room

		for _, name := range described.types() {
			each := allocatable(t, name)
			cpus := (each.CPU + millicores - 1) / millicores
			memory := (each.Memory + gib) / gib // a large node has less than a GiB for itself
			number := min(described.MaxVCPUs/cpus, described.MaxMemoryGiB/memory)

			for _, addon := range onNode {
				each = each.plus(addon.times(-1))
			}

			sizes = append(sizes, each.times(number))
		}

		least := sizes[0]
		for _, size := range sizes {
			least = room{min(least.CPU, size.CPU), min(least.Memory, size.Memory), min(least.Pods, size.Pods)}
		}

		all = all.plus(least)
	}

	return all
}

// types returns the instance types, or the large type of each family.
func (p pool) types() []string {
	types := slices.Clone(p.InstanceTypes)
	for _, family := range p.InstanceFamilies {
		types = append(types, family+".large")
	}

	return types
}
