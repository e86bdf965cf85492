package plan_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/nodes"
)

func general() plan.NodeKind {
	return plan.NodeKind{InstanceTypes: []string{"t4g.medium"}, Min: 1, Max: 2}
}

func TestNodesAreGravitonAndOnDemandByDefault(t *testing.T) {
	t.Parallel()

	groups, err := plan.NodeGroups(map[string]plan.NodeKind{"general": general()}, []string{"a"})
	require.NoError(t, err)
	require.Len(t, groups, 1)

	assert.Equal(t, nodes.OnDemand, groups[0].Capacity)
	assert.Equal(t, nodes.ARM64, groups[0].Architecture)
	assert.Equal(t, "AL2023_ARM_64_STANDARD", groups[0].Image())
	assert.Equal(t, 20, groups[0].DiskGiB)

	amd := general()
	amd.Architecture, amd.InstanceTypes = nodes.AMD64, []string{"m7i.large"}
	groups, err = plan.NodeGroups(map[string]plan.NodeKind{"general": amd}, []string{"a"})
	require.NoError(t, err)
	assert.Equal(t, "AL2023_x86_64_STANDARD", groups[0].Image())
}

func TestNodesWithAcceleratorsHaveTheirImage(t *testing.T) {
	t.Parallel()

	for instanceType, want := range map[string]string{
		"g5.xlarge": "AL2023_x86_64_NVIDIA", "g4dn.xlarge": "AL2023_x86_64_NVIDIA", "p5en.48xlarge": "AL2023_x86_64_NVIDIA",
		"gr6.4xlarge": "AL2023_x86_64_NVIDIA", "g5g.xlarge": "AL2023_ARM_64_NVIDIA", "inf2.xlarge": "AL2023_x86_64_NEURON",
		"trn1.2xlarge": "AL2023_x86_64_NEURON", "g4ad.xlarge": "AL2023_x86_64_STANDARD",
		"i4g.large": "AL2023_ARM_64_STANDARD",
	} {
		architecture, known := nodes.ArchitectureOf(instanceType)
		require.True(t, known, instanceType)

		groups, err := plan.NodeGroups(map[string]plan.NodeKind{
			"gpu": {InstanceTypes: []string{instanceType}, Architecture: architecture, Min: 0, Max: 1},
		}, []string{"a"})
		require.NoError(t, err, instanceType)
		assert.Equal(t, want, groups[0].Image(), instanceType)
	}
}

func TestAllTypesOfAKindHaveOneImage(t *testing.T) {
	t.Parallel()

	for first, want := range map[string]string{"g5.xlarge": "g4dn.xlarge", "m7i.large": "t3.medium"} {
		kind := plan.NodeKind{Architecture: nodes.AMD64, InstanceTypes: []string{first, "inf2.xlarge"}, Max: 1}

		assert.Equal(t, map[string]string{"instanceTypes[1]": want}, problems(kind), first)
	}
}

func TestEachKindHasAGroupInEachZone(t *testing.T) {
	t.Parallel()

	groups, err := plan.NodeGroups(map[string]plan.NodeKind{"spot": general(), "general": general()}, []string{"c", "a"})
	require.NoError(t, err)
	assert.Equal(t, []string{"general-a", "general-c", "spot-a", "spot-c"}, names(groups))
}

// Another kind or zone adds groups. Existing groups keep their names, and so their nodes.
func TestPlansOnlyGrow(t *testing.T) {
	t.Parallel()

	kind := rapid.StringMatching(`[a-z]{1,3}`)
	zone := rapid.StringMatching(`[a-h]`)

	rapid.Check(t, func(t *rapid.T) {
		kinds := make(map[string]plan.NodeKind)
		for _, name := range rapid.SliceOf(kind).Draw(t, "kinds") {
			kinds[name] = general()
		}

		zones := rapid.SliceOfDistinct(zone, rapid.ID).Draw(t, "zones")

		before, err := plan.NodeGroups(kinds, zones)
		require.NoError(t, err)
		assert.Len(t, before, len(kinds)*len(zones))

		more := maps.Clone(kinds)
		more[kind.Draw(t, "another kind")] = general()

		after, err := plan.NodeGroups(more, zones)
		require.NoError(t, err)
		assert.Subset(t, names(after), names(before))

		slices.Reverse(zones)

		reversed, err := plan.NodeGroups(kinds, zones)
		require.NoError(t, err)
		assert.Equal(t, before, reversed, "the order of zones means nothing")
	})
}

func TestNodeGroupsRefuseInvalidKinds(t *testing.T) {
	t.Parallel()

	wrong := general()
	wrong.Max = 0

	_, err := plan.NodeGroups(map[string]plan.NodeKind{"general": general(), "wrong": wrong}, []string{"a"})
	require.ErrorContains(t, err, `"wrong"`)
	assert.ErrorContains(t, err, "max")
}

func names(groups []plan.NodeGroup) []string {
	var found []string

	for _, group := range groups {
		found = append(found, group.Name())
		if !strings.HasPrefix(group.Name(), group.KindName+"-") || !strings.HasSuffix(group.Name(), group.Zone) {
			panic("a group is named by its kind and zone")
		}
	}

	return found
}
