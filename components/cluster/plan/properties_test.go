package plan_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/nodes"
)

// kinds draws kinds of nodes, most of them invalid.
func kinds() *rapid.Generator[plan.NodeKind] {
	return rapid.Custom(func(t *rapid.T) plan.NodeKind {
		instanceType := rapid.SampledFrom([]string{
			"t4g.medium", "t4g.large", "m7g.large", "c7g.large", "t3.medium", "t3.large", "m7i.large", "t4g.huge", "",
		})
		taint := rapid.Custom(func(t *rapid.T) nodes.Taint {
			return nodes.Taint{
				Key:    rapid.SampledFrom([]string{"", "dedicated"}).Draw(t, "key"),
				Effect: rapid.SampledFrom(append(nodes.Effects(), "", "NO_EXECUTE")).Draw(t, "effect"),
			}
		})
		size := rapid.OneOf(rapid.IntRange(-1, 3), rapid.IntRange(449, 452))

		return plan.NodeKind{
			InstanceTypes: rapid.SliceOfN(instanceType, 0, 6).Draw(t, "instance types"),
			Architecture:  rapid.SampledFrom(append(nodes.Architectures(), "", "riscv64")).Draw(t, "architecture"),
			Capacity:      rapid.SampledFrom(append(nodes.Capacities(), "", "reserved")).Draw(t, "capacity"),
			Min:           size.Draw(t, "min"),
			Max:           size.Draw(t, "max"),
			DiskGiB:       rapid.SampledFrom([]int{-1, 0, 19, 20, 16384, 16385}).Draw(t, "disk"),
			Taints:        rapid.SliceOfN(taint, 0, 2).Draw(t, "taints"),
		}
	})
}

// fixed returns the kind with the problem's example at its path, or without the property if there is no example.
func fixed(t *rapid.T, kind plan.NodeKind, problem nodes.Problem) plan.NodeKind {
	number := func() int {
		value, err := strconv.Atoi(problem.Example)
		require.NoError(t, err, "example of %s", problem.Path)

		return value
	}

	field, at, member := parsed(t, problem.Path)
	kind.InstanceTypes, kind.Taints = slices.Clone(kind.InstanceTypes), slices.Clone(kind.Taints)

	switch field + member {
	case "architecture":
		kind.Architecture = nodes.Architecture(problem.Example)
	case "capacity":
		kind.Capacity = nodes.Capacity(problem.Example)
	case "min":
		kind.Min = number()
	case "max":
		kind.Max = number()
	case "diskGiB":
		kind.DiskGiB = number()
	case "instanceTypes":
		kind.InstanceTypes = replaced(kind.InstanceTypes, at, problem.Example)
	case "taints", "taints.key", "taints.effect":
		kind.Taints = fixedTaints(kind.Taints, at, member, problem.Example)
	default:
		require.Fail(t, "no such field of a kind", problem.Path)
	}

	return kind
}

// fixedTaints sets a member of a taint, or removes the taint.
func fixedTaints(taints []nodes.Taint, at int, member, example string) []nodes.Taint {
	taints = slices.Clone(taints)

	switch member {
	case ".key":
		taints[at].Key = example
	case ".effect":
		taints[at].Effect = nodes.Effect(example)
	default:
		taints = slices.Delete(taints, at, at+1)
	}

	return taints
}

// parsed splits a path such as "taints[1].key" into field, index, and member with its dot.
func parsed(t *rapid.T, path string) (string, int, string) {
	field, rest, indexed := strings.Cut(path, "[")
	if !indexed {
		return field, 0, ""
	}

	index, member, closed := strings.Cut(rest, "]")
	require.True(t, closed, path)

	at, err := strconv.Atoi(index)
	require.NoError(t, err, path)

	return field, at, member
}

func replaced(list []string, at int, example string) []string {
	switch {
	case example == "":
		return slices.Delete(list, at, at+1)
	case at == len(list):
		return append(list, example)
	}

	list[at] = example

	return list
}

