package duration_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/duration"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report/reporttest"
	"github.com/msur/platform/rehearsal/state"
)

const (
	vpc     = "aws:ec2/vpc:Vpc"             // 24.1 s
	subnet  = "aws:ec2/subnet:Subnet"       // 10.9 s
	cluster = "aws:eks/cluster:Cluster"     // 457.6 s
	nodes   = "aws:eks/nodeGroup:NodeGroup" // 124.2 s
	addon   = "aws:eks/addon:Addon"
)

// add adds a resource that depends on others. A property of the resource refers to them if it is "referring".
func add(s *state.State, resourceType, name string, referring bool, dependencies ...resource.URN) resource.URN {
	r := state.Resource{
		URN: resource.NewURN("s", "p", "", tokens.Type(resourceType), name), Type: tokens.Type(resourceType), Custom: true,
		Dependencies: dependencies,
	}
	if referring {
		r.PropertyDependencies = map[resource.PropertyKey][]resource.URN{"property": dependencies}
	}

	s.Resources = append(s.Resources, r)

	return r.URN
}

func names(steps []duration.Step) []string {
	found := make([]string, 0, len(steps))
	for _, step := range steps {
		found = append(found, step.Operation+" "+step.URN.Name())
	}

	return found
}

func example() *state.State {
	s := &state.State{}
	inside := add(s, vpc, "vpc", false)
	in := add(s, subnet, "subnet", true, inside)
	add(s, cluster, "cluster", true, in)
	add(s, subnet, "other", true, inside)

	return s
}

func TestTheTimeIsThatOfTheLongestChain(t *testing.T) {
	t.Parallel()

	s := example()
	estimate := duration.Of(reporttest.Each(s, apitype.OpCreate), &state.State{}, s)

	assert.InDelta(t, 24.1+10.9+457.6, estimate.MedianSeconds, 0.1)
	assert.Equal(t, []string{"create vpc", "create subnet", "create cluster"}, names(estimate.CriticalPath()))
	assert.InDelta(t, estimate.MedianSeconds, estimate.LimitSeconds, 0.1)
	assert.Greater(t, estimate.P90Seconds, estimate.MedianSeconds)
	assert.Less(t, estimate.P90Seconds, 2*estimate.MedianSeconds)
	assert.Len(t, estimate.Steps, 4)
	assert.Empty(t, estimate.Delays)
}

func TestADestroyRunsInReverse(t *testing.T) {
	t.Parallel()

	s := example()
	estimate := duration.Of(reporttest.Each(s, apitype.OpDelete), s, &state.State{})

	assert.Equal(t, []string{"delete cluster", "delete subnet", "delete vpc"}, names(estimate.CriticalPath()))
}

func TestUnchangedResourcesTakeNoTimeButKeepTheOrder(t *testing.T) {
	t.Parallel()

	s := &state.State{}
	first := add(s, vpc, "first", false)
	between := add(s, subnet, "between", true, first)
	add(s, subnet, "last", true, between)

	estimate := duration.Of([]plan.Step{
		{URN: s.Resources[0].URN, Op: apitype.OpCreate},
		{URN: s.Resources[1].URN, Op: apitype.OpSame},
		{URN: s.Resources[2].URN, Op: apitype.OpCreate},
	}, s, s)

	assert.InDelta(t, 24.1+10.9, estimate.MedianSeconds, 0.1)
	assert.Equal(t, []string{"create first", "create last"}, names(estimate.Steps))
}

func TestAReplacementIsACreationAndADeletion(t *testing.T) {
	t.Parallel()

	s := &state.State{}
	urn := add(s, nodes, "nodes", false)

	afterwards := duration.Of([]plan.Step{
		{URN: urn, Op: apitype.OpCreateReplacement},
		{URN: urn, Op: apitype.OpReplace},
		{URN: urn, Op: apitype.OpDeleteReplaced},
	}, s, s)
	assert.Equal(t, []string{"create nodes", "delete nodes"}, names(afterwards.CriticalPath()))

	before := duration.Of([]plan.Step{
		{URN: urn, Op: apitype.OpDeleteReplaced},
		{URN: urn, Op: apitype.OpReplace},
		{URN: urn, Op: apitype.OpCreateReplacement},
	}, s, s)
	assert.Equal(t, []string{"delete nodes", "create nodes"}, names(before.CriticalPath()))
}

