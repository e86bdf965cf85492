package nodes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cluster/nodes"
)

// problems are the paths of what is wrong, with an example of what would be right.
func problems(kind nodes.Kind) map[string]string {
	found := make(map[string]string)
	for _, problem := range nodes.Check(kind) {
		found[problem.Path] = problem.Example
	}

	return found
}

func TestAKindWithoutAMistake(t *testing.T) {
	t.Parallel()

	full := nodes.Kind{
		InstanceTypes: []string{"m7i.large", "m6i.large"}, Architecture: nodes.AMD64, Capacity: nodes.Spot,
		Min: 3, Max: 3, DiskGiB: 100, Labels: map[string]string{"tier": "web"},
		Taints: []nodes.Taint{{Key: "dedicated", Value: "web", Effect: nodes.NoSchedule}},
	}

	assert.Empty(t, nodes.Check(general()))
	assert.Empty(t, nodes.Check(full))
}

func TestMistakesOfAKind(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		change func(*nodes.Kind)
		want   map[string]string
	}{
		"no instance type": {
			func(k *nodes.Kind) { k.InstanceTypes = nil }, map[string]string{"instanceTypes[0]": "t4g.medium"},
		},
		"no such type": {
			func(k *nodes.Kind) { k.InstanceTypes = []string{"t4g.huge"} }, map[string]string{"instanceTypes[0]": "t4g.medium"},
		},
		"a type twice": {
			func(k *nodes.Kind) { k.InstanceTypes = []string{"t4g.medium", "t4g.medium"} },
			map[string]string{"instanceTypes[1]": "t4g.large"},
		},
		"a type for another image": {
			func(k *nodes.Kind) { k.InstanceTypes = []string{"t4g.medium", "m7i.large"} },
			map[string]string{"instanceTypes[1]": "t4g.large"},
		},
		"the other way round": {
			func(k *nodes.Kind) { k.Architecture = nodes.AMD64 }, map[string]string{"instanceTypes[0]": "t3.medium"},
		},
		"two types for another image": {
			func(k *nodes.Kind) { k.InstanceTypes = []string{"m7i.large", "m7i.xlarge"} },
			map[string]string{"instanceTypes[0]": "t4g.medium", "instanceTypes[1]": "t4g.large"},
		},
		"more wrong types than examples": {
			func(k *nodes.Kind) { k.InstanceTypes = []string{"a", "b", "c", "d"} },
			map[string]string{
				"instanceTypes[0]": "t4g.medium", "instanceTypes[1]": "t4g.large", "instanceTypes[2]": "m7g.large",
				"instanceTypes[3]": "",
			},
		},
		"spot of one wrong type": {
			func(k *nodes.Kind) { k.Capacity, k.InstanceTypes = nodes.Spot, []string{"t3.medium"} },
			map[string]string{"instanceTypes[0]": "t4g.medium", "instanceTypes[1]": "t4g.large"},
		},
		"spot of one type": {
			func(k *nodes.Kind) { k.Capacity = nodes.Spot }, map[string]string{"instanceTypes[1]": "t4g.large"},
		},
		"an unknown architecture": {
			func(k *nodes.Kind) { k.Architecture = "riscv64" }, map[string]string{"architecture": "arm64"},
		},
		"an unknown capacity": {
			func(k *nodes.Kind) { k.Capacity = "reserved" }, map[string]string{"capacity": "onDemand"},
		},
		"no node":           {func(k *nodes.Kind) { k.Min = 0 }, map[string]string{"min": "1"}},
		"no sizes":          {func(k *nodes.Kind) { k.Min, k.Max = 0, 0 }, map[string]string{"min": "1", "max": "1"}},
		"fewer than none":   {func(k *nodes.Kind) { k.Min, k.Max = -1, -1 }, map[string]string{"min": "1", "max": "1"}},
		"below a wrong one": {func(k *nodes.Kind) { k.Min, k.Max = 0, -1 }, map[string]string{"min": "1", "max": "1"}},
		"a minimum too big": {func(k *nodes.Kind) { k.Min, k.Max = 451, 450 }, map[string]string{"min": "1"}},
		"both too big":      {func(k *nodes.Kind) { k.Min, k.Max = 451, 451 }, map[string]string{"min": "1", "max": "450"}},
		"more than EKS has": {func(k *nodes.Kind) { k.Max = 451 }, map[string]string{"max": "1"}},
		"no room":           {func(k *nodes.Kind) { k.Min, k.Max = 3, 2 }, map[string]string{"max": "3"}},
		"a disk too small":  {func(k *nodes.Kind) { k.DiskGiB = 19 }, map[string]string{"diskGiB": "20"}},
		"a disk too large":  {func(k *nodes.Kind) { k.DiskGiB = 16385 }, map[string]string{"diskGiB": "20"}},
		"a taint of nothing": {
			func(k *nodes.Kind) { k.Taints = []nodes.Taint{{Effect: nodes.NoExecute}} },
			map[string]string{"taints[0].key": "dedicated"},
		},
		"an effect of EKS's": {
			func(k *nodes.Kind) { k.Taints = []nodes.Taint{{Key: "a", Effect: "NO_SCHEDULE"}} },
			map[string]string{"taints[0].effect": "NoSchedule"},
		},
		"several": {
			func(k *nodes.Kind) { k.Min, k.DiskGiB, k.Capacity = 0, 1, "x" },
			map[string]string{"min": "1", "diskGiB": "20", "capacity": "onDemand"},
		},
	}
	for name, test := range tests {
		kind := general()
		test.change(&kind)
		assert.Equal(t, test.want, problems(kind), name)
	}
}

func TestWhichTaintsKeepPodsOff(t *testing.T) {
	t.Parallel()

	assert.True(t, nodes.Taint{Effect: nodes.NoSchedule}.KeepsOff())
	assert.True(t, nodes.Taint{Effect: nodes.NoExecute}.KeepsOff())
	assert.False(t, nodes.Taint{Effect: nodes.PreferNoSchedule}.KeepsOff())
}

func TestLabelsAndTaintsThatEKSRefuses(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		change func(*nodes.Kind)
		want   map[string]string
	}{
		"a taint's value with a space": {
			func(k *nodes.Kind) { k.Taints = []nodes.Taint{{Key: "a", Value: "b c", Effect: nodes.NoExecute}} },
			map[string]string{"taints[0].value": ""},
		},
		"labels that EKS refuses": {
			func(k *nodes.Kind) {
				k.Labels = map[string]string{
					"a b": "c", "d": "", "e": "f g", "kubernetes.io/h": "i", strings.Repeat("j", 64): "k", "l/m.n-o_p": "Q.r",
				}
			},
			map[string]string{
				`labels["a b"]`: "", `labels["d"]`: "", `labels["e"]`: "", `labels["kubernetes.io/h"]`: "",
				`labels["` + strings.Repeat("j", 64) + `"]`: "",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			kind := general()
			test.change(&kind)
			assert.Equal(t, test.want, problems(kind))
		})
	}
}
