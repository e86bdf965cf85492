package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/nodes"
)

func TestThePlatformMustFitOnTheNodes(t *testing.T) {
	t.Parallel()

	kind := func(least int, types ...string) plan.NodeKind {
		return plan.NodeKind{InstanceTypes: types, Min: least, Max: least}
	}
	amd := kind(1, "t3.small")
	amd.Architecture = nodes.AMD64

	tainted := kind(1, "t4g.nano")
	tainted.Taints = []nodes.Taint{{Key: "a", Effect: nodes.NoSchedule}}

	const one, two = "general.instanceTypes[0]", "general.instanceTypes[1]"

	type kinds = map[string]plan.NodeKind

	var (
		once  = plan.Pods{Applications: 3}
		twice = plan.Pods{Applications: 3, HighlyAvailable: true}
	)

	tests := map[string]struct {
		kinds kinds
		pods  plan.Pods
		want  map[string]string
	}{
		"as in the sandbox": {kinds{"general": kind(1, "t4g.medium", "t4g.large")}, once, nil},
		"four pods on each": {kinds{"general": kind(1, "t4g.micro")}, once, map[string]string{one: "t4g.medium"}},
		"many small nodes":  {kinds{"general": kind(30, "t4g.micro")}, once, nil},
		"two types that are too small": {
			kinds{"general": kind(1, "t4g.micro", "t4g.small")},
			once,
			map[string]string{one: "t4g.medium", two: "t4g.large"},
		},
		"one of two": {
			kinds{"general": kind(1, "t4g.medium", "t4g.small")}, once, map[string]string{two: "t4g.large"},
		},
		"of the other architecture":   {kinds{"general": amd}, once, map[string]string{one: "t3.medium"}},
		"with more replicas":          {kinds{"general": kind(1, "t4g.medium")}, twice, map[string]string{one: "t4g.large"}},
		"beside a large kind":         {kinds{"general": kind(1, "t4g.nano"), "large": kind(1, "m7g.xlarge")}, once, nil},
		"a kind that repels pods":     {kinds{"general": kind(1, "t4g.medium"), "special": tainted}, once, nil},
		"a kind without nodes":        {kinds{"general": kind(1, "t4g.medium"), "later": kind(0, "t4g.nano")}, once, nil},
		"applications on other nodes": {kinds{"general": kind(1, "t4g.medium")}, plan.Pods{Karpenters: 1}, nil},
		"too many applications": {
			kinds{"general": kind(1, "t4g.medium")}, plan.Pods{Applications: 15}, map[string]string{one: "t4g.large"},
		},
		"with Karpenter": {
			kinds{"general": kind(1, "t4g.medium")}, plan.Pods{Karpenters: 14}, map[string]string{one: "t4g.large"},
		},
		"an unknown type": {kinds{"general": kind(1, "t4g.micro", "m9g.large")}, once, nil},
	}
	for name, test := range tests {
		found := make(map[string]string)
		for _, problem := range plan.CheckRoom(test.kinds, 2, test.pods) {
			found[problem.Path] = problem.Example
		}

		assert.Len(t, found, len(test.want), name)
		assert.Subset(t, found, test.want, name)
	}
}

func TestTypesWithUnknownRoomAreListed(t *testing.T) {
	t.Parallel()

	kinds := map[string]plan.NodeKind{
		"general": {InstanceTypes: []string{"m9g.large", "t4g.large"}, Min: 1},
		"later":   {InstanceTypes: []string{"g9.large"}},
	}

	assert.Equal(t, []string{"general.instanceTypes[0]"}, plan.UnknownRooms(kinds))
}

// One node in each zone, and 18 pods of the platform and two of applications in all zones.
func TestNodesAndPodsTakeAddresses(t *testing.T) {
	t.Parallel()

	kinds := map[string]plan.NodeKind{"general": {Min: 1}, "gpu": {Min: 0}}

	two := plan.Pods{Applications: 2}

	assert.Equal(t, 1+10, plan.Addresses(kinds, 2, two))
	assert.Equal(t, 1+7, plan.Addresses(kinds, 3, two), "rounded up")

	for name, more := range map[string]plan.Pods{
		"more replicas": {Applications: 2, HighlyAvailable: true}, "Karpenter": {Applications: 2, Karpenters: 1},
	} {
		assert.Greater(t, plan.Addresses(kinds, 2, more), plan.Addresses(kinds, 2, two), name)
	}
}
