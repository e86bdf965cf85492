package kubernetes_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// What an API server fills in is unknown before it does, at depth too: a program
// that uses a uid in its preview must not get an empty one.
func TestComputedFieldsAreUnknownInPreviews(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	k8s := cluster(e, "one")

	for _, token := range []string{namespaceType, configMapType} {
		t.Run(token, func(t *testing.T) {
			inputs := in{"metadata": in{"name": "x", "labels": in{"a": "b"}}}
			preview := k8s.Preview(token, "x", inputs).Outputs["metadata"].ObjectValue()
			assert.Equal(t, "x", preview["name"].StringValue())

			for _, name := range []resource.PropertyKey{"uid", "creationTimestamp", "resourceVersion"} {
				assert.True(t, preview[name].IsComputed(), name)
			}

			assert.Empty(t, e.Of(token))

			made := k8s.Create(token, "x", inputs)
			updated := k8s.PreviewUpdate(made, inputs).Outputs["metadata"].ObjectValue()
			assert.Equal(t, metadata(made)["uid"], updated["uid"].StringValue())
			assert.Equal(t, metadata(made)["creationTimestamp"], updated["creationTimestamp"].StringValue())
			assert.True(t, updated["resourceVersion"].IsComputed(), "each change creates a new version")
		})
	}

	whole := k8s.Preview(configMapType, "y", in{"metadata": enginetest.Unknown()})
	assert.True(t, whole.Outputs["metadata"].IsComputed())
}

func TestPreviewsOfReleases(t *testing.T) {
	t.Parallel()

	preview := cluster(enginetest.Start(t, ""), "one").Preview(releaseType, "x", in{
		"chart": "c", "namespace": enginetest.Unknown(), "values": in{"password": enginetest.Secret("p")},
	})
	assert.True(t, preview.Outputs["status"].IsComputed())
	assert.True(t, preview.Outputs["namespace"].IsComputed())
	assert.True(t, preview.Outputs["values"].ObjectValue()["password"].IsSecret())
}

func TestLongNamesAreRefused(t *testing.T) {
	t.Parallel()

	const long = "a-logical-name-of-more-than-the-sixty-three-letters-that-a-label-may-have"

	k8s := cluster(enginetest.Start(t, ""), "one")

	for token, inputs := range map[string]in{
		configMapType: {}, releaseType: {"chart": "c"},
	} {
		_, refused := k8s.Check(token, long, nil, enginetest.Values(inputs))
		require.Len(t, refused, 1, token)
		assert.Contains(t, refused[0], token+": naming "+long)
	}
}

func TestRemovedNamesAreGenerated(t *testing.T) {
	t.Parallel()

	k8s := cluster(enginetest.Start(t, ""), "one")
	made := k8s.Create(namespaceType, "apps", in{"metadata": in{"name": "given"}})
	assert.NotContains(t, metadata(made), "annotations")

	difference := k8s.Diff(made, in{})
	assert.Equal(t, []string{"metadata"}, difference.GetReplaces())
	assert.Contains(t, difference.GetDetailedDiff(), "metadata.name")
}

func TestNamesAreUniquePerNamespaceAndCluster(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	one, two := cluster(e, "one"), cluster(e, "two")
	one.Create(namespaceType, "apps", in{"metadata": in{"name": "apps"}})

	settings := func(namespace string) in { return in{"metadata": in{"name": "s", "namespace": namespace}} }
	made := one.Create(configMapType, "a", settings("apps"))
	one.Create(configMapType, "b", settings("default"))
	two.Create(configMapType, "c", settings("kube-system"))

	_, err := one.TryCreate(configMapType, "d", settings("apps"))
	require.ErrorContains(t, err, `configmaps "s" already exists`)
	_, err = two.TryCreate(configMapType, "e", settings("apps"))
	require.ErrorContains(t, err, `namespaces "apps" not found`, "of the other cluster")

	assert.Empty(t, two.Read(made).ID)
	require.NoError(t, two.Delete(made), "it is not there")
	assert.Equal(t, made.ID, one.Read(made).ID)

	_, err = two.TryUpdate(made, settings("apps"))
	require.Error(t, err)
}

