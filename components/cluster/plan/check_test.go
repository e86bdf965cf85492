package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/nodes"
)

// problems returns the example of each problem, by path.
func problems(kind plan.NodeKind) map[string]string {
	found := make(map[string]string)
	for _, problem := range plan.CheckNodes(kind) {
		found[problem.Path] = problem.Example
	}

	return found
}

func TestValidKindsHaveNoProblems(t *testing.T) {
	t.Parallel()

	full := plan.NodeKind{
		InstanceTypes: []string{"m7i.large", "m6i.large"}, Architecture: nodes.AMD64, Capacity: nodes.Spot,
		Min: 3, Max: 3, DiskGiB: 100, Labels: map[string]string{"tier": "web"},
		Taints: []nodes.Taint{{Key: "dedicated", Value: "web", Effect: nodes.NoSchedule}},
	}

	assert.Empty(t, plan.CheckNodes(general()))
	assert.Empty(t, plan.CheckNodes(full))
}

func TestMistakesOfAKind(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		change func(*plan.NodeKind)
		want   map[string]string
	}{
		"no instance type": {
			func(k *plan.NodeKind) { k.InstanceTypes = nil }, map[string]string{"instanceTypes[0]": "t4g.medium"},
		},
		"no such type": {
			func(k *plan.NodeKind) { k.InstanceTypes = []string{"t4g.huge"} },
			map[string]string{"instanceTypes[0]": "t4g.medium"},
		},
		"a type twice": {
			func(k *plan.NodeKind) { k.InstanceTypes = []string{"t4g.medium", "t4g.medium"} },
			map[string]string{"instanceTypes[1]": "t4g.large"},
		},
		"a type for another image": {
			func(k *plan.NodeKind) { k.InstanceTypes = []string{"t4g.medium", "m7i.large"} },
			map[string]string{"instanceTypes[1]": "t4g.large"},
		},
		"the other way round": {
			func(k *plan.NodeKind) { k.Architecture = nodes.AMD64 }, map[string]string{"architecture": "arm64"},
		},
		"two types for another image": {
			func(k *plan.NodeKind) { k.InstanceTypes = []string{"m7i.large", "m7i.xlarge"} },
			map[string]string{"architecture": "amd64"},
		},
		"more wrong types than examples": {
			func(k *plan.NodeKind) { k.InstanceTypes = []string{"a", "b", "c", "d"} },
			map[string]string{
				"instanceTypes[0]": "t4g.medium", "instanceTypes[1]": "t4g.large", "instanceTypes[2]": "m7g.large",
				"instanceTypes[3]": "",
			},
		},
		"an unknown architecture": {
			func(k *plan.NodeKind) { k.Architecture = "riscv64" }, map[string]string{"architecture": "arm64"},
		},
		"an unknown capacity": {
			func(k *plan.NodeKind) { k.Capacity = "reserved" }, map[string]string{"capacity": "onDemand"},
		},
		"no node":           {func(k *plan.NodeKind) { k.Min = 0 }, map[string]string{}},
		"no sizes":          {func(k *plan.NodeKind) { k.Min, k.Max = 0, 0 }, map[string]string{"max": "1"}},
		"fewer than zero":   {func(k *plan.NodeKind) { k.Min, k.Max = -1, -1 }, map[string]string{"min": "1", "max": "1"}},
		"max below zero":    {func(k *plan.NodeKind) { k.Min, k.Max = 0, -1 }, map[string]string{"max": "1"}},
		"a minimum too big": {func(k *plan.NodeKind) { k.Min, k.Max = 451, 450 }, map[string]string{"min": "1"}},
		"both too big": {
			func(k *plan.NodeKind) { k.Min, k.Max = 451, 451 }, map[string]string{"min": "1", "max": "450"},
		},
		"more than EKS has": {func(k *plan.NodeKind) { k.Max = 451 }, map[string]string{"max": "1"}},
		"no room":           {func(k *plan.NodeKind) { k.Min, k.Max = 3, 2 }, map[string]string{"max": "3"}},
		"a disk too small":  {func(k *plan.NodeKind) { k.DiskGiB = 19 }, map[string]string{"diskGiB": "20"}},
		"a disk too large":  {func(k *plan.NodeKind) { k.DiskGiB = 16385 }, map[string]string{"diskGiB": "20"}},
		"a taint of nothing": {
			func(k *plan.NodeKind) { k.Taints = []nodes.Taint{{Effect: nodes.NoExecute}} },
			map[string]string{"taints[0].key": "dedicated"},
		},
		"an effect of EKS's": {
			func(k *plan.NodeKind) { k.Taints = []nodes.Taint{{Key: "a", Effect: "NO_SCHEDULE"}} },
			map[string]string{"taints[0].effect": "NoSchedule"},
		},
		"several": {
			func(k *plan.NodeKind) { k.Min, k.DiskGiB, k.Capacity = -1, 1, "x" },
			map[string]string{"min": "1", "diskGiB": "20", "capacity": "onDemand"},
		},
	}
	for name, test := range tests {
		kind := general()
		test.change(&kind)
		assert.Equal(t, test.want, problems(kind), name)
	}
}

func TestTheSecondSpotTypeIsASimilarOne(t *testing.T) {
	t.Parallel()

	for first, want := range map[string]map[string]string{
		"t3.medium":  {"architecture": "amd64", "instanceTypes[1]": "t3a.medium"},
		"m7g.large":  {"instanceTypes[1]": "m6g.large"},
		"m99g.large": {"instanceTypes[1]": "t4g.medium"},
		"t4g.medium": {"instanceTypes[1]": "t4g.large"},
	} {
		kind := general()
		kind.Capacity, kind.InstanceTypes = nodes.Spot, []string{first}
		assert.Equal(t, want, problems(kind), first)
	}
}

func TestTaintsThatRepelPods(t *testing.T) {
	t.Parallel()

	assert.True(t, nodes.Taint{Effect: nodes.NoSchedule}.KeepsOff())
	assert.True(t, nodes.Taint{Effect: nodes.NoExecute}.KeepsOff())
	assert.False(t, nodes.Taint{Effect: nodes.PreferNoSchedule}.KeepsOff())
}
