package settings_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/stacks/settings"
)

const pools = cluster + ".autoscaling"

// pool returns the pool "services" with members added or changed.
func pool(members string) map[string]string {
	return map[string]string{
		pools: `{"services": {"instanceFamilies": ["m7g"], "maxVcpus": 16, "maxMemoryGiB": 64` + members + `}}`,
	}
}

func TestPoolsOfNodesAreOptional(t *testing.T) {
	t.Parallel()

	loaded, problems := settings.Load(stack, correct(), neighbours())
	assert.Empty(t, problems)
	assert.Empty(t, loaded.Cluster.Autoscaling)

	loaded, problems = settings.Load(stack, with(t, pool("")), neighbours())
	assert.Empty(t, problems)
	assert.Equal(t, 16, loaded.Cluster.Autoscaling["services"].MaxVCPUs)
}

func TestPoolMistakes(t *testing.T) {
	t.Parallel()

	const at = pools + ".services"

	checkMistakes(t, map[string]mistake{
		"capitalised": remove(pools, `{"Batch": {"instanceFamilies": ["m7g"], "maxVcpus": 1, "maxMemoryGiB": 1}}`, ".Batch",
			`{"instanceFamilies":["m7g"],"maxMemoryGiB":1,"maxVcpus":1}`, "at most 63"),
		"no families": {
			pool(`, "instanceFamilies": []`), at + ".instanceFamilies[0]", "nothing", "at least one family",
			"'" + at + ".instanceFamilies[0]' m7g",
		},
		"a type as a family": {
			pool(`, "instanceFamilies": ["m7g.large"]`), at + ".instanceFamilies[0]", `"m7g.large"`, "such as m7g",
			"'" + at + ".instanceFamilies[0]' m7g",
		},
		"a family as a type": {
			map[string]string{pools: `{"services": {"instanceTypes": ["c7g"], "maxVcpus": 16, "maxMemoryGiB": 64}}`},
			at + ".instanceTypes[0]", `"c7g"`, "such as m7g.large", "'" + at + ".instanceTypes[0]' c7g.large",
		},
		"a family twice": {
			pool(`, "instanceFamilies": ["m7g", "m7g"]`), at + ".instanceFamilies[1]", `"m7g"`, "each once",
			"'" + at + ".instanceFamilies[1]'",
		},
		"families and types": {
			pool(`, "instanceTypes": ["m7g.large"]`), at + ".instanceTypes", `["m7g.large"]`, "either",
			"'" + at + ".instanceTypes'",
		},
		"a capacity of Karpenter's": {
			pool(`, "capacities": ["on-demand"]`), at + ".capacities[0]", `"on-demand"`, "onDemand or spot",
			"'" + at + ".capacities[0]' onDemand",
		},
		"a capacity twice": {
			pool(`, "capacities": ["spot", "spot"]`), at + ".capacities[1]", `"spot"`, "each once",
			"'" + at + ".capacities[1]'",
		},
		"no limit of vCPUs": {
			map[string]string{pools: `{"services": {"instanceFamilies": ["m7g"], "maxMemoryGiB": 64}}`},
			at + ".maxVcpus", "nothing", "a limit of vCPUs", "'" + at + ".maxVcpus' 16",
		},
		"an age below zero": {
			pool(`, "maxAgeDays": -1`), at + ".maxAgeDays", "-1", "a number of days", "'" + at + ".maxAgeDays' 7",
		},
		"a label with a space": {
			pool(`, "labels": {"team": "data science"}`), at + `.labels["team"]`, `"data science"`, "letters, digits",
			"'" + at + `.labels["team"]' data-science`,
		},
		"a taint without an effect": {
			pool(`, "taints": [{"key": "a"}]`), at + ".taints[0].effect", "nothing", "NoSchedule",
			"'" + at + ".taints[0].effect' NoSchedule",
		},
		"a list": remove(pools, `{"services": []}`, ".services", `[]`, "object of capacities"),
		"a name that is too long": remove(pools,
			`{"`+strings.Repeat("a", 64)+`": {"instanceFamilies": ["m7g"], "maxVcpus": 1, "maxMemoryGiB": 1}}`,
			"."+strings.Repeat("a", 64), `{"instanceFamilies":["m7g"],"maxMemoryGiB":1,"maxVcpus":1}`, "at most 63"),
	})
}

// Karpenter launches no node for itself, and no nodes for pods that the pools repel.
func TestThePodsOfTheBaseNodes(t *testing.T) {
	t.Parallel()

	const environment = "platform:environment"

	pods := func(values map[string]string) plan.Pods {
		values["platform:apps"] = `{"a": {"path": "/a", "needs": []}}`
		loaded, _ := settings.Load(stack, with(t, values), neighbours())

		return loaded.BasePods()
	}

	assert.Equal(t, plan.Pods{Applications: 1}, pods(map[string]string{}))
	assert.Equal(t, plan.Pods{Karpenters: 1}, pods(pool("")))
	assert.Equal(t, plan.Pods{Karpenters: 1, Applications: 1},
		pods(pool(`, "taints": [{"key": "a", "effect": "NoSchedule"}]`)))

	durable := pool("")
	durable[environment] = `{"class": "durable"}`
	assert.Equal(t, plan.Pods{Karpenters: 2}, pods(durable))
}
