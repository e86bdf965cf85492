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

	for i, name := range k.InstanceTypes {
		path := fmt.Sprintf("instanceTypes[%d]", i)

		switch architecture, known := ArchitectureOf(name); {
		case !known:
			problems = append(problems, Problem{path, "an EC2 instance type, such as t4g.medium", k.unused()})
		case slices.Contains(k.InstanceTypes[:i], name):
			problems = append(problems, Problem{path, "each instance type once", k.unused()})
		case architecture != k.Architecture && slices.Contains(Architectures(), k.Architecture):
			problems = append(problems, Problem{path, fmt.Sprintf(
				"a type of the architecture %s, which these nodes' image is for (this one is %s)",
				k.Architecture, architecture), k.unused()})
		}
	}

	switch count := len(k.InstanceTypes); {
	case count == 0:
		problems = append(problems, Problem{"instanceTypes[0]", "at least one EC2 instance type", k.unused()})
	case k.Capacity == Spot && count < minSpotTypes:
		problems = append(problems, Problem{
			"instanceTypes[1]", "at least two instance types for spot: EC2 runs out of one more often than of both", k.unused(),
		})
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

	// A min beyond the bound is told above; max is then held to the bound, or no max would be right.
	if least := min(k.Min, maxNodes); k.Max < least || k.Max > maxNodes {
		problems = append(problems, Problem{
			"max", fmt.Sprintf("a number of nodes in each zone, from min (%d) to %d", least, maxNodes),
			strconv.Itoa(max(least, 1)),
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

// unused is an instance type of the kind's architecture that it does not list; empty where it lists them all.
func (k Kind) unused() string {
	examples := []string{"t4g.medium", "t4g.large", "m7g.large"}
	if k.Architecture == AMD64 {
		examples = []string{"t3.medium", "t3.large", "m7i.large"}
	}

	for _, example := range examples {
		if !slices.Contains(k.InstanceTypes, example) {
			return example
		}
	}

	return ""
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
