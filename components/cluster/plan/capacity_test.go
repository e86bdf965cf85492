package plan_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/components/cluster/plan"
)

func TestAnUpdateStartsMoreNodesThanMax(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ least, most, want int }{
		"one node and the surge of two":           {least: 1, most: 2, want: 3},
		"two nodes and the surge of two":          {least: 2, most: 2, want: 4},
		"as many again while a group is replaced": {least: 5, most: 9, want: 10},
	}

	for name, test := range tests {
		kinds := map[string]plan.NodeKind{
			"general": {InstanceTypes: []string{"t4g.medium", "m7g.xlarge"}, Min: test.least, Max: test.most},
		}

		groups, err := plan.NodeGroups(kinds, []string{"a"})
		require.NoError(t, err)

		assert.Equal(t, test.want, groups[0].Peak(), name)

		largest, unknown := groups[0].VCPUs()
		assert.Equal(t, 4, largest, "the larger of the two types")
		assert.Empty(t, unknown)
	}
}

func TestAGroupReportsInstanceTypesWithUnknownVCPUs(t *testing.T) {
	t.Parallel()

	group := plan.NodeGroup{NodeKind: plan.NodeKind{InstanceTypes: []string{"g5g.xlarge", "m7g.large"}}}

	largest, unknown := group.VCPUs()
	assert.Equal(t, 2, largest)
	assert.Equal(t, []string{"g5g.xlarge"}, unknown)
}

// The rehearsal and the charts' tests read this file: they must not import the program.
func TestNodesOfferWhatTheKubeletLeaves(t *testing.T) {
	t.Parallel()

	text, err := os.ReadFile("allocatable.yaml")
	require.NoError(t, err)

	var families map[string]map[string]struct{ CPU, Memory, Pods int }
	require.NoError(t, yaml.Unmarshal(text, &families))
	require.NotEmpty(t, families)

	perCPU := map[byte]int{'c': 2, 'm': 4, 'r': 8} // GiB
	burstable := map[string]int{
		"nano": 512, "micro": 1024, "small": 2048, "medium": 4096, "large": 8192, "xlarge": 16384, "2xlarge": 32768,
	}

	for family, sizes := range families {
		for size, offered := range sizes {
			name := family + "." + size
			memory, isBurstable := burstable[size], family[0] == 't'

			cpus := map[string]int{"medium": 1, "xlarge": 4, "2xlarge": 8, "4xlarge": 16}[size]
			if size == "large" || isBurstable && memory <= burstable["large"] {
				cpus = 2
			}

			if !isBurstable {
				memory = cpus * perCPU[family[0]] * 1024
			}

			reserved := map[int]int{
				1: 60, 2: 60 + 10, 4: 60 + 10 + 10, 8: 60 + 10 + 10 + 10, 16: 60 + 10 + 10 + 30,
			}[cpus]
			assert.Equal(t, cpus*1000-reserved, offered.CPU, name)
			assert.Equal(t, memory*925/1000-255-11*offered.Pods-100, offered.Memory, name)
			assert.Positive(t, offered.Pods, name)
		}
	}
}