func TestUpdatesOfDeletedObjectsAreRefused(t *testing.T) {
	t.Parallel()

	k8s := cluster(enginetest.Start(t, ""), "one")
	made := k8s.Create(configMapType, "s", in{"metadata": in{"name": "s"}})
	require.NoError(t, k8s.Delete(made))

	_, err := k8s.TryUpdate(made, in{"metadata": in{"name": "s"}, "data": in{"a": "1"}})
	require.ErrorContains(t, err, "resource ConfigMap default/s was not successfully updated "+
		`by the Kubernetes API server: configmaps "default/s" not found`)
}

func TestTheProvidersNamespaceIsTheDefault(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	cluster(e, "one").Create(namespaceType, "apps", in{"metadata": in{"name": "apps"}})

	inside := e.Provider("kubernetes", in{"clusterIdentifier": "one", "namespace": "apps"})
	assert.Equal(t, "apps/s", inside.Create(configMapType, "s", in{"metadata": in{"name": "s"}}).ID)
	assert.Equal(t, "apps/r", inside.Create(releaseType, "r", in{"name": "r", "chart": "c"}).ID)
	assert.NotContains(t, metadata(inside.Create(namespaceType, "n", in{})), "namespace", "namespaces have no namespace")
	assert.Equal(t, "default/s", inside.Create(configMapType, "t", in{
		"metadata": in{"name": "s", "namespace": "default"},
	}).ID)
}

func TestReplacementsOfConfigMaps(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	k8s := cluster(e, "one")
	made := k8s.Create(configMapType, "s", in{"metadata": in{"name": "s"}, "data": in{"a": "1"}})

	for name, test := range map[string]struct {
		inputs   in
		replaces []string
	}{
		"its data": {in{"metadata": in{"name": "s"}, "data": in{"a": "1", "b": "2"}}, []string{"data"}},
		"its binaries": {
			in{"metadata": in{"name": "s"}, "data": in{"a": "1"}, "binaryData": in{"b": "eA=="}}, []string{"binaryData"},
		},
		"its immutability": {in{"metadata": in{"name": "s"}, "data": in{"a": "1"}, "immutable": true}, []string{"immutable"}},
		"its namespace":    {in{"metadata": in{"name": "s", "namespace": "x"}, "data": in{"a": "1"}}, []string{"metadata"}},
		"its labels":       {in{"metadata": in{"name": "s", "labels": in{"a": "b"}}, "data": in{"a": "1"}}, nil},
		"an unknown":       {in{"metadata": in{"name": "s"}, "data": in{"a": enginetest.Unknown()}}, []string{"data"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.replaces, k8s.Diff(made, test.inputs).GetReplaces())
		})
	}
}

func TestReleasesAreDeletedWithTheirNamespace(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	k8s := cluster(e, "one")
	apps := k8s.Create(namespaceType, "apps", in{"metadata": in{"name": "apps"}})
	release := k8s.Create(releaseType, "r", in{"name": "r", "namespace": "apps", "chart": "c", "createNamespace": true})
	other := k8s.Create(releaseType, "o", in{"name": "r", "chart": "c"})

	assert.Len(t, e.Of(namespaceType), 1, "it existed, and default is never created")
	assert.Equal(t, []string{"namespace"}, k8s.Diff(release, in{
		"name": "r", "namespace": "x", "chart": "c", "createNamespace": true,
	}).GetReplaces())

	require.NoError(t, k8s.Delete(apps))
	assert.Empty(t, k8s.Read(release).ID)
	assert.NotEmpty(t, k8s.Read(other).ID)
	assert.Equal(t, "default/r", k8s.Read(other).ID)
}
