package kubernetes_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// before is a provider of a cluster in the account whose API server is the fake one.
func before(t *testing.T) (*server, *enginetest.Engine, *enginetest.Provider) {
	t.Helper()

	s, folder := control(t)
	e := enginetest.StartBefore(t, folder)
	appears(t, e, "ACTIVE")

	return s, e, e.Provider("kubernetes", in{"kubeconfig": kubeconfig("https://" + host), "clusterIdentifier": "one"})
}

const appsPath = "/api/v1/namespaces/apps"

func TestObjectsGoToTheRealServer(t *testing.T) {
	t.Parallel()

	s, e, p := before(t)
	apps := p.Create(namespaceType, "apps", in{"metadata": in{"name": "apps", "labels": in{"a": "b"}}})

	assert.Equal(t, "apps", apps.ID)
	assert.Equal(t, "made-by-the-server", apps.Outputs["metadata"].ObjectValue()["uid"].StringValue())
	assert.Equal(t, "b", s.value(appsPath, "metadata.labels.a"))
	assert.Empty(t, e.Of(namespaceType), "the account has no trace of it")

	updated := p.Update(apps, in{"metadata": in{"name": "apps", "labels": in{"a": "c"}}})

	assert.Equal(t, "c", s.value(appsPath, "metadata.labels.a"))

	require.NoError(t, p.Delete(updated))
	assert.Nil(t, s.at(appsPath))
	require.NoError(t, p.Delete(updated), "deleting a deleted resource succeeds")
}

func TestManualChangesShowInPreviewsAndAreKept(t *testing.T) {
	t.Parallel()

	s, _, p := before(t)
	inputs := in{"metadata": in{"name": "settings", "namespace": "default"}, "immutable": false}
	settings := p.Create(configMapType, "settings", inputs)

	assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, p.Diff(settings, inputs).GetChanges())

	s.change("/api/v1/namespaces/default/configmaps/settings", "immutable", true)

	assert.Equal(t, []string{"immutable"}, p.Diff(settings, inputs).GetDiffs())

	_, err := p.TryUpdate(settings, inputs)
	require.ErrorContains(t, err, "field conflict")
}

func TestRefreshReadsTheServer(t *testing.T) {
	t.Parallel()

	s, _, p := before(t)
	inputs := in{"metadata": in{"name": "settings", "namespace": "default"}, "immutable": false}
	settings := p.Create(configMapType, "settings", inputs)

	s.change("/api/v1/namespaces/default/configmaps/settings", "immutable", true)

	found, err := p.Client.Read(t.Context(), &pulumirpc.ReadRequest{
		Id: settings.ID, Urn: settings.URN,
		Inputs: enginetest.Struct(t, settings.Inputs), Properties: enginetest.Struct(t, settings.Outputs),
	})
	require.NoError(t, err)
	assert.True(t, enginetest.Properties(t, found.GetInputs())["immutable"].BoolValue())

	require.NoError(t, p.Delete(settings))
	assert.Empty(t, p.Read(settings).ID, "deleted resources have no id")
}

func TestWrittenSecretsAreNotReadBack(t *testing.T) {
	t.Parallel()

	_, _, p := before(t)
	secret := p.Create(secretType, "password", in{
		"metadata": in{"name": "password", "namespace": "default"}, "stringData": in{"password": enginetest.Secret("hidden")},
	})

	found, err := p.Client.Read(t.Context(), &pulumirpc.ReadRequest{
		Id: secret.ID, Urn: secret.URN,
		Inputs: enginetest.Struct(t, secret.Inputs), Properties: enginetest.Struct(t, secret.Outputs),
	})
	require.NoError(t, err)

	inputs := enginetest.Properties(t, found.GetInputs())
	assert.True(t, inputs["stringData"].ContainsSecrets(), "it is kept as a secret")
}

