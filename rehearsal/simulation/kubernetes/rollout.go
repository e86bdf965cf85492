package kubernetes

import (
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const typeCluster = "aws:eks/cluster:Cluster"

// exclusive is a workload of a chart whose pods never share a node.
type exclusive struct {
	name string
	// values is the path of the workload in the chart's values, and strategy that of a Deployment's rolling update. A
	// StatefulSet has none: it always stops a pod before it starts the next.
	values, strategy string
	// replicas is the chart's default.
	replicas int
}

// exclusives are the exclusive workloads of a chart (argo-helm 10.1.1, charts/argo-cd/values.yaml, redis-ha; redis-ha
// 4.38.0, values.yaml).
func exclusives(chart string) []exclusive {
	const three = 3

	if chart != "argo-cd" {
		return nil
	}

	return []exclusive{
		{name: "argocd-redis-ha-server", values: "redis-ha", replicas: three},
		{
			name: "argocd-redis-ha-haproxy", values: "redis-ha.haproxy", replicas: three,
			strategy: "redis-ha.haproxy.deploymentStrategy.rollingUpdate",
		},
	}
}

// checkRollout refuses a release with pods that fit on no node: Helm waits for them until its timeout, and so does
// every later attempt (argo-cd#16627). Only EKS's clusters have a known number of nodes.
func (i *instance) checkRollout(c *behaviour.Call) error {
	count, known := i.nodes(c.Tx)
	if !known || !c.True("values.redis-ha.enabled") {
		return nil
	}

	before, updates := c.Tx.Get(c.Resource.Key)
	updates = updates && replaces(before, c.Resource)

	for _, workload := range exclusives(chartName(c.Resource)) {
		replicas, more := workload.needs(c)
		if !updates {
			more = 0
		}

		if replicas+more > count {
			return refuse("context deadline exceeded (%s needs %d nodes, and %d more during a rollout; the cluster has %d)",
				workload.name, replicas, more, count)
		}
	}

	return nil
}

// needs returns the number of a workload's pods, and how many more a rollout starts before it stops one.
func (w exclusive) needs(c *behaviour.Call) (int, int) {
	replicas := w.replicas
	if written := c.Number("values." + w.values + ".replicas"); written > 0 {
		replicas = written
	}

	if w.strategy == "" {
		return replicas, 0
	}

	if w.part(c, "maxUnavailable", replicas, math.Floor) > 0 || w.part(c, "maxSurge", replicas, math.Ceil) == 0 {
		return replicas, 0
	}

	return replicas, 1
}

// part is the number of pods that one side of a rolling update allows, by default a quarter
// (pkg/controller/deployment/util, ResolveFenceposts).
func (w exclusive) part(c *behaviour.Call, side string, replicas int, round func(float64) float64) int {
	const quarter, hundred = "25%", 100

	written, _ := property.Lookup(c.Resource.Outputs, "values."+w.strategy+"."+side)
	if number, is := written.(float64); is {
		return int(number)
	}

	text, is := written.(string)
	if !is {
		text = quarter
	}

	percent, err := strconv.Atoi(strings.TrimSuffix(text, "%"))
	if err != nil {
		return 0 // the API server refuses the value
	}

	return int(round(float64(percent*replicas) / hundred))
}

// nodes returns how many nodes the instance's cluster has, if it is one of EKS's.
func (i *instance) nodes(tx *account.Transaction) (int, bool) {
	clusters := tx.Find(func(r account.Resource) bool {
		return r.Type == typeCluster && strings.EqualFold(r.Text("endpoint"), i.configuration.server)
	})
	if len(clusters) == 0 {
		return 0, false
	}

	count := 0
	for _, group := range tx.Find(func(r account.Resource) bool {
		return r.Type == typeNodeGroup && r.Text("clusterName") == clusters[0].ID
	}) {
		count += len(tx.Find(func(r account.Resource) bool { return r.Type == typeInstance && r.PartOf(group) }))
	}

	return count, true
}

// replaces reports whether an update replaces the workloads' pods: another version has other images, and other values
// another configuration.
func replaces(before, after account.Resource) bool {
	return before.Text("version") != after.Text("version") ||
		!reflect.DeepEqual(redis(before), redis(after))
}

func redis(release account.Resource) any {
	values, _ := property.Lookup(release.Outputs, "values.redis-ha")

	return values
}

// chartName is a chart's name without its repository.
func chartName(release account.Resource) string {
	chart := release.Text("chart")

	return chart[strings.LastIndex(chart, "/")+1:]
}