func TestADependencyThatNothingRequiresIsADelay(t *testing.T) {
	t.Parallel()

	s := &state.State{}
	slow := add(s, cluster, "slow", false)
	add(s, vpc, "waits", false, slow)

	estimate := duration.Of(reporttest.Each(s, apitype.OpCreate), &state.State{}, s)
	require.Len(t, estimate.Delays, 1)
	assert.Equal(t, slow, estimate.Delays[0].From)
	assert.InDelta(t, 24.1, estimate.Delays[0].Seconds, 0.1, "the cluster alone takes the rest")
	assert.InDelta(t, 457.6, estimate.LimitSeconds, 0.1)
}

func TestADocumentedOrderIsNoDelay(t *testing.T) {
	t.Parallel()

	s := &state.State{}
	group := add(s, nodes, "nodes", false)
	add(s, addon, "coredns", false, group)
	s.Resources[1].Inputs = map[string]any{"addonName": "coredns"}

	estimate := duration.Of(reporttest.Each(s, apitype.OpCreate), &state.State{}, s)
	assert.Empty(t, estimate.Delays)
	assert.InDelta(t, 124.2+20, estimate.LimitSeconds, 0.1, "after the nodes")

	s.Resources[1].Dependencies = nil
	estimate = duration.Of(reporttest.Each(s, apitype.OpCreate), &state.State{}, s)
	assert.InDelta(t, 915, estimate.MedianSeconds, 0.1, "before the nodes")
}

func TestControllersNeedTheKindsOfTheirChart(t *testing.T) {
	t.Parallel()

	const release = "kubernetes:helm.sh/v3:Release"

	for chart, delays := range map[string]int{"oci://charts.example/karpenter": 0, "traefik": 1} {
		s := &state.State{}
		kinds := add(s, release, "kinds", false)
		add(s, release, "controllers", false, kinds)
		s.Resources[0].Inputs = map[string]any{"chart": "oci://charts.example/karpenter-crd"}
		s.Resources[1].Inputs = map[string]any{"chart": chart}

		assert.Len(t, duration.Of(reporttest.Each(s, apitype.OpCreate), &state.State{}, s).Delays, delays, chart)
	}
}

func TestAComponentIsCompleteWhenItsChildrenAre(t *testing.T) {
	t.Parallel()

	s := &state.State{}
	component := add(s, "eks:index:Cluster", "component", false)
	s.Resources[0].Custom = false
	add(s, cluster, "child", false)
	s.Resources[1].Parent = component
	add(s, vpc, "waits", true, component)

	estimate := duration.Of(reporttest.Each(s, apitype.OpCreate), &state.State{}, s)
	assert.InDelta(t, 457.6+24.1, estimate.MedianSeconds, 0.1)
	assert.Empty(t, estimate.Delays)
}

func TestResourcesWaitForTheirProvider(t *testing.T) {
	t.Parallel()

	s := &state.State{}
	made := add(s, cluster, "cluster", false)
	provider := add(s, "pulumi:providers:kubernetes", "provider", true, made)
	add(s, "kubernetes:core/v1:Namespace", "namespace", false)
	s.Resources[2].Provider = string(provider) + "::id"

	estimate := duration.Of(reporttest.Each(s, apitype.OpCreate), &state.State{}, s)
	assert.InDelta(t, 457.6+0.5, estimate.MedianSeconds, 0.1)
	assert.Empty(t, estimate.Delays)
}

func TestATypeWithoutARecordingIsAssumed(t *testing.T) {
	t.Parallel()

	s := &state.State{}
	add(s, "aws:new/thing:Thing", "thing", false)

	estimate := duration.Of(reporttest.Each(s, apitype.OpCreate), &state.State{}, s)
	require.Len(t, estimate.Steps, 1)
	assert.True(t, estimate.Steps[0].Assumed)
	assert.InDelta(t, 5, estimate.MedianSeconds, 0.1)
}

func TestTheEstimateIsAlwaysTheSame(t *testing.T) {
	t.Parallel()

	s := example()

	first, err := json.Marshal(duration.Of(reporttest.Each(s, apitype.OpCreate), &state.State{}, s))
	require.NoError(t, err)

	second, err := json.Marshal(duration.Of(reporttest.Each(s, apitype.OpCreate), &state.State{}, s))
	require.NoError(t, err)
	assert.JSONEq(t, string(first), string(second))
}
