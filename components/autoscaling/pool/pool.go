// Package pool describes with plain values which nodes Karpenter may launch.
package pool

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/msur/platform/internal/nodes"
)

// Pool describes nodes that are launched when pods need them, and terminated when none does.
type Pool struct {
	// Capacities are how EC2 may sell the instances; the cheapest is tried first. Default: onDemand, which EC2 never
	// reclaims.
	Capacities []nodes.Capacity `mapstructure:"capacities"`
	// InstanceFamilies are families of instance types, such as m7g: every size of them may be launched except the two
	// smallest, nano and micro. They decide the architectures of the nodes. Default: none, if there are instanceTypes.
	InstanceFamilies []string `mapstructure:"instanceFamilies"`
	// InstanceTypes are the only types that may be launched, instead of families. Default: none.
	InstanceTypes []string `mapstructure:"instanceTypes"`
	// MaxVCPUs and MaxMemoryGiB limit the sum of all nodes of the pool. Pods that need more stay pending.
	MaxVCPUs int `mapstructure:"maxVcpus"`
	// MaxMemoryGiB is the other limit.
	MaxMemoryGiB int `mapstructure:"maxMemoryGiB"`
	// MaxAgeDays is the age at which a node is replaced, so that nodes run a current image. Default: 7.
	MaxAgeDays int `mapstructure:"maxAgeDays"`
	// MaxDisrupted is the number of nodes that are replaced or removed at the same time, except those that EC2 reclaims.
	// Default: 1, so that only one zone is affected.
	MaxDisrupted int `mapstructure:"maxDisrupted"`
	// ConsolidateAfterMinutes is how long pods must fit on fewer or cheaper nodes before they are moved. Default: 5.
	ConsolidateAfterMinutes int `mapstructure:"consolidateAfterMinutes"`
	// Labels are put on the nodes. Default: none besides those of Kubernetes and Karpenter.
	Labels map[string]string `mapstructure:"labels"`
	// Taints repel pods that do not tolerate them. Default: none.
	Taints []nodes.Taint `mapstructure:"taints"`
}

// TakesAnyPod reports whether the nodes accept pods that tolerate no taint.
func (p Pool) TakesAnyPod() bool { return !slices.ContainsFunc(p.Taints, nodes.Taint.KeepsOff) }

// The defaults that are numbers.
const (
	defaultMaxAgeDays       = 7
	defaultMaxDisrupted     = 1
	defaultConsolidateAfter = 5
)

// WithDefaults returns the pool with its defaults filled in.
func (p Pool) WithDefaults() Pool {
	if len(p.Capacities) == 0 {
		p.Capacities = []nodes.Capacity{nodes.OnDemand}
	}

	for _, number := range []struct {
		value    *int
		standard int
	}{
		{&p.MaxAgeDays, defaultMaxAgeDays},
		{&p.MaxDisrupted, defaultMaxDisrupted},
		{&p.ConsolidateAfterMinutes, defaultConsolidateAfter},
	} {
		if *number.value == 0 {
			*number.value = number.standard
		}
	}

	return p
}

// Check returns all mistakes in a pool.
func Check(p Pool) []nodes.Problem {
	p = p.WithDefaults()

	return slices.Concat(p.checkCapacities(), p.checkInstances(), p.checkNumbers(),
		nodes.CheckLabels(p.Labels), nodes.CheckTaints(p.Taints))
}

// Architectures are those of the instance types, each once.
func (p Pool) Architectures() []nodes.Architecture {
	var found []nodes.Architecture

	for _, name := range slices.Concat(p.InstanceFamilies, p.InstanceTypes) {
		family, _, _ := strings.Cut(name, ".")

		architecture, known := nodes.ArchitectureOf(family + anySize)
		if known && !slices.Contains(found, architecture) {
			found = append(found, architecture)
		}
	}

	return found
}

// anySize makes the name of an instance type of the name of a family.
const anySize = ".large"

func (p Pool) checkCapacities() []nodes.Problem {
	var problems []nodes.Problem

	for i, capacity := range p.Capacities {
		if slices.Contains(nodes.Capacities(), capacity) && !slices.Contains(p.Capacities[:i], capacity) {
			continue
		}

		problem := nodes.Problem{
			Path: fmt.Sprintf("capacities[%d]", i), Expected: nodes.OneOf(nodes.Capacities()) + ", each once",
		}
		if meant := capacity.Meant(); !slices.Contains(p.Capacities, meant) {
			problem.Example = string(meant)
		}

		problems = append(problems, problem)
	}

	return problems
}

// checkInstances requires families or types. Both together would allow only types in both lists.
func (p Pool) checkInstances() []nodes.Problem {
	if len(p.InstanceFamilies) > 0 && len(p.InstanceTypes) > 0 {
		return []nodes.Problem{{
			Path: "instanceTypes", Expected: "either instanceFamilies or instanceTypes: with both, only types in both count",
		}}
	}

	if len(p.InstanceFamilies) == 0 && len(p.InstanceTypes) == 0 {
		return []nodes.Problem{{
			Path: "instanceFamilies[0]", Expected: "at least one family of EC2 instance types", Example: "m7g",
		}}
	}

	return slices.Concat(
		checkList("instanceFamilies", p.InstanceFamilies, anySize, "a family of EC2 instance types, such as m7g"),
		checkList("instanceTypes", p.InstanceTypes, "", "an EC2 instance type, such as m7g.large"))
}

// checkList checks instance types, or families with the suffix of a size. No two problems have the same example.
func checkList(field string, names []string, suffix, expected string) []nodes.Problem {
	var problems []nodes.Problem

	listed := slices.Clone(names)

	for i, name := range names {
		_, known := nodes.ArchitectureOf(name + suffix)
		if known && !slices.Contains(names[:i], name) {
			continue
		}

		problem := nodes.Problem{Path: fmt.Sprintf("%s[%d]", field, i), Expected: expected + ", each once"}

		family, _, _ := strings.Cut(name, ".")
		for _, other := range []string{family, "m7g"} { // a type was meant as a family, or a family as a type
			if suffix == "" {
				other += anySize
			}

			_, known := nodes.ArchitectureOf(other + suffix)
			if known && !slices.Contains(listed, other) {
				problem.Example, listed = other, append(listed, other)

				break
			}
		}

		problems = append(problems, problem)
	}

	return problems
}

func (p Pool) checkNumbers() []nodes.Problem {
	var problems []nodes.Problem

	for _, number := range []struct {
		path     string
		value    int
		expected string
		example  int
	}{
		{"maxVcpus", p.MaxVCPUs, "a limit of vCPUs, at least 1: a faulty chart must not launch any number of nodes", 16},
		{"maxMemoryGiB", p.MaxMemoryGiB, "a limit of memory in GiB, at least 1", 64},
		{"maxAgeDays", p.MaxAgeDays, "a number of days, at least 1", defaultMaxAgeDays},
		{"maxDisrupted", p.MaxDisrupted, "a number of nodes, at least 1", defaultMaxDisrupted},
		{"consolidateAfterMinutes", p.ConsolidateAfterMinutes, "a number of minutes, at least 1", defaultConsolidateAfter},
	} {
		if number.value < 1 {
			problems = append(problems, nodes.Problem{
				Path: number.path, Expected: number.expected, Example: strconv.Itoa(number.example),
			})
		}
	}

	return problems
}
