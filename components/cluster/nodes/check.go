package nodes

import (
	"fmt"
	"maps"
	"regexp"
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

	return slices.Concat(kind.checkChoices(), kind.checkInstanceTypes(), kind.checkSizes(), kind.checkLabels(),
		kind.checkTaints())
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

// maxText is the most characters of a label's or taint's key and value (EKS API Reference, CreateNodegroup and Taint).
const maxText = 63

// Keys and values of labels and taints have Kubernetes's syntax (Kubernetes, "Labels and Selectors").
var (
	keyForm   = regexp.MustCompile(`^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$`)
	valueForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$`)
)

// reservedPrefixes start the labels that EKS refuses to set (aws/containers-roadmap#1451).
func reservedPrefixes() []string { return []string{"kubernetes.io/", "k8s.io/", "eks.amazonaws.com/"} }

func (k Kind) checkLabels() []Problem {
	var problems []Problem

	for _, key := range slices.Sorted(maps.Keys(k.Labels)) {
		path := fmt.Sprintf("labels[%q]", key)
		reserved := slices.ContainsFunc(reservedPrefixes(), func(prefix string) bool {
			return strings.HasPrefix(key, prefix)
		})

		switch value := k.Labels[key]; {
		case reserved:
			problems = append(problems, Problem{path, "another key: EKS reserves " + strings.Join(reservedPrefixes(), ", "), ""})
		case len(key) > maxText || !keyForm.MatchString(key):
			problems = append(problems, Problem{path, fmt.Sprintf("a label's key of at most %d characters", maxText), ""})
		case len(value) > maxText || !valueForm.MatchString(value):
			problems = append(problems, Problem{path, fmt.Sprintf("a label's value of 1 to %d characters", maxText), ""})
		}
	}

	return problems
}

func (k Kind) checkTaints() []Problem {
	var problems []Problem

	for i, taint := range k.Taints {
		at := fmt.Sprintf("taints[%d]", i)

		if len(taint.Key) > maxText || !keyForm.MatchString(taint.Key) {
			want := fmt.Sprintf("the key of a taint, at most %d characters", maxText)
			problems = append(problems, Problem{at + ".key", want, "dedicated"})
		}

		if taint.Value != "" && (len(taint.Value) > maxText || !valueForm.MatchString(taint.Value)) {
			want := fmt.Sprintf("a taint's value of at most %d characters", maxText)
			problems = append(problems, Problem{at + ".value", want, ""})
		}

		if !slices.Contains(Effects(), taint.Effect) {
			problems = append(problems, Problem{at + ".effect", oneOf(Effects()), string(NoSchedule)})
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
