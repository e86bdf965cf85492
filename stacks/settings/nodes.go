package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/internal/nodes"
)

// The type of a kind of nodes, its defaults and most of its rules are in package plan, which plans the groups.

const nodesPath = clusterPath + ".nodes"

func nodeKeys() config.Keys {
	const path = nodesPath + ".*"

	keys := config.Keys{
		path + ".instanceTypes": {
			Expected: "a list of EC2 instance types", Element: "an EC2 instance type, such as t4g.medium",
		},
		path + ".architecture": {Expected: config.Choice(nodes.Architectures())},
		path + ".capacity":     {Expected: config.Choice(nodes.Capacities())},
		path + ".min":          {Expected: "a whole number of nodes in each zone", Example: "1"},
		path + ".max":          {Expected: "a whole number of nodes in each zone", Example: "1"},
		path + ".diskGiB":      {Expected: "a whole number of GiB"},
	}
	maps.Copy(keys, placementKeys(path))

	return keys
}

// placementKeys describe the settings that decide which pods run on the nodes at a path.
func placementKeys(path string) config.Keys {
	return config.Keys{
		path + ".labels": {
			Expected: "an object of labels, by key", Element: "a string, in quotes if it is true or false",
		},
		path + ".taints":           {Expected: "a list of taints"},
		path + ".taints[*].key":    {Expected: "the key of a taint", Example: "dedicated"},
		path + ".taints[*].value":  {Expected: "a string, in quotes if it is true or false"},
		path + ".taints[*].effect": {Expected: config.Choice(nodes.Effects()), Example: string(nodes.NoSchedule)},
	}
}

func (c *checker) checkNodes() {
	kinds := c.settings.Cluster.Nodes

	names := slices.Sorted(maps.Keys(kinds))
	if len(names) == 0 {
		c.reportNoNodes()
	}

	for _, name := range names {
		c.checkKind(name, kinds[name])
	}

	if len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool { return kinds[name].TakesAnyPod() }) {
		c.reportNoPlace(names[0], kinds[names[0]])
	}

	zones := max(minZones, len(c.settings.Network.Zones)) // fewer zones are a problem of their own
	for _, problem := range plan.CheckRoom(kinds, zones, c.settings.BasePods()) {
		path := nodesPath + "." + problem.Path
		c.Report(path, problem.Expected, c.SetOrRemove(path, problem.Example))
	}
}

// reported reports whether there is a problem with a path that starts with the prefix.
func (c *checker) reported(prefix string) bool {
	return slices.ContainsFunc(c.Problems(), func(p config.Problem) bool { return strings.HasPrefix(p.Path, prefix) })
}

// reportNoPlace requires a kind of nodes for any pod, because add-ons run there. The fix changes one of the kinds.
func (c *checker) reportNoPlace(name string, kind plan.NodeKind) {
	at := config.Member(nodesPath, name)

	if kind.Min < 1 {
		if c.reported(at + ".min") {
			return
		}

		c.Report(at+".min", "at least one node in each zone of some kind, because add-ons run there", c.Set(at+".min", "1"))

		return
	}

	c.Report(at+".taints", "at least one kind of nodes without a taint that repels pods, because add-ons run there",
		c.Remove(at+".taints"))
}

// reportNoNodes refuses a cluster without nodes: Traefik, Argo CD and the applications would wait for one forever. The
// fix adds a kind; its type is an example.
func (c *checker) reportNoNodes() {
	const general = nodesPath + ".general"

	if c.reported(nodesPath + ".") {
		return // there is a kind, but it is no object
	}

	var fixes []string
	if c.Has(nodesPath) {
		fixes = append(fixes, c.Remove(nodesPath)) // it is not an object, so no member of it can be set
	}

	c.Report(nodesPath, "at least one kind of nodes: without nodes, the charts of the platform and of the applications "+
		"wait forever", append(fixes, c.Set(general+".instanceTypes[0]", "t4g.large"), c.Set(general+".min", "1"),
		c.Set(general+".max", "1"))...)
}

func (c *checker) checkKind(name string, kind plan.NodeKind) {
	at := config.Member(nodesPath, name)

	if longest := maxKind(c.Stack()); !nameForm.MatchString(name) || len(name) > longest {
		c.Report(at, fmt.Sprintf(nameRule, longest), c.Remove(at))

		return
	}

	if least := at + ".min"; !c.Has(least) {
		c.Report(least, c.Expected(least), c.Set(least, kind.UsualMin()))
	}

	for _, problem := range plan.CheckNodes(kind) {
		c.Report(at+"."+problem.Path, problem.Expected, c.fixesOf(at, problem)...)
	}
}

// fixesOf returns the commands that fix a problem of the kind at a path. The values of labels and taints are strings.
func (c *checker) fixesOf(at string, problem nodes.Problem) []string {
	path := at + "." + problem.Path

	switch isLabel := strings.HasPrefix(problem.Path, "labels["); {
	case problem.Key != "":
		return []string{c.SetString(config.Member(at+".labels", problem.Key), problem.Example), c.Remove(path)}
	case problem.Example != "" && (isLabel || strings.HasPrefix(problem.Path, "taints[")):
		return []string{c.SetString(path, problem.Example)}
	default:
		return []string{c.SetOrRemove(path, problem.Example)}
	}
}

// maxKind is the maximum length of the name of a kind of nodes. The name of a node group (EKS API Reference,
// CreateNodegroup) consists of the environment, the kind, the zone, and digits that the provider adds.
func maxKind(environment string) int {
	const maxNodeGroup, digits = 63, 26

	return maxNodeGroup - len(environment+"-"+"-a-") - digits
}
