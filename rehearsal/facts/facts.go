// Package facts reads copies of the program's data files: the rehearsal must not import the program.
package facts

import (
	"embed"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:generate cp ../../components/cluster/plan/addonnames.yaml ../../components/cluster/plan/allocatable.yaml .
//go:generate cp ../../components/cluster/plan/support.yaml .
//go:generate cp ../../components/database/engine/classes.yaml ../../components/database/engine/parameters.yaml .
//go:generate cp ../../components/cache/engine/nodetypes.yaml .
//go:generate cp ../../internal/scope/partitions.json .

//go:embed *.yaml *.json
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

// Allocatable is what a node offers to pods.
type Allocatable struct {
	// CPU is in millicores, and Memory in MiB.
	CPU, Memory int
	// Pods is the number of addresses for pods.
	Pods int
}

// AllocatableOf returns what a node of an EC2 instance type offers, and whether the type is known.
func AllocatableOf(instanceType string) (Allocatable, bool) {
	family, size, _ := strings.Cut(instanceType, ".")
	offered, known := read[map[string]map[string]Allocatable]("allocatable.yaml")[family][size]

	return offered, known
}

// Within returns how many such nodes stay within the limits of a pool. A machine has a whole number of vCPUs, and up to
// a GiB of its memory is not for pods.
func (a Allocatable) Within(vcpus, memoryGiB int) int {
	const millicores, gib = 1000, 1024

	return min(vcpus/((a.CPU+millicores-1)/millicores), memoryGiB/((a.Memory+gib)/gib))
}

// DatabaseMemoryMiB returns the memory of an RDS instance class, such as "db.t4g.micro", or 0 if it cannot run MySQL.
func DatabaseMemoryMiB(class string) int {
	family, size, _ := strings.Cut(strings.TrimPrefix(class, "db."), ".")

	return read[map[string]map[string]int]("classes.yaml")[family][size] * 1024
}

// Parameter is what RDS documents about a parameter of MySQL.
type Parameter struct {
	Values string `yaml:"values"` // as RDS lists them: "0,1" or "1-100000"; "" is any string
	Static bool   `yaml:"static"` // it takes effect when the server restarts
	Fixed  bool   `yaml:"fixed"`  // RDS sets it
}

// DatabaseParameters returns common parameters of MySQL by name.
func DatabaseParameters() map[string]Parameter { return read[map[string]Parameter]("parameters.yaml") }

// RunsCaches reports whether ElastiCache runs Valkey on a node type such as "cache.t4g.micro".
func RunsCaches(nodeType string) bool {
	name, ok := strings.CutPrefix(nodeType, "cache.")
	family, size, _ := strings.Cut(name, ".")

	return ok && slices.Contains(read[map[string][]string]("nodetypes.yaml")[family], size)
}

// Partition is a part of AWS with its own accounts.
type Partition struct {
	// ID is the second part of its ARNs, such as "aws-cn".
	ID string
	// Domain and DualStackDomain end the host names of its services.
	Domain, DualStackDomain string
}

// PartitionOf returns the partition of a region, and whether AWS's SDK knows the region.
func PartitionOf(region string) (Partition, bool) {
	data := read[struct {
		Partitions []struct {
			ID      string         `yaml:"id"`
			Outputs map[string]any `yaml:"outputs"`
			Regions map[string]any `yaml:"regions"`
		} `yaml:"partitions"`
	}]("partitions.json")

	for _, known := range data.Partitions {
		if _, has := known.Regions[region]; has {
			domain, _ := known.Outputs["dnsSuffix"].(string)
			dualStack, _ := known.Outputs["dualStackDnsSuffix"].(string)

			return Partition{ID: known.ID, Domain: domain, DualStackDomain: dualStack}, true
		}
	}

	return Partition{}, false
}

// SupportEnds returns the last day of standard support for each Kubernetes minor.
func SupportEnds() map[string]time.Time { return read[map[string]time.Time]("support.yaml") }

// Addons returns the names of the EKS add-ons that AWS and the Kubernetes community provide.
func Addons() []string { return read[[]string]("addonnames.yaml") }
