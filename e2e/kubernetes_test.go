package e2e_test

import (
	"regexp"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// upgradeKubernetes follows "Upgrade Kubernetes" in docs/operations.md. A control plane of the new minor continues with
// the data of the old one, as after an upgrade of EKS; in the simulated account, `up` upgrades the rest.
func (e *environment) upgradeKubernetes(minor string) {
	before := e.allIdentities()

	file := "Pulumi." + e.stack + ".yaml"
	e.edit(file, regexp.MustCompile(`    version: "1\.\d+"`).FindString(e.read(file)), `    version: "`+minor+`"`)
	e.commit("the next minor of Kubernetes")

	printed := e.must("preview")
	assert.Contains(e.t, printed, "to update")

	for _, change := range []string{"to create", "to replace", "to delete"} {
		assert.NotContains(e.t, printed, change)
	}

	e.plane.stop()
	e.server = "cluster-" + minor
	e.startPlane()

	version, err := e.kube.Discovery().ServerVersion()
	require.NoError(e.t, err)
	require.True(e.t, strings.HasPrefix(version.GitVersion, "v"+minor+"."), version.GitVersion)

	e.must("up")
	e.await("all kubelets have the new minor", patience, func() (bool, string) { return e.kubeletsAre(minor) })
	e.healthy(services()...)
	e.unchanged()

	after := e.allIdentities()
	for object, identity := range before {
		assert.Equal(e.t, identity, after[object], "%s was deleted or created again", object)
	}
}

// allIdentities returns the UIDs of the namespaces, of Argo CD's objects and of the services' objects.
func (e *environment) allIdentities() map[string]types.UID {
	e.t.Helper()

	found := map[string]types.UID{}
	list := func(kind schema.GroupVersionResource, namespace string) {
		listed, err := e.objects.Resource(kind).Namespace(namespace).List(e.t.Context(), metav1.ListOptions{})
		require.NoError(e.t, err)
		require.NotEmpty(e.t, listed.Items, kind.Resource)

		for _, object := range listed.Items {
			found[kind.Resource+"/"+namespace+"/"+object.GetName()] = object.GetUID()
		}
	}

	list(schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}, "")
	list(schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}, "argocd")
	list(applicationsResource(), "argocd")

	for _, service := range services() {
		for object, identity := range e.identities(service) {
			found[service+"/"+object] = identity
		}
	}

	return found
}

// kubeletsAre reports whether each node is ready, with a kubelet of a minor.
func (e *environment) kubeletsAre(minor string) (bool, string) {
	nodes, err := e.kube.CoreV1().Nodes().List(e.t.Context(), metav1.ListOptions{})
	if err != nil {
		return false, err.Error()
	}

	for _, node := range nodes.Items {
		version := node.Status.NodeInfo.KubeletVersion
		if e.lostNodes()[node.Name] || !strings.HasPrefix(version, "v"+minor+".") {
			return false, node.Name + " has " + version
		}
	}

	return len(nodes.Items) > 0, ""
}
