package kubernetes_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	namespaceType = "kubernetes:core/v1:Namespace"
	configMapType = "kubernetes:core/v1:ConfigMap"
	releaseType   = "kubernetes:helm.sh/v3:Release"
)

type in = map[string]any

func kubeconfig(server string) string {
	return `{"current-context":"c","contexts":[{"name":"c","context":{"cluster":"k"}}],` +
		`"clusters":[{"name":"other","cluster":{"server":"https://x"}},{"name":"k","cluster":{"server":"` + server + `"}}]}`
}

func cluster(e *enginetest.Engine, name string) *enginetest.Provider {
	return e.Provider("kubernetes", in{"kubeconfig": "{}", "clusterIdentifier": name})
}

func metadata(made enginetest.Made) map[string]any {
	found, _ := made.Outputs["metadata"].Mappable().(map[string]any)

	return found
}

func TestObjects(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	k8s := cluster(e, "one")
	apps := k8s.Create(namespaceType, "apps", in{"metadata": in{"labels": in{"a": "b"}}})
	assert.Regexp(t, `^apps-[0-9a-f]{8}$`, apps.ID)
	assert.Equal(t, apps.ID, metadata(apps)["name"])
	assert.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, metadata(apps)["uid"])
	assert.Equal(t, in{"pulumi.com/autonamed": "true"}, metadata(apps)["annotations"])
	assert.Equal(t, "v1", apps.Text("apiVersion"))
	assert.Equal(t, "Namespace", apps.Text("kind"))
	assert.Equal(t, "Active", apps.Outputs["status"].ObjectValue()["phase"].StringValue())

	settings := k8s.Create(configMapType, "settings", in{
		"metadata": in{"namespace": apps.ID, "name": "s"}, "data": in{"a": "1"},
	})
	assert.Equal(t, apps.ID+"/s", settings.ID)
	assert.Equal(t, "default/x", k8s.Create(configMapType, "x", in{"metadata": in{"name": "x"}}).ID)

	labelled := in{"metadata": in{"namespace": apps.ID, "name": "s", "labels": in{"new": "yes"}}, "data": in{"a": "1"}}
	assert.Empty(t, k8s.Diff(settings, labelled).GetReplaces())
	updated := k8s.Update(settings, labelled)
	assert.Equal(t, metadata(settings)["uid"], metadata(updated)["uid"])
	assert.NotEqual(t, metadata(settings)["resourceVersion"], metadata(updated)["resourceVersion"])
	assert.Equal(t, updated.Outputs, k8s.Read(settings).Outputs)
	assert.Equal(t, updated.Inputs, k8s.Read(settings).Inputs)

	require.NoError(t, k8s.Delete(apps))
	assert.Empty(t, k8s.Read(settings).ID, "objects are deleted with their namespace")
}

func TestObjectsAreRefused(t *testing.T) {
	t.Parallel()

	k8s := cluster(enginetest.Start(t, ""), "one")
	k8s.Create(namespaceType, "apps", in{"metadata": in{"name": "apps"}})

	for want, try := range map[string]struct {
		token  string
		inputs in
	}{
		`resource Namespace was not successfully created by the Kubernetes API server: namespaces "apps" already exists`: {
			namespaceType, in{"metadata": in{"name": "apps"}},
		},
		`namespaces "none" not found`: {configMapType, in{"metadata": in{"namespace": "none"}}},
		`Helm Release was not successfully created: create: failed to create: namespaces "none" not found`: {
			releaseType, in{"chart": "c", "namespace": "none"},
		},
	} {
		_, err := k8s.TryCreate(try.token, "refused", try.inputs)
		require.ErrorContains(t, err, want)
	}

	_, refused := k8s.Check(configMapType, "x", nil, enginetest.Values(in{"metadata": in{"nam": "x"}, "dat": in{}}))
	require.Len(t, refused, 2)
	assert.Contains(t, refused[0], `dat: kubernetes:core/v1:ConfigMap: unknown property "dat"; known: data`)
	assert.Contains(t, refused[1], `metadata.nam: `)
}