// The stand-in for Helm has answered before the request, so that the test does not wait.
func TestReleasesOfTheServer(t *testing.T) {
	t.Parallel()

	s, _, p := before(t)
	path := "/api/v1/namespaces/apps/configmaps/release-web"

	s.answers(path, "request")

	made := p.Create(releaseType, "web", in{
		"chart": "web", "name": "web", "namespace": "apps", "version": "1.0.0", "values": in{"replicas": 2},
		"repositoryOpts": in{"repo": "https://charts.example.com"},
	})

	assert.Equal(t, "apps/web", made.ID)
	assert.Equal(t, "deployed", made.Outputs["status"].ObjectValue()["status"].StringValue())

	request, _ := s.value(path, "data.request").(string)
	assert.JSONEq(t, `{"chart": "web", "name": "web", "namespace": "apps", "version": "1.0.0", "values": {"replicas": 2},
		"repositoryOpts": {"repo": "https://charts.example.com"}}`, request)

	t.Log("a refresh knows all that it was asked for with")

	found, err := p.Client.Read(t.Context(), &pulumirpc.ReadRequest{
		Id: made.ID, Urn: made.URN,
		Inputs: enginetest.Struct(t, made.Inputs), Properties: enginetest.Struct(t, made.Outputs),
	})
	require.NoError(t, err)
	assert.Equal(t, made.Inputs, enginetest.Properties(t, found.GetInputs()))

	assert.Equal(t, "web", p.Read(made).Text("chart"))
	require.NoError(t, p.Delete(made))
	assert.Nil(t, s.at(path))
}

func TestNodesOfTheAccountJoin(t *testing.T) {
	t.Parallel()

	s, e, p := before(t)
	group := account.Key{Type: "aws:eks/nodeGroup:NodeGroup", Region: "us-east-1", ID: "one:general"}

	require.NoError(t, e.Account.Change(func(transaction *account.Transaction) error {
		transaction.Put(account.Resource{Key: group, Outputs: in{
			"clusterName": "one", "nodeGroupName": "general", "amiType": "AL2023_ARM_64_STANDARD", "capacityType": "SPOT",
			"version": "1.35", "labels": in{"tier": "general"},
			"taints": []any{in{"key": "only", "value": "batch", "effect": "NO_SCHEDULE"}},
		}})
		transaction.Put(account.Resource{
			Key:   account.Key{Type: "aws:ec2/instance:Instance", Region: "us-east-1", ID: "i-1"},
			Owner: group.ID, OwnerType: group.Type,
			Outputs: in{"instanceType": "t4g.medium", "privateIp": "10.0.0.4", "availabilityZone": "us-east-1a"},
		})

		return nil
	}))

	s.objects["/api/v1/nodes/gone"] = in{
		"apiVersion": "v1", "kind": "Node", "metadata": in{"name": "gone", "labels": in{"rehearsal/node": "true"}},
	}

	p.Create(namespaceType, "apps", in{"metadata": in{"name": "apps"}})

	const node = "/api/v1/nodes/ip-10-0-0-4.ec2.internal"

	labels, _ := s.value(node, "metadata.labels").(map[string]any)
	assert.Equal(t, "arm64", labels["kubernetes.io/arch"])
	assert.Equal(t, "us-east-1a", labels["topology.kubernetes.io/zone"])
	assert.Equal(t, "general", labels["tier"])
	assert.Equal(t, []any{map[string]any{"key": "only", "value": "batch", "effect": "NoSchedule"}},
		s.value(node, "spec.taints"))
	assert.Nil(t, s.at("/api/v1/nodes/gone"), "a node that the account does not have leaves")
}

func TestNodesOfUnknownInstanceTypesAreRefused(t *testing.T) {
	t.Parallel()

	_, e, p := before(t)
	group := account.Key{Type: "aws:eks/nodeGroup:NodeGroup", Region: "us-east-1", ID: "one:general"}

	require.NoError(t, e.Account.Change(func(transaction *account.Transaction) error {
		transaction.Put(account.Resource{Key: group, Outputs: in{"clusterName": "one", "nodeGroupName": "general"}})
		transaction.Put(account.Resource{
			Key:   account.Key{Type: "aws:ec2/instance:Instance", Region: "us-east-1", ID: "i-1"},
			Owner: group.ID, OwnerType: group.Type, Outputs: in{"instanceType": "x9.huge"},
		})

		return nil
	}))

	_, err := p.TryCreate(namespaceType, "apps", in{"metadata": in{"name": "apps"}})
	require.ErrorContains(t, err, "x9.huge")
}

// digest identifies the request that the stand-in for Helm has answered.
func digest(request string) string {
	sum := sha256.Sum256([]byte(request))

	return hex.EncodeToString(sum[:])
}
