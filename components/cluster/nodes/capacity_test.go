package nodes_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/cluster/nodes"
)

func TestVCPUsOfInstanceTypes(t *testing.T) {
	t.Parallel()

	for name, want := range map[string]int{
		"t4g.nano": 2, "t4g.medium": 2, "t4g.large": 2, "t4g.xlarge": 4, "t3a.2xlarge": 8, "m6g.medium": 1,
		"m7g.large": 2, "m7i-flex.large": 2, "c7gn.xlarge": 4, "c5.9xlarge": 36, "r5dn.24xlarge": 96, "m8i.96xlarge": 384,
	} {
		count, known := nodes.VCPUsOf(name)
		assert.True(t, known, name)
		assert.Equal(t, want, count, name)
	}
}

func TestVCPUsOfOtherInstanceTypesAreUnknown(t *testing.T) {
	t.Parallel()

	for _, name := range []string{
		"", "t2.small", "m4.large", "c4.8xlarge", "g5.xlarge", "hpc7a.12xlarge", "m7g.metal", "m7i.metal-24xl", "m5.small",
		"u7i-12tb.224xlarge", "t4g.huge", "db.t4g.large",
	} {
		count, known := nodes.VCPUsOf(name)
		assert.False(t, known, name)
		assert.Zero(t, count, name)
	}
}

func TestAnUpdateStartsMoreNodesThanMax(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ least, most, want int }{
		"two more than one":                       {least: 1, most: 2, want: 3},
		"two more than two":                       {least: 2, most: 2, want: 4},
		"as many again while a group is replaced": {least: 5, most: 9, want: 10},
	}

	for name, test := range tests {
		kinds := map[string]nodes.Kind{
			"general": {InstanceTypes: []string{"t4g.medium", "m7g.xlarge"}, Min: test.least, Max: test.most},
		}

		groups, err := nodes.Plan(kinds, []string{"a"})
		require.NoError(t, err)

		assert.Equal(t, test.want, groups[0].Peak(), name)

		largest, unknown := groups[0].VCPUs()
		assert.Equal(t, 4, largest, "the larger of the two types")
		assert.Empty(t, unknown)
	}
}

func TestAGroupSaysWhichTypesHaveUnknownVCPUs(t *testing.T) {
	t.Parallel()

	group := nodes.Group{Kind: nodes.Kind{InstanceTypes: []string{"g5g.xlarge", "m7g.large"}}}

	largest, unknown := group.VCPUs()
	assert.Equal(t, 2, largest)
	assert.Equal(t, []string{"g5g.xlarge"}, unknown)
}
