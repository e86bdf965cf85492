// Package facts reads copies of the program's data files: the rehearsal must not import the program.
package facts

import (
	"embed"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:generate cp ../../components/cluster/plan/allocatable.yaml ../../components/cluster/plan/support.yaml .
//go:generate cp ../../components/database/engine/classes.yaml ../../components/cache/engine/nodetypes.yaml .

//go:embed *.yaml
var files embed.FS

// read decodes a file, which must be valid: a test reads all of them.
func read[T any](name string) T {
	var value T

	text, err := files.ReadFile(name)
	if err == nil {
		err = yaml.Unmarshal(text, &value)
	}

	if err != nil {
		panic(err)
	}

	return value
}

// find returns the item of the group with the family of a type such as "t4g.medium", and the type's size.
func find[T any](instanceType string, groups []T, families func(T) []string) (T, string) {
	family, size, _ := strings.Cut(instanceType, ".")
	for _, group := range groups {
		if slices.Contains(families(group), family) {
			return group, size
		}
	}

	return *new(T), size
}

// Allocatable is what a node offers to pods.
type Allocatable struct {
	// CPU is in millicores, and Memory in MiB.
	CPU, Memory int
	// Pods is the number of addresses for pods.
	Pods int
}

// AllocatableOf returns what a node of an EC2 instance type offers, and whether the type is known.
func AllocatableOf(instanceType string) (Allocatable, bool) {
	type group struct {
		Families []string
		Sizes    map[string]Allocatable
	}

	found, size := find(instanceType, read[[]group]("allocatable.yaml"), func(g group) []string { return g.Families })
	offered, known := found.Sizes[size]

	return offered, known
}

// DatabaseMemoryMiB returns the memory of an RDS instance class, such as "db.t4g.micro", or 0 if it cannot run MySQL.
func DatabaseMemoryMiB(class string) int {
	type group struct {
		Families  []string
		MemoryGiB map[string]int `yaml:"memoryGiB"`
	}

	name, _ := strings.CutPrefix(class, "db.")
	found, size := find(name, read[[]group]("classes.yaml"), func(g group) []string { return g.Families })

	return found.MemoryGiB[size] * 1024
}

// RunsCaches reports whether ElastiCache runs Valkey on a node type such as "cache.t4g.micro".
func RunsCaches(nodeType string) bool {
	type group struct{ Families, Sizes []string }

	name, ok := strings.CutPrefix(nodeType, "cache.")
	found, size := find(name, read[[]group]("nodetypes.yaml"), func(g group) []string { return g.Families })

	return ok && slices.Contains(found.Sizes, size)
}

// SupportEnds returns the last day of standard support for each Kubernetes minor.
func SupportEnds() map[string]time.Time { return read[map[string]time.Time]("support.yaml") }