func TestAutonaming(t *testing.T) {
	t.Parallel()

	k8s := cluster(enginetest.Start(t, ""), "one")
	made := k8s.Create(configMapType, "settings", in{"data": in{"a": "1"}})
	kept := k8s.Diff(made, in{"data": in{"a": "1"}})
	assert.Empty(t, kept.GetDiffs(), "the generated name is kept")

	named := k8s.Diff(made, in{"metadata": in{"name": "x"}, "data": in{"a": "1"}})
	assert.Equal(t, []string{"metadata"}, named.GetReplaces())

	unknown, _ := k8s.Check(configMapType, "settings", nil, enginetest.Values(in{"metadata": enginetest.Unknown()}))
	assert.True(t, unknown["metadata"].IsComputed(), "it may contain a name")

	release := k8s.Create(releaseType, "traefik", in{"chart": "traefik"})
	assert.Regexp(t, `^default/traefik-[0-9a-f]{7}$`, release.ID)
}

func TestReleases(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	k8s := cluster(e, "one")
	password := resource.MakeSecret(resource.NewStringProperty("hunter2"))
	wanted := in{
		"chart": "oci://example.com/charts/traefik", "name": "edge", "namespace": "edge", "createNamespace": true,
		"version": "1.2.3", "values": in{"password": password},
	}
	made := k8s.Create(releaseType, "traefik", wanted)
	assert.Equal(t, "edge/edge", made.ID)
	assert.Equal(t, password, made.Outputs["values"].ObjectValue()["password"])
	assert.Equal(t, password, k8s.Read(made).Inputs["values"].ObjectValue()["password"])
	assert.Equal(t, map[string]any{
		"status": "deployed", "name": "edge", "namespace": "edge", "revision": 1.0, "chart": "traefik",
		"version": "1.2.3", "appVersion": "",
	}, made.Outputs["status"].Mappable())
	require.Len(t, e.Of(namespaceType), 1, "createNamespace created it")

	preview := k8s.PreviewUpdate(made, wanted)
	assert.True(t, preview.Outputs["status"].IsComputed())
	assert.Equal(t, resource.NewNumberProperty(2), k8s.Update(made, wanted).Outputs["status"].ObjectValue()["revision"])
	_, err := k8s.TryCreate(releaseType, "again", wanted)
	require.ErrorContains(t, err, "cannot re-use a name that is still in use")
	require.NoError(t, k8s.Delete(made))
	assert.Len(t, e.Of(namespaceType), 1, "uninstalling leaves the namespace")

	_, err = k8s.TryUpdate(made, wanted)
	require.ErrorContains(t, err, "Helm Release edge/edge was not successfully updated: release: not found")
}

func TestClustersAreSeparate(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	by := func(settings in) *enginetest.Provider { return e.Provider("kubernetes", settings) }

	made := by(in{"kubeconfig": kubeconfig("https://a")}).Create(namespaceType, "n", in{"metadata": in{"name": "n"}})
	for _, test := range []struct {
		name     string
		settings in
		there    bool
	}{
		{"the same server", in{"kubeconfig": kubeconfig("https://a") + "\n"}, true},
		{"another server", in{"kubeconfig": kubeconfig("https://b")}, false},
		{"another context", in{"kubeconfig": kubeconfig("https://a"), "context": "none"}, false},
		{"an identifier", in{"kubeconfig": kubeconfig("https://a"), "clusterIdentifier": "x"}, false},
		{"no kubeconfig", in{}, false},
		{"one that cannot be read", in{"kubeconfig": ": : :"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.there, by(test.settings).Read(made).ID != "")
		})
	}
}

