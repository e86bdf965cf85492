package releases_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/msur/platform/tools/cluster/releases"
)

// objects are the objects of a release by kind and name.
type objects map[string]*unstructured.Unstructured

// chart returns the objects of a release.
type chart = func(releases.Release) ([]*unstructured.Unstructured, error)

// argoCD returns the chart of small manifests.
func argoCD() chart { return releases.ArgoCD("testdata/argo-cd") }

// deploy returns the objects of a release with values, as JSON.
func deploy(t *testing.T, of chart, values string) objects {
	t.Helper()

	made, err := of(releases.Release{Name: "one", Values: json.RawMessage(values)})
	require.NoError(t, err)

	found := objects{}

	for _, object := range made {
		name := object.GetKind() + "/" + object.GetName()
		assert.NotContains(t, found, name, "each object exists once")
		found[name] = object
	}

	return found
}

// at returns the value at a path of an object.
func (o objects) at(t *testing.T, object string, path ...string) any {
	t.Helper()
	require.Contains(t, o, object)

	found, _, err := unstructured.NestedFieldNoCopy(o[object].Object, path...)
	require.NoError(t, err)

	return found
}

// resources returns the resources of each container of a program.
func (o objects) resources(t *testing.T, program string) []any {
	t.Helper()

	containers, ok := o.at(t, program, "spec", "template", "spec", "containers").([]any)
	require.True(t, ok)

	resources := make([]any, len(containers))
	for i, container := range containers {
		resources[i] = container.(map[string]any)["resources"]
	}

	return resources
}

func TestWithoutValuesArgoCDHasItsManifests(t *testing.T) {
	t.Parallel()

	made := deploy(t, argoCD(), `{}`)

	assert.Len(t, made, 13, "eleven objects of the file, and two Secrets")
	assert.Nil(t, made.at(t, "Deployment/argocd-server", "spec", "replicas"))
	assert.EqualValues(t, 1, made.at(t, "Deployment/argocd-repo-server", "spec", "replicas"))
	assert.Equal(t, []any{nil, nil}, made.resources(t, "Deployment/argocd-server"))
	assert.Nil(t, made.at(t, "ConfigMap/argocd-cm", "data"))
	assert.Equal(t, "role:readonly", made.at(t, "ConfigMap/argocd-rbac-cm", "data", "policy.default"))
}

func TestPartsOfArgoCDAreTurnedOff(t *testing.T) {
	t.Parallel()

	parts := map[string][]string{
		"dex":           {"ServiceAccount/argocd-dex-server", "Deployment/argocd-dex-server"},
		"notifications": {"ConfigMap/argocd-notifications-cm", "Deployment/argocd-notifications-controller"},
	}

	for part, its := range parts {
		t.Run(part, func(t *testing.T) {
			t.Parallel()

			whole := deploy(t, argoCD(), `{"`+part+`": {"enabled": true}}`)
			without := deploy(t, argoCD(), `{"`+part+`": {"enabled": false}}`)

			for _, name := range its {
				assert.Contains(t, whole, name)
				assert.NotContains(t, without, name)
			}

			assert.Len(t, without, len(whole)-len(its), "no other object is removed")
		})
	}
}

func TestTheValuesSetTheConfigurationOfArgoCD(t *testing.T) {
	t.Parallel()

	made := deploy(t, argoCD(), `{"configs": {
		"cm": {"timeout.reconciliation": "60s", "admin.enabled": false, "count": 3},
		"rbac": {"policy.csv": "g, admins, role:admin", "policy.default": ""}
	}}`)

	assert.Equal(t, map[string]any{"timeout.reconciliation": "60s", "admin.enabled": "false", "count": "3"},
		made.at(t, "ConfigMap/argocd-cm", "data"), "the values of a ConfigMap are strings")
	assert.Equal(t, map[string]any{"policy.csv": "g, admins, role:admin", "policy.default": ""},
		made.at(t, "ConfigMap/argocd-rbac-cm", "data"), "values override the manifests")
	assert.Nil(t, made.at(t, "ConfigMap/argocd-notifications-cm", "data"))
}

// programs returns the programs of Argo CD by the key of their values.
func programs() map[string]string {
	return map[string]string{
		"controller":     "StatefulSet/argocd-application-controller",
		"server":         "Deployment/argocd-server",
		"repoServer":     "Deployment/argocd-repo-server",
		"applicationSet": "Deployment/argocd-applicationset-controller",
		"dex":            "Deployment/argocd-dex-server",
		"notifications":  "Deployment/argocd-notifications-controller",
	}
}

