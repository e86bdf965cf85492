package e2e_test

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// deployed returns the kinds of objects in a chart except the migration, which is created again in each release.
func deployed() []schema.GroupVersionResource {
	return []schema.GroupVersionResource{
		{Group: "apps", Version: "v1", Resource: "deployments"},
		{Group: "autoscaling", Version: "v2", Resource: "horizontalpodautoscalers"},
		{Group: "networking.k8s.io", Version: "v1", Resource: "ingresses"},
		{Group: "networking.k8s.io", Version: "v1", Resource: "networkpolicies"},
		{Group: "policy", Version: "v1", Resource: "poddisruptionbudgets"},
		{Version: "v1", Resource: "limitranges"},
		{Version: "v1", Resource: "resourcequotas"},
		{Version: "v1", Resource: "serviceaccounts"},
		{Version: "v1", Resource: "services"},
	}
}

// identities returns the UIDs of a service's objects.
func (e *environment) identities(service string) map[string]types.UID {
	e.t.Helper()

	found := map[string]types.UID{}

	for _, kind := range deployed() {
		listed, err := e.objects.Resource(kind).Namespace(service).List(e.t.Context(), metav1.ListOptions{
			LabelSelector: "app.kubernetes.io/name=" + service,
		})
		require.NoError(e.t, err)

		for _, object := range listed.Items {
			found[kind.Resource+"/"+object.GetName()] = object.GetUID()
		}
	}

	return found
}

// upgradedFromTheLastRelease deploys the working tree over the charts of the last release. Objects that exist before
// and after are the same: none is deleted and created again.
func upgradedFromTheLastRelease(e *environment) {
	before := map[string]map[string]types.UID{}

	for _, service := range services() {
		before[service] = e.identities(service)
		require.Greater(e.t, len(before[service]), len(deployed())-1, "%s was deployed: %v", service, before[service])
	}

	e.useCharts("..")
	// Without another image there might be no change to deploy.
	for _, service := range services() {
		e.release(service, upgraded)
	}

	e.commit("the working tree over the last release")
	e.healthy(services()...)

	for _, service := range services() {
		after := e.identities(service)

		for object, identity := range before[service] {
			if current, ok := after[object]; ok {
				assert.Equal(e.t, identity, current, "%s of %s was deleted and created again", object, service)
			}
		}

		e.runs(service, upgraded)
	}
}

// upgraded is the digest of an image that is newer than the last release.
const upgraded = "sha256:6666666666666666666666666666666666666666666666666666666666666666"
