package kubernetes

import (
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

// argoVersion is the API of Argo CD's own kinds.
const argoVersion = "argoproj.io/v1alpha1"

// custom is a kind of object that a chart defines.
type custom struct {
	kind, plural string
	// chart is the chart of the release that defines the kind.
	chart string
}

// customs are the kinds that the simulated API server knows beside Kubernetes's own. It does not check their specs,
// which the SDK does not describe.
func customs() []custom {
	return []custom{
		{kind: "AppProject", plural: "appprojects.argoproj.io", chart: "argo-cd"},
		{kind: "ApplicationSet", plural: "applicationsets.argoproj.io", chart: "argo-cd"},
	}
}

func (k custom) token() string { return "kubernetes:" + argoVersion + ":" + k.kind }

func customKinds() []behaviour.Kind {
	kinds := make([]behaviour.Kind, 0, len(customs()))
	for _, k := range customs() {
		object := namespaced(k.token(), k.kind, k.plural)
		object.Checks = append(object.Checks, k.checkChart)
		kinds = append(kinds, object)
	}

	return kinds
}

// checkChart requires the chart that defines the kind.
func (k custom) checkChart(c *behaviour.Call) error {
	for _, release := range c.Siblings(typeRelease) {
		if release.Text("chart") == k.chart {
			return nil
		}
	}

	return refuse("no matches for kind %q in version %q", k.kind, argoVersion)
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