func TestTheValuesSetReplicasAndRequests(t *testing.T) {
	t.Parallel()

	for part, program := range programs() {
		t.Run(part, func(t *testing.T) {
			t.Parallel()

			made := deploy(t, argoCD(), `{"`+part+`": {
				"replicas": 4, "resources": {"requests": {"cpu": "50m"}, "limits": {"memory": "64Mi"}}
			}}`)
			resources := map[string]any{
				"requests": map[string]any{"cpu": "50m"}, "limits": map[string]any{"memory": "64Mi"},
			}

			for _, other := range programs() {
				if other != program {
					assert.NotEqual(t, int64(4), made.at(t, other, "spec", "replicas"), other)
					assert.NotContains(t, made.resources(t, other), resources, other)
				}
			}

			assert.Equal(t, int64(4), made.at(t, program, "spec", "replicas"))

			for _, each := range made.resources(t, program) {
				assert.Equal(t, resources, each)
			}
		})
	}
}

func TestAProgramOfArgoCDHasADisruptionBudget(t *testing.T) {
	t.Parallel()

	for part, program := range programs() {
		t.Run(part, func(t *testing.T) {
			t.Parallel()

			made := deploy(t, argoCD(), `{"`+part+`": {"pdb": {"enabled": true, "minAvailable": 2}}}`)
			name := made[program].GetName()
			budget := "PodDisruptionBudget/" + name

			assert.Len(t, made, 14, "only one budget")
			assert.Equal(t, "policy/v1", made.at(t, budget, "apiVersion"))
			assert.Equal(t, map[string]any{
				"minAvailable": int64(2),
				"selector":     map[string]any{"matchLabels": map[string]any{"app.kubernetes.io/name": name}},
			}, made.at(t, budget, "spec"), "the budget must select the program's pods")
			assert.Equal(t, made[program].GetLabels(), made[budget].GetLabels())
		})
	}
}

func TestAProgramOfArgoCDHasNoDisruptionBudgetByDefault(t *testing.T) {
	t.Parallel()

	for _, pdb := range []string{`{}`, `{"minAvailable": 2}`, `{"enabled": false, "minAvailable": 2}`} {
		assert.NotContains(t, deploy(t, argoCD(), `{"server": {"pdb": `+pdb+`}}`), "PodDisruptionBudget/argocd-server")
	}
}

func TestADisruptionBudgetNeedsASelector(t *testing.T) {
	t.Parallel()

	_, err := releases.ArgoCD("testdata/broken")(releases.Release{
		Values: json.RawMessage(`{"redis-ha": {"enabled": true}, "server": {"pdb": {"enabled": true}}}`),
	})

	require.ErrorContains(t, err, "Deployment argocd-server: it has no selector")
}

func TestAHighlyAvailableRedisUsesTheHAManifests(t *testing.T) {
	t.Parallel()

	assert.Contains(t, deploy(t, argoCD(), `{"redis-ha": {"enabled": true}}`), redis)
	assert.NotContains(t, deploy(t, argoCD(), `{"redis-ha": {"enabled": false}}`), redis)
}

func TestArgoCDHasExtraObjects(t *testing.T) {
	t.Parallel()

	made := deploy(t, argoCD(), `{"extraObjects": [
		{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "extra"}, "data": {"key": "value"}}
	]}`)

	assert.Len(t, made, 14)
	assert.Equal(t, "value", made.at(t, "ConfigMap/extra", "data", "key"))
}

// A release that is applied again must not change the values.
func TestArgoCDHasTheSecretsThatItGenerates(t *testing.T) {
	t.Parallel()

	first, second := deploy(t, argoCD(), `{}`), deploy(t, argoCD(), `{}`)

	for secret, key := range map[string]string{"Secret/argocd-secret": "server.secretkey", "Secret/argocd-redis": "auth"} {
		assert.NotEmpty(t, first.at(t, secret, "stringData", key))
		assert.Equal(t, first.at(t, secret, "stringData", key), second.at(t, secret, "stringData", key))
	}
}

func TestTheLastObjectStartsArgoCD(t *testing.T) {
	t.Parallel()

	made, err := argoCD()(releases.Release{Values: json.RawMessage(`{"extraObjects": [{"kind": "ConfigMap"}]}`)})
	require.NoError(t, err)

	assert.Equal(t, "argocd-redis", made[len(made)-1].GetName())
}

func TestArgoCDReportsInvalidInput(t *testing.T) {
	t.Parallel()

	cases := map[string]struct{ folder, values, want string }{
		"values":       {"testdata/argo-cd", `{"server": 3}`, "decoding its values: "},
		"no manifests": {"testdata/nowhere", `{}`, "reading manifests: open testdata/nowhere/install.yaml"},
		"no YAML":      {"testdata/broken", `{}`, "reading testdata/broken/install.yaml: "},
	}

	for title, test := range cases {
		t.Run(title, func(t *testing.T) {
			t.Parallel()

			_, err := releases.ArgoCD(test.folder)(releases.Release{Values: json.RawMessage(test.values)})

			require.ErrorContains(t, err, test.want)
		})
	}
}