// right draws kinds, and fixes their problems one after another with the examples.
func right() *rapid.Generator[plan.NodeKind] {
	return rapid.Custom(func(t *rapid.T) plan.NodeKind {
		kind := kinds().Draw(t, "wrong")

		for range 50 { // more than there can be problems
			if problems := plan.CheckNodes(kind); len(problems) > 0 {
				kind = fixed(t, kind, problems[0])
			}
		}

		return kind
	})
}

func TestTheExampleOfAProblemFixesIt(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		kind := kinds().Draw(t, "kind")
		before := plan.CheckNodes(kind)

		for _, problem := range before {
			assert.NotEmpty(t, problem.Expected, problem.Path)

			after := plan.CheckNodes(fixed(t, kind, problem))
			if problem.Example == "" { // the next item moves to the removed item's place, and may be invalid too
				assert.Less(t, len(after), len(before), problem.Path)

				continue
			}

			for _, left := range after {
				assert.NotEqual(t, problem.Path, left.Path, "the example is invalid, too: %q", problem.Example)
			}
		}
	})
}

func TestFollowingTheExamplesRemovesEveryProblem(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		assert.Empty(t, plan.CheckNodes(right().Draw(t, "kind")))
	})
}

func TestAPlanIsRefusedExactlyIfAKindHasAProblem(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		kind := kinds().Draw(t, "kind")
		groups, err := plan.NodeGroups(map[string]plan.NodeKind{"general": kind}, []string{"a", "b"})

		problems := plan.CheckNodes(kind)
		if len(problems) > 0 {
			require.ErrorContains(t, err, fmt.Sprintf("%s: expected %s", problems[0].Path, problems[0].Expected))
			assert.Empty(t, groups)

			return
		}

		require.NoError(t, err)
		assert.Len(t, groups, 2)
	})
}

// An image for another architecture does not start, and the node group fails after a quarter of an hour.
func TestTheImageIsForTheArchitectureOfEveryInstanceType(t *testing.T) {
	t.Parallel()

	images := map[nodes.Architecture]string{
		nodes.ARM64: "AL2023_ARM_64_STANDARD", nodes.AMD64: "AL2023_x86_64_STANDARD",
	}

	rapid.Check(t, func(t *rapid.T) {
		groups, err := plan.NodeGroups(map[string]plan.NodeKind{"general": right().Draw(t, "kind")}, []string{"a"})
		require.NoError(t, err)

		for _, instanceType := range groups[0].InstanceTypes {
			architecture, known := nodes.ArchitectureOf(instanceType)
			assert.True(t, known, instanceType)
			assert.Equal(t, images[architecture], groups[0].Image(), instanceType)
		}
	})
}

// An existing group is neither renamed nor changed, so its nodes remain.
func TestAnotherZoneOrKindChangesNoGroup(t *testing.T) {
	t.Parallel()

	zone := rapid.StringMatching(`[a-f]`)

	rapid.Check(t, func(t *rapid.T) {
		zones := rapid.SliceOfNDistinct(zone, 1, 4, rapid.ID).Draw(t, "zones")
		another := zone.Filter(func(z string) bool { return !slices.Contains(zones, z) }).Draw(t, "another zone")
		planned := map[string]plan.NodeKind{"general": general()}

		before, err := plan.NodeGroups(planned, zones)
		require.NoError(t, err)

		wider, err := plan.NodeGroups(planned, append(slices.Clone(zones), another))
		require.NoError(t, err)
		assert.Subset(t, wider, before)
		assert.Len(t, wider, len(before)+1)

		planned["batch"] = plan.NodeKind{InstanceTypes: []string{"m7g.large"}, Min: 1, Max: 1}

		richer, err := plan.NodeGroups(planned, zones)
		require.NoError(t, err)
		assert.Subset(t, richer, before)
		assert.Len(t, richer, len(before)+len(zones))
	})
}
