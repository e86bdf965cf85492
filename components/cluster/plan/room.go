package plan

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/internal/nodes"
)

// RoomFile is the file that lists what a node of an instance type offers to pods.
const RoomFile = "components/cluster/plan/allocatable.yaml"

//go:embed allocatable.yaml
var allocatableYAML []byte

//go:embed system.yaml
var systemYAML []byte

// room is the capacity of nodes for pods, or the requests of pods: millicores, MiB and pods.
type room struct{ CPU, Memory, Pods int }

func (r room) String() string {
	return fmt.Sprintf("%d pods, %d millicores and %d MiB", r.Pods, r.CPU, r.Memory)
}

func (r room) plus(other room) room {
	return room{r.CPU + other.CPU, r.Memory + other.Memory, r.Pods + other.Pods}
}

func (r room) times(n int) room { return room{r.CPU * n, r.Memory * n, r.Pods * n} }

func (r room) holds(pods room) bool {
	return r.CPU >= pods.CPU && r.Memory >= pods.Memory && r.Pods >= pods.Pods
}

// rooms are what a node offers, by family and size of its instance type.
type rooms map[string]map[string]room

func (r rooms) of(instanceType string) (room, bool) {
	family, size, _ := strings.Cut(instanceType, ".")
	offered, known := r[family][size]

	return offered, known
}

// similar returns the types with the image and at least the CPU and memory of the kind's only type: the smallest first,
// and among equal ones those that start with its letter.
func (k NodeKind) similar() []string {
	only, found := k.InstanceTypes[0], []string{}
	offered := decoded[rooms](allocatableYAML)

	wanted, known := offered.of(only)
	if !known {
		return nil
	}

	for family, sizes := range offered {
		for size, each := range sizes {
			name := family + "." + size
			architecture, _ := nodes.ArchitectureOf(name)

			if name != only && architecture == k.Architecture && variantOf(name) == variantOf(only) &&
				each.CPU >= wanted.CPU && each.Memory >= wanted.Memory {
				found = append(found, name)
			}
		}
	}

	slices.SortFunc(found, func(a, b string) int {
		roomA, _ := offered.of(a)
		roomB, _ := offered.of(b)
		letter := func(name string) int { return cmp.Compare(name[:1], only[:1]) * cmp.Compare(name[:1], only[:1]) }

		return cmp.Or(cmp.Compare(roomA.CPU, roomB.CPU), cmp.Compare(roomA.Memory, roomB.Memory),
			cmp.Compare(letter(a), letter(b)), cmp.Compare(a, b))
	})

	return found
}

// decoded returns the value in an embedded file, which must be valid.
func decoded[T any](text []byte) T {
	var value T
	if err := yaml.Unmarshal(text, &value); err != nil {
		panic(err)
	}

	return value
}

// Pods are the pods for which the smallest set of nodes needs room.
type Pods struct {
	// Applications is the number of applications, one pod each, that no other nodes hold.
	Applications int
	// HighlyAvailable is true if Argo CD has several replicas.
	HighlyAvailable bool
	// Karpenters is the number of replicas of Karpenter. It launches no node for itself.
	Karpenters int
}

// room returns the requests of the pods that are not on each node, while each part is updated.
func (p Pods) room() room {
	system, parts := decoded[map[string]room](systemYAML), "single"
	if p.HighlyAvailable {
		parts = "highlyAvailable"
	}

	needed := system[parts].plus(room{Pods: p.Applications})
	if p.Karpenters > 0 {
		needed = needed.plus(system["karpenter"].times(p.Karpenters + 1))
	}

	return needed
}

// CheckRoom returns no problem if the smallest set of nodes has room for the pods. Otherwise it returns one for each
// instance type that is too small. The paths start with the kind's name. Kinds that repel pods, or have no nodes, count
// for nothing, and types with an unknown room fit.
func CheckRoom(kinds map[string]NodeKind, zones int, pods Pods) []nodes.Problem {
	if len(UnknownRooms(kinds)) > 0 {
		return nil
	}

	offered, system := decoded[rooms](allocatableYAML), decoded[map[string]room](systemYAML)
	total, nodeCount := room{}, 0

	for _, name := range usable(kinds) {
		count := kinds[name].Min * zones
		total, nodeCount = total.plus(offered.least(kinds[name].InstanceTypes).times(count)), nodeCount+count
	}

	needed := system["eachNode"].times(nodeCount).plus(pods.room())
	if total.holds(needed) {
		return nil
	}

	var problems []nodes.Problem

	for _, name := range usable(kinds) {
		problems = append(problems, kinds[name].WithDefaults().tooSmall(name, offered, nodeCount, needed)...)
	}

	return problems
}

// Addresses returns the number of addresses that the smallest set of nodes takes in each zone, with the pods. The pods
// on each node use the address of the node.
func Addresses(kinds map[string]NodeKind, zones int, pods Pods) int {
	nodeCount := 0
	for _, kind := range kinds {
		nodeCount += kind.Min
	}

	return nodeCount + (pods.room().Pods+zones-1)/zones
}

// least returns the least that a node of the types offers: EC2 chooses the type.
func (r rooms) least(instanceTypes []string) room {
	least, _ := r.of(instanceTypes[0])

	for _, instanceType := range instanceTypes {
		other, _ := r.of(instanceType)
		least = room{min(least.CPU, other.CPU), min(least.Memory, other.Memory), min(least.Pods, other.Pods)}
	}

	return least
}

// tooSmall returns a problem for each type of which so many nodes do not hold the pods.
func (k NodeKind) tooSmall(name string, offered rooms, nodeCount int, needed room) []nodes.Problem {
	var problems []nodes.Problem

	larger := slices.DeleteFunc(k.Unused(), func(other string) bool {
		each, known := offered.of(other)

		return !known || !each.times(nodeCount).holds(needed)
	})

	for i, instanceType := range k.InstanceTypes {
		each, _ := offered.of(instanceType)
		if each.times(nodeCount).holds(needed) {
			continue
		}

		problem := nodes.Problem{Path: fmt.Sprintf("%s.instanceTypes[%d]", name, i), Expected: fmt.Sprintf(
			"a larger type, or more nodes: %d nodes offer %v, and the platform with one pod of each application needs %v",
			nodeCount, each.times(nodeCount), needed)}
		if len(larger) > 0 { // each problem gets another example, because no type may be listed twice
			problem.Example, larger = larger[0], larger[1:]
		}

		problems = append(problems, problem)
	}

	return problems
}

// UnknownRooms returns the paths of instance types that RoomFile lacks, among the kinds that any pod can use. The paths
// start with the kind's name.
func UnknownRooms(kinds map[string]NodeKind) []string {
	var paths []string

	offered := decoded[rooms](allocatableYAML)

	for _, name := range usable(kinds) {
		for i, instanceType := range kinds[name].InstanceTypes {
			if _, known := offered.of(instanceType); !known {
				paths = append(paths, fmt.Sprintf("%s.instanceTypes[%d]", name, i))
			}
		}
	}

	return paths
}

// usable returns the names of the kinds whose nodes accept any pod, sorted.
func usable(kinds map[string]NodeKind) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(kinds)), func(name string) bool {
		return !kinds[name].TakesAnyPod() || len(kinds[name].InstanceTypes) == 0
	})
}
