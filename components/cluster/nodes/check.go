package nodes

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Problem is one thing wrong with a kind of node.
type Problem struct {
	// Path leads to it within the kind, such as "instanceTypes[1]".
	Path string
	// Want completes the sentence "want …".
	Want string
	// Example is a value that would be right; empty where none is likely to be.
	Example string
}

// The bounds of a kind. A disk's are those of gp3 from what the image needs (Amazon EBS User Guide, "General Purpose
// SSD volumes"); EKS bounds a managed node group at 450 nodes (Amazon EKS User Guide, "Service quotas").
const (
	minSpotTypes = 2
	minDiskGiB   = defaultDiskGiB
	maxDiskGiB   = 16384
	maxNodes     = 450
)

// Check finds everything that is wrong with a kind, its defaults filled in.
func Check(kind Kind) []Problem {
	kind = kind.WithDefaults()

	return slices.Concat(kind.checkChoices(), kind.checkInstanceTypes(), kind.checkSizes(), kind.checkTaints())
}

func (k Kind) checkChoices() []Problem {
	var problems []Problem

	if !slices.Contains(Architectures(), k.Architecture) {
		problems = append(problems, Problem{"architecture", oneOf(Architectures()), string(ARM64)})
	}

	if !slices.Contains(Capacities(), k.Capacity) {
		problems = append(problems, Problem{"capacity", oneOf(Capacities()), string(OnDemand)})
	}

	return problems
}

func (k Kind) checkInstanceTypes() []Problem {
	var problems []Problem

	unused := k.unused()
	tell := func(at int, want string) {
		problem := Problem{Path: fmt.Sprintf("instanceTypes[%d]", at), Want: want}
		if len(unused) > 0 { // each problem has an example of its own: a type is there once
			problem.Example, unused = unused[0], unused[1:]
		}

		problems = append(problems, problem)
	}

	for i, name := range k.InstanceTypes {
		switch architecture, known := ArchitectureOf(name); {
		case !known:
			tell(i, "an EC2 instance type, such as t4g.medium")
		case slices.Contains(k.InstanceTypes[:i], name):
			tell(i, "each instance type once")
		case architecture != k.Architecture && slices.Contains(Architectures(), k.Architecture):
			tell(i, fmt.Sprintf("a type of the architecture %s, which these nodes' image is for (this one is %s)",
				k.Architecture, architecture))
		}
	}

	switch count := len(k.InstanceTypes); {
	case count == 0:
		tell(0, "at least one EC2 instance type")
	case k.Capacity == Spot && count < minSpotTypes:
		tell(1, "at least two instance types for spot: EC2 runs out of one more often than of both")
	}

	return problems
}

func (k Kind) checkSizes() []Problem {
	var problems []Problem

	if k.Min < 1 || k.Min > maxNodes {
		problems = append(problems, Problem{
			"min", fmt.Sprintf("a number of nodes in each zone, from 1 to %d", maxNodes), "1",
		})
	}

	// A min out of bounds is told above; max is then held to the nearer bound.
	if least := max(1, min(k.Min, maxNodes)); k.Max < least || k.Max > maxNodes {
		problems = append(problems, Problem{
			"max", fmt.Sprintf("a number of nodes in each zone, from min (%d) to %d", least, maxNodes), strconv.Itoa(least),
		})
	}

	if k.DiskGiB < minDiskGiB || k.DiskGiB > maxDiskGiB {
		problems = append(problems, Problem{
			"diskGiB", fmt.Sprintf("a size in GiB, from %d to %d", minDiskGiB, maxDiskGiB), strconv.Itoa(defaultDiskGiB),
		})
	}

	return problems
}

func (k Kind) checkTaints() []Problem {
	var problems []Problem

	for i, taint := range k.Taints {
		if taint.Key == "" {
			problems = append(problems, Problem{fmt.Sprintf("taints[%d].key", i), "the key of a taint", "dedicated"})
		}

		if !slices.Contains(Effects(), taint.Effect) {
			problems = append(problems, Problem{fmt.Sprintf("taints[%d].effect", i), oneOf(Effects()), string(NoSchedule)})
		}
	}

	return problems
}

// unused are instance types of the kind's architecture that it does not list.
func (k Kind) unused() []string {
	examples := []string{"t4g.medium", "t4g.large", "m7g.large"}
	if k.Architecture == AMD64 {
		examples = []string{"t3.medium", "t3.large", "m7i.large"}
	}

	return slices.DeleteFunc(examples, func(example string) bool { return slices.Contains(k.InstanceTypes, example) })
}

// oneOf lists choices: "a, b or c".
func oneOf[T ~string](choices []T) string {
	words := make([]string, len(choices))
	for i, choice := range choices {
		words[i] = string(choice)
	}

	last := len(words) - 1

	return strings.Join(words[:last], ", ") + " or " + words[last]
}
