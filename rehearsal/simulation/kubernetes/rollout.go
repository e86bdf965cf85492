package kubernetes

import (
	"reflect"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const typeCluster = "aws:eks/cluster:Cluster"

// redisReplicas is the number of pods of Redis and of HAProxy in a highly available Argo CD. The pods of a workload
// never share a node (argo-helm 10.1.1, charts/argo-cd/values.yaml, redis-ha; redis-ha 4.38.0, values.yaml).
const redisReplicas = 3

// checkRollout refuses a release with pods that fit on no node: Helm waits for them until its timeout, and so does
// every later attempt (argo-cd#16627). Only EKS's clusters have a known number of nodes.
func checkRollout(c *behaviour.Call) error {
	count, known := nodesOf(c)
	if !known || chartName(c.Resource) != "argo-cd" || !c.True("values.redis-ha.enabled") {
		return nil
	}

	// Redis is a StatefulSet, which stops a pod before it starts the next. HAProxy is a Deployment: a rollout starts a
	// pod before it stops one, unless maxUnavailable allows fewer pods. The default, a quarter, does not.
	const strategy = "values.redis-ha.haproxy.deploymentStrategy.rollingUpdate."

	workload, more := "argocd-redis-ha-server", 0
	before, updates := c.Tx.Get(c.Resource.Key)

	if updates && replaces(before, c.Resource) && c.Number(strategy+"maxUnavailable") == 0 {
		workload, more = "argocd-redis-ha-haproxy", 1
	}

	if redisReplicas+more > count {
		return refuse("context deadline exceeded (%s needs %d nodes, and %d more during a rollout; the cluster has %d)",
			workload, redisReplicas, more, count)
	}

	return nil
}

// clusterOfCall returns the cluster, if it is one of EKS's.
func clusterOfCall(c *behaviour.Call) (account.Resource, bool) {
	clusters := c.Tx.Find(func(r account.Resource) bool {
		return r.Type == typeCluster && strings.EqualFold(r.Text("endpoint"), c.Place.Constants["server"])
	})
	if len(clusters) == 0 {
		return account.Resource{}, false
	}

	return clusters[0], true
}

// nodesOf returns how many nodes the cluster has, if it is one of EKS's.
func nodesOf(c *behaviour.Call) (int, bool) {
	cluster, known := clusterOfCall(c)
	if !known {
		return 0, false
	}

	count := 0
	for _, group := range c.Tx.Find(func(r account.Resource) bool {
		return r.Type == typeNodeGroup && r.Text("clusterName") == cluster.ID && !r.Failed
	}) {
		count += len(c.Tx.Find(func(r account.Resource) bool { return r.Type == typeInstance && r.PartOf(group) }))
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
