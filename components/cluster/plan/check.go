package plan

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/msur/platform/internal/nodes"
)

// The bounds of a kind. A disk is at least as large as the image needs, and at most as large as gp3 allows (Amazon EBS
// User Guide, "General Purpose SSD volumes"). A managed node group has at most 450 nodes (Amazon EKS User Guide,
// "Service quotas").
const (
	minSpotTypes = 2
	minDiskGiB   = defaultDiskGiB
	maxDiskGiB   = 16384
	maxNodes     = 450
)

// CheckNodes returns all mistakes in a kind whose defaults are filled in.
func CheckNodes(kind NodeKind) []nodes.Problem {
	kind = kind.WithDefaults()

	if other := kind.otherArchitecture(); other != "" {
		expected := fmt.Sprintf("%s, the architecture of the instance types", other)
		if !slices.Contains(nodes.Architectures(), kind.Architecture) {
			expected = nodes.OneOf(nodes.Architectures())
		}

		kind.Architecture = other

		return append(CheckNodes(kind), nodes.Problem{
			Path: "architecture", Expected: expected, Example: string(other),
		})
	}

	return slices.Concat(kind.checkChoices(), kind.checkInstanceTypes(), kind.checkSizes(),
		nodes.CheckLabels(kind.Labels), nodes.CheckTaints(kind.Taints))
}

// otherArchitecture returns the architecture of all instance types if it is not that of the kind, or "".
func (k NodeKind) otherArchitecture() nodes.Architecture {
	var other nodes.Architecture

	for _, name := range k.InstanceTypes {
		architecture, known := nodes.ArchitectureOf(name)
		if !known || architecture == k.Architecture || other != "" && other != architecture {
			return ""
		}

		other = architecture
	}

	return other
}

func (k NodeKind) checkChoices() []nodes.Problem {
	var problems []nodes.Problem

	if !slices.Contains(nodes.Architectures(), k.Architecture) {
		problems = append(problems, nodes.Problem{
			Path: "architecture", Expected: nodes.OneOf(nodes.Architectures()), Example: string(nodes.ARM64),
		})
	}

	if !slices.Contains(nodes.Capacities(), k.Capacity) {
		problems = append(problems, nodes.Problem{
			Path: "capacity", Expected: nodes.OneOf(nodes.Capacities()), Example: string(k.Capacity.Meant()),
		})
	}

	return problems
}

func (k NodeKind) checkInstanceTypes() []nodes.Problem {
	var problems []nodes.Problem

	unused := k.Unused()
	report := func(at int, expected string) {
		problem := nodes.Problem{Path: fmt.Sprintf("instanceTypes[%d]", at), Expected: expected}
		if len(unused) > 0 { // each problem gets another example, because no type may be listed twice
			problem.Example, unused = unused[0], unused[1:]
		}

		problems = append(problems, problem)
	}

	for i := range k.InstanceTypes {
		if expected := k.checkInstanceType(i); expected != "" {
			report(i, expected)
		}
	}

	switch count := len(k.InstanceTypes); {
	case count == 0:
		report(0, "at least one EC2 instance type")
	case k.Capacity == nodes.Spot && count < minSpotTypes:
		unused = slices.Concat(k.similar(), unused)

		report(1, "at least two instance types for spot, because EC2 runs out of one more often than of both")
	}

	return problems
}

// checkInstanceType returns what is expected instead of an instance type, or "".
func (k NodeKind) checkInstanceType(i int) string {
	name, first := k.InstanceTypes[i], k.InstanceTypes[0]

	switch architecture, known := nodes.ArchitectureOf(name); {
	case !known:
		return "an EC2 instance type, such as t4g.medium"
	case slices.Contains(k.InstanceTypes[:i], name):
		return "a type that is not in the list yet"
	case architecture != k.Architecture && slices.Contains(nodes.Architectures(), k.Architecture):
		return fmt.Sprintf("an %s type, like the others (this is an %s type)", k.Architecture, architecture)
	case imageOf(name, k.Architecture) != imageOf(first, k.Architecture):
		return fmt.Sprintf("a type with the image of %s, %s (this type has %s)", first, imageOf(first, k.Architecture),
			imageOf(name, k.Architecture))
	}

	return ""
}

func (k NodeKind) checkSizes() []nodes.Problem {
	var problems []nodes.Problem

	if k.Min < 0 || k.Min > maxNodes {
		problems = append(problems, nodes.Problem{
			Path: "min", Expected: fmt.Sprintf("a number of nodes in each zone, from 0 to %d", maxNodes), Example: "1",
		})
	}

	// A min out of bounds is reported above; max is then compared with the nearer bound.
	if least := max(1, min(k.Min, maxNodes)); k.Max < least || k.Max > maxNodes {
		problems = append(problems, nodes.Problem{
			Path:     "max",
			Expected: fmt.Sprintf("a number of nodes in each zone, from min (%d) to %d", least, maxNodes),
			Example:  strconv.Itoa(least),
		})
	}

	if k.DiskGiB < minDiskGiB || k.DiskGiB > maxDiskGiB {
		problems = append(problems, nodes.Problem{
			Path:     "diskGiB",
			Expected: fmt.Sprintf("a size in GiB, from %d to %d", minDiskGiB, maxDiskGiB),
			Example:  strconv.Itoa(defaultDiskGiB),
		})
	}

	return problems
}

// Unused returns common instance types that the kind does not list. They have its architecture, and the image of its
// first type.
func (k NodeKind) Unused() []string {
	var first string
	if len(k.InstanceTypes) > 0 {
		first = k.InstanceTypes[0]
	}

	common := map[string][]string{
		"AL2023_ARM_64_STANDARD": {"t4g.medium", "t4g.large", "m7g.large"},
		"AL2023_ARM_64_NVIDIA":   {"g5g.xlarge", "g5g.2xlarge", "g5g.4xlarge"},
		"AL2023_x86_64_STANDARD": {"t3.medium", "t3.large", "m7i.large"},
		"AL2023_x86_64_NVIDIA":   {"g4dn.xlarge", "g5.xlarge", "g6.xlarge"},
		"AL2023_x86_64_NEURON":   {"inf2.xlarge", "inf2.8xlarge", "trn1.2xlarge"},
	}[imageOf(first, k.Architecture)]

	return slices.DeleteFunc(common, func(name string) bool { return slices.Contains(k.InstanceTypes, name) })
}
