package plan

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed allocatable.yaml
var allocatableYAML []byte

//go:embed system.yaml
var systemYAML []byte

// Room is the capacity of nodes for pods, or the requests of pods.
type Room struct {
	// CPU is in millicores, and Memory in MiB.
	CPU, Memory int
	// Pods is a number of pods.
	Pods int
}

// String describes the room.
func (r Room) String() string {
	return fmt.Sprintf("%d pods, %d millicores and %d MiB", r.Pods, r.CPU, r.Memory)
}

func (r Room) plus(other Room) Room {
	return Room{CPU: r.CPU + other.CPU, Memory: r.Memory + other.Memory, Pods: r.Pods + other.Pods}
}

func (r Room) times(n int) Room { return Room{CPU: r.CPU * n, Memory: r.Memory * n, Pods: r.Pods * n} }

// holds reports whether the pods have room.
func (r Room) holds(pods Room) bool {
	return r.CPU >= pods.CPU && r.Memory >= pods.Memory && r.Pods >= pods.Pods
}

// RoomFile is the file that lists what a node of an instance type offers.
const RoomFile = "components/cluster/plan/allocatable.yaml"

// rooms are what a node offers, by family and size of its instance type.
type rooms map[string]map[string]Room

// of returns what a node of an EC2 instance type offers, and whether RoomFile has the type.
func (r rooms) of(instanceType string) (Room, bool) {
	family, size, _ := strings.Cut(instanceType, ".")
	room, known := r[family][size]

	return room, known
}

// smallest returns the least that a node of the types offers: EC2 chooses the type.
func (r rooms) smallest(instanceTypes []string) Room {
	var least Room

	for i, instanceType := range instanceTypes {
		room, _ := r.of(instanceType)
		if i == 0 {
			least = room
		}

		least = Room{
			CPU: min(least.CPU, room.CPU), Memory: min(least.Memory, room.Memory), Pods: min(least.Pods, room.Pods),
		}
	}

	return least
}

// system is what the platform's own pods request.
type system struct {
	EachNode        Room `yaml:"eachNode"`
	Single          Room `yaml:"single"`
	HighlyAvailable Room `yaml:"highlyAvailable"`
	Largest         Room `yaml:"largest"`
}

// on returns the requests of the platform on a number of nodes, with a pod of each application.
func (s system) on(nodes, applications int, highlyAvailable bool) Room {
	once := s.Single
	if highlyAvailable {
		once = s.HighlyAvailable
	}

	return s.EachNode.times(nodes).plus(once).plus(Room{Pods: applications})
}

// decoded returns the value in an embedded file, which must be valid.
func decoded[T any](text []byte) T {
	var value T
	if err := yaml.Unmarshal(text, &value); err != nil {
		panic(err)
	}

	return value
}

// CheckRoom returns no problem if the smallest set of nodes has room for the platform's own pods and one pod of each
// application. Otherwise it returns one for each instance type that is too small. The paths start with the kind's name.
// Kinds that repel pods, or have no nodes, count for nothing. It returns none if the room of a type is unknown:
// see UnknownRooms.
func CheckRoom(kinds map[string]NodeKind, zones, applications int, highlyAvailable bool) []Problem {
	if len(UnknownRooms(kinds)) > 0 {
		return nil
	}

	offered, pods, names := decoded[rooms](allocatableYAML), decoded[system](systemYAML), usable(kinds)
	one := pods.EachNode.plus(pods.Largest)

	var (
		total Room
		nodes int
		fits  bool // one, on a node
	)

	for _, name := range names {
		least, count := offered.smallest(kinds[name].InstanceTypes), kinds[name].Min*zones
		total, nodes, fits = total.plus(least.times(count)), nodes+count, fits || least.holds(one)
	}

	needed := pods.on(nodes, applications, highlyAvailable)
	if fits && total.holds(needed) {
		return nil
	}

	var problems []Problem

	for _, name := range names {
		problems = append(problems, kinds[name].WithDefaults().tooSmall(name, offered, nodes, needed, one)...)
	}

	return problems
}

// tooSmall returns a problem for each type without room for the pods that each node must hold, or, if all nodes had the
// type, for all that are needed.
func (k NodeKind) tooSmall(name string, offered rooms, nodes int, needed, one Room) []Problem {
	var problems []Problem

	enough := func(room Room) bool { return room.holds(one) && room.times(nodes).holds(needed) }
	larger := k.larger(offered, enough)

	for i, instanceType := range k.InstanceTypes {
		room, _ := offered.of(instanceType)
		if enough(room) {
			continue
		}

		problem := Problem{Path: fmt.Sprintf("%s.instanceTypes[%d]", name, i), Expected: fmt.Sprintf(
			"a larger type: %d nodes offer %v, but the platform and a pod of each application need %v, and %v on one node",
			nodes, room.times(nodes), needed, one)}
		if len(larger) > 0 { // each problem gets another example, because no type may be listed twice
			problem.Example, larger = larger[0], larger[1:]
		}

		problems = append(problems, problem)
	}

	return problems
}

// UnknownRooms returns the paths of instance types whose room is unknown, by kind and index, among the kinds that any
// pod can use.
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
	return slices.DeleteFunc(slices.Sorted(maps.Keys(kinds)), func(name string) bool { return !kinds[name].TakesAnyPod() })
}

// larger returns unlisted types of the kind's architecture that have enough room, the smallest first.
func (k NodeKind) larger(offered rooms, enough func(Room) bool) []string {
	family := "t4g."
	if k.Architecture == AMD64 {
		family = "t3."
	}

	var found []string

	for _, size := range []string{"medium", "large", "xlarge", "2xlarge"} {
		name := family + size
		if room, _ := offered.of(name); enough(room) && !slices.Contains(k.InstanceTypes, name) {
			found = append(found, name)
		}
	}

	return found
}
