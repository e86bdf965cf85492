package kubernetes

import (
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

// custom is a kind of object that a chart defines.
type custom struct {
	version, kind, plural string
	// chart is the chart of the release that defines the kind.
	chart      string
	namespaced bool
}

const (
	nodePool  = "NodePool"
	karpenter = "karpenter"
)

// customs are the kinds that the simulated API server knows beside Kubernetes's own. It does not check their specs,
// which the SDK does not describe.
func customs() []custom {
	const (
		argo  = "argoproj.io/v1alpha1"
		kinds = karpenter + "-crd"
	)

	return []custom{
		{argo, "AppProject", "appprojects.argoproj.io", "argo-cd", true},
		{argo, "ApplicationSet", "applicationsets.argoproj.io", "argo-cd", true},
		{"karpenter.k8s.aws/v1", "EC2NodeClass", "ec2nodeclasses.karpenter.k8s.aws", kinds, false},
		{"karpenter.sh/v1", nodePool, "nodepools.karpenter.sh", kinds, false},
	}
}

func (k custom) token() string { return "kubernetes:" + k.version + ":" + k.kind }

func customKinds() []behaviour.Kind {
	kinds := make([]behaviour.Kind, 0, len(customs()))

	for _, k := range customs() {
		object := clustered(k.token(), k.kind, k.plural)
		if k.namespaced {
			object = namespaced(k.token(), k.kind, k.plural)
		}

		object.Checks = append(object.Checks, k.checkChart)

		if k.kind == nodePool {
			object.Guards = append(object.Guards, guardNodes)
			object.Deleted = terminate
		}

		kinds = append(kinds, object)
	}

	return kinds
}

// checkChart requires the chart that defines the kind.
func (k custom) checkChart(c *behaviour.Call) error {
	if !installed(c, k.chart) {
		return refuse("no matches for kind %q in version %q", k.kind, k.version)
	}

	return nil
}

func installed(c *behaviour.Call, chart string) bool {
	for _, release := range c.Siblings(typeRelease) {
		if chartName(release) == chart {
			return true
		}
	}

	return false
}

// launched returns the instances that Karpenter has launched for a pool, by the tags that it gives them.
func launched(c *behaviour.Call) []account.Resource {
	cluster, _ := clusterOfCall(c)

	return c.Tx.Find(func(r account.Resource) bool {
		tags, _ := r.Outputs["tags"].(map[string]any)

		return r.Type == typeInstance && r.Region == cluster.Region && tags["eks:eks-cluster-name"] == cluster.ID &&
			tags["karpenter.sh/nodepool"] == c.Text("metadata.name")
	})
}

// guardNodes keeps a pool with nodes if no Karpenter removes its finalizer.
func guardNodes(c *behaviour.Call) error {
	if nodes := launched(c); len(nodes) > 0 && !installed(c, karpenter) {
		return refuse("timed out waiting for the condition: the finalizer karpenter.sh/termination keeps the pool, because "+
			"no Karpenter terminates %s", nodes[0].ID)
	}

	return nil
}

// terminate ends the instances of a pool, as Karpenter does before it removes the pool's finalizer.
func terminate(c *behaviour.Call) error {
	for _, node := range launched(c) {
		c.Tx.Delete(node.Key)
	}

	return nil
}

// describe adds the kinds to the catalogue, which has those of the SDK.
func describe(described *catalogue.Catalogue) {
	for _, k := range customs() {
		described.Types[k.token()] = catalogue.Type{
			Inputs: map[string]string{
				"apiVersion": catalogue.String, "kind": catalogue.String, "spec": catalogue.Any,
				"metadata": catalogue.Object + "meta/v1.ObjectMeta",
			},
			Outputs: []string{"apiVersion", "kind", "metadata", "spec", "status"},
		}
	}
}