func TestDiffConfig(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	for _, test := range []struct {
		name     string
		old, new in
		replaces []string
	}{
		{"the same cluster", in{"kubeconfig": kubeconfig("a")}, in{"kubeconfig": kubeconfig("a"), "namespace": "x"}, nil},
		{"another cluster", in{"kubeconfig": kubeconfig("a")}, in{"kubeconfig": kubeconfig("b")}, []string{"kubeconfig"}},
		{
			"a new kubeconfig of an identified cluster",
			in{"kubeconfig": "a", "clusterIdentifier": "x"},
			in{"kubeconfig": "b", "clusterIdentifier": "x"},
			nil,
		},
		{"another identifier", in{"clusterIdentifier": "x"}, in{"clusterIdentifier": "y"}, []string{"clusterIdentifier"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, err := e.Connect("kubernetes").DiffConfig(t.Context(), &pulumirpc.DiffRequest{
				OldInputs: enginetest.Struct(t, enginetest.Values(test.old)),
				News:      enginetest.Struct(t, enginetest.Values(test.new)),
			})
			require.NoError(t, err)
			assert.Equal(t, pulumirpc.DiffResponse_DIFF_SOME, response.GetChanges())
			assert.Equal(t, test.replaces, response.GetReplaces())
		})
	}
}

const (
	secretType  = "kubernetes:core/v1:Secret"
	projectType = "kubernetes:argoproj.io/v1alpha1:AppProject"
	setType     = "kubernetes:argoproj.io/v1alpha1:ApplicationSet"
)

// The kinds of a chart are known once it is installed, in its cluster.
func TestCustomKinds(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	k8s, other := cluster(e, "one"), cluster(e, "two")
	k8s.Create(namespaceType, "argocd", in{"metadata": in{"name": "argocd"}})

	object := in{"metadata": in{"name": "platform", "namespace": "argocd"}, "spec": in{"sourceRepos": []any{"a"}}}

	_, err := k8s.TryCreate(projectType, "project", object)
	require.ErrorContains(t, err, `no matches for kind "AppProject" in version "argoproj.io/v1alpha1"`)

	k8s.Create(releaseType, "argocd", in{"chart": "argo-cd", "name": "argocd", "namespace": "argocd"})

	project := k8s.Create(projectType, "project", object)
	assert.Equal(t, "argocd/platform", project.ID)
	assert.Equal(t, "argoproj.io/v1alpha1", project.Text("apiVersion"))
	assert.Equal(t, "AppProject", project.Text("kind"))
	assert.Equal(t, "ApplicationSet", k8s.Create(setType, "set", object).Text("kind"))

	changed := in{"metadata": in{"name": "platform", "namespace": "argocd"}, "spec": in{"sourceRepos": []any{"b"}}}
	assert.Empty(t, k8s.Diff(project, changed).GetReplaces())
	k8s.Update(project, changed)

	other.Create(namespaceType, "argocd", in{"metadata": in{"name": "argocd"}})

	_, err = other.TryCreate(setType, "set", object)
	require.ErrorContains(t, err, "no matches for kind")
}

func TestSecrets(t *testing.T) {
	t.Parallel()

	k8s := cluster(enginetest.Start(t, ""), "one")
	made := k8s.Create(secretType, "a", in{"metadata": in{"name": "a"}, "stringData": in{"url": "https://example.com"}})
	assert.Equal(t, "default/a", made.ID)
	assert.Equal(t, "Opaque", made.Text("type"))
}

func TestFinalizersKeepAnObject(t *testing.T) {
	t.Parallel()

	k8s := cluster(enginetest.Start(t, ""), "one")
	kept := in{"metadata": in{"name": "a", "finalizers": []any{"example.com/a"}}}
	made := k8s.Create(configMapType, "a", kept)
	require.ErrorContains(t, k8s.Delete(made), "example.com/a might be preventing deletion")
	assert.NotEmpty(t, k8s.Read(made).ID)

	freed := k8s.Update(made, in{"metadata": in{"name": "a"}})
	require.NoError(t, k8s.Delete(freed))
}
