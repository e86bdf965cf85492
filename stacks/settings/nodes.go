package settings

import (
	"fmt"
	"maps"
	"slices"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/internal/config"
)

// The type of a kind of nodes, its defaults and most of its rules are in package plan, which plans the groups.

const nodesPath = clusterPath + ".nodes"

func nodeKeys() config.Keys {
	const path = nodesPath + ".*"

	return config.Keys{
		path + ".instanceTypes": {
			Expected: "a list of EC2 instance types", Element: "an EC2 instance type, such as t4g.medium",
		},
		path + ".architecture": {Expected: config.Choice(plan.Architectures())},
		path + ".capacity":     {Expected: config.Choice(plan.Capacities())},
		path + ".min":          {Expected: "a whole number of nodes in each zone", Example: "1"},
		path + ".max":          {Expected: "a whole number of nodes in each zone", Example: "1"},
		path + ".diskGiB":      {Expected: "a whole number of GiB"},
		path + ".labels": {
			Expected: "an object of labels, by key", Element: "a string, in quotes if it is true or false",
		},
		path + ".taints":           {Expected: "a list of taints"},
		path + ".taints[*].key":    {Expected: "the key of a taint", Example: "dedicated"},
		path + ".taints[*].value":  {Expected: "a string, in quotes if it is true or false"},
		path + ".taints[*].effect": {Expected: config.Choice(plan.Effects()), Example: string(plan.NoSchedule)},
	}
}

func (c *checker) checkNodes() {
	kinds := c.settings.Cluster.Nodes

	names := slices.Sorted(maps.Keys(kinds))
	if len(names) == 0 {
		return
	}

	for _, name := range names {
		c.checkKind(name, kinds[name])
	}

	if !slices.ContainsFunc(names, func(name string) bool { return takesAnyPod(kinds[name]) }) {
		at := config.Member(nodesPath, names[0]) + ".taints"
		c.Report(at, "at least one kind of nodes without a taint that repels pods, because add-ons run there", c.Remove(at))
	}

	if c.settings.Network.NAT == network.NATNone {
		c.Report(natPath, "a NAT gateway, because nodes pull no images and never join without one",
			c.Set(natPath, string(network.NATSingle)))
	}
}

// takesAnyPod reports whether the nodes accept pods that tolerate no taint. A taint with an unknown effect is a problem
// of its own.
func takesAnyPod(kind plan.NodeKind) bool {
	return !slices.ContainsFunc(kind.Taints, func(taint plan.Taint) bool {
		return taint.KeepsOff() && slices.Contains(plan.Effects(), taint.Effect)
	})
}

func (c *checker) checkKind(name string, kind plan.NodeKind) {
	at := config.Member(nodesPath, name)

	if longest := maxKind(c.Stack()); !nameForm.MatchString(name) || len(name) > longest {
		c.Report(at, fmt.Sprintf(nameRule, longest), c.Remove(at))

		return
	}

	for _, problem := range plan.CheckNodes(kind) {
		path := at + "." + problem.Path
		c.Report(path, problem.Expected, c.SetOrRemove(path, problem.Example))
	}
}

// maxKind is the maximum length of the name of a kind of nodes. The name of a node group (EKS API Reference,
// CreateNodegroup) consists of the environment, the kind, the zone, and digits that the provider adds.
func maxKind(environment string) int {
	const maxNodeGroup, digits = 63, 26

	return maxNodeGroup - len(environment+"-"+"-a-") - digits
}
