package settings

import (
	"fmt"
	"maps"
	"slices"

	"github.com/msur/platform/components/autoscaling/pool"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/internal/nodes"
)

// The type of a pool, its defaults and its rules are in package pool.

const autoscalingPath = clusterPath + ".autoscaling"

func autoscalingKeys() config.Keys {
	const path = autoscalingPath + ".*"

	keys := config.Keys{
		path + ".capacities":       {Expected: "a list of capacities", Element: config.Choice(nodes.Capacities())},
		path + ".instanceFamilies": {Expected: "a list of families", Element: "a family of EC2 instance types, such as m7g"},
		path + ".instanceTypes": {
			Expected: "a list of EC2 instance types", Element: "an EC2 instance type, such as m7g.large",
		},
		path + ".maxVcpus":                {Expected: "a whole number of vCPUs"},
		path + ".maxMemoryGiB":            {Expected: "a whole number of GiB"},
		path + ".maxAgeDays":              {Expected: "a whole number of days"},
		path + ".maxDisrupted":            {Expected: "a whole number of nodes"},
		path + ".consolidateAfterMinutes": {Expected: "a whole number of minutes"},
	}
	maps.Copy(keys, placementKeys(path))

	return keys
}

// BasePods are the pods for which the node groups need room. Applications go to the nodes of a pool, if there is one
// for any pod.
func (s Settings) BasePods() plan.Pods {
	pods := plan.Pods{Applications: len(s.Apps), HighlyAvailable: s.GitOps.HighlyAvailable}

	pools := slices.Collect(maps.Values(s.Cluster.Autoscaling))
	switch {
	case len(pools) == 0:
	case s.Environment.Class == Durable:
		pods.Karpenters = 2
	default:
		pods.Karpenters = 1
	}

	if slices.ContainsFunc(pools, pool.Pool.TakesAnyPod) {
		pods.Applications = 0
	}

	return pods
}

// checkAutoscaling checks the pools. The name of a pool is a label of its nodes.
func (c *checker) checkAutoscaling() {
	const longest = 63 // Kubernetes, "Labels and Selectors"

	pools := c.settings.Cluster.Autoscaling

	for _, name := range slices.Sorted(maps.Keys(pools)) {
		at := config.Member(autoscalingPath, name)

		if !nameForm.MatchString(name) || len(name) > longest {
			c.Report(at, fmt.Sprintf(nameRule, longest), c.Remove(at))

			continue
		}

		for _, problem := range pool.Check(pools[name]) {
			c.Report(at+"."+problem.Path, problem.Expected, c.fixesOf(at, problem)...)
		}
	}
}
