package kubernetes_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
	"github.com/msur/platform/rehearsal/simulation/kubernetes"
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

func TestPreviewsIgnoreManualChangesAndUpdatesKeepThem(t *testing.T) {
	t.Parallel()

	const path = "/api/v1/namespaces/default/configmaps/settings"

	s, _, p := before(t)
	inputs := in{"metadata": in{"name": "settings", "namespace": "default"}, "immutable": false}
	settings := p.Create(configMapType, "settings", inputs)

	s.change(path, "immutable", true)
	assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, p.Diff(settings, inputs).GetChanges())

	_, err := p.TryUpdate(settings, inputs)
	require.ErrorContains(t, err, "field conflict")

	s.remove(path)
	assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, p.Diff(settings, inputs).GetChanges())
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

func TestAStoppedServerDoesNotMeanDeletedObjects(t *testing.T) {
	t.Parallel()

	s, _, p := before(t)
	apps := p.Create(namespaceType, "apps", in{"metadata": in{"name": "apps"}})

	s.stop()

	_, err := p.Client.Read(t.Context(), &pulumirpc.ReadRequest{Id: apps.ID, Urn: apps.URN})
	require.ErrorContains(t, err, "PULUMI_K8S_DELETE_UNREACHABLE")
	assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, p.Diff(apps, in{"metadata": in{"name": "apps"}}).GetChanges())
}

// helm is a stand-in for Helm: it stores its arguments and values, and describes the release that it has installed.
const helm = `#!/bin/sh -e
folder=$(dirname "$0")
case "$1 $2" in
upgrade*) [ ! -e "$folder/refuses" ]; echo "$*" >"$folder/arguments"; cat >"$folder/values"; [ ! -e "$folder/fails" ] ;;
uninstall*) rm "$folder/values" ;;
*) [ -e "$folder/values" ] || { echo "Error: release: not found" >&2; exit 1; } ;;
esac
case "$1 $2" in
"get metadata")
	status=deployed
	[ ! -e "$folder/fails" ] || status=failed
	echo '{"name": "web", "namespace": "apps", "version": "1.0.0", "status": "'$status'", "revision": 1}' ;;
"get values") cat "$folder/values" ;;
esac
`

// withHelm is a provider with the stand-in, which is in a folder.
func withHelm(t *testing.T) (*enginetest.Provider, string) {
	t.Helper()

	s, _, p := before(t)
	bin := filepath.Join(s.folder, "bin")

	require.NoError(t, os.Mkdir(bin, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(bin, "helm"), []byte(helm), 0o700))

	return p, bin
}

func webChart() in {
	return in{
		"chart": "web", "name": "web", "namespace": "apps", "version": "1.0.0", "values": in{"replicas": 2},
		"repositoryOpts": in{"repo": "https://charts.example.com"},
	}
}

func TestHelmInstallsReleases(t *testing.T) {
	t.Parallel()

	p, bin := withHelm(t)
	made := p.Create(releaseType, "web", webChart())

	assert.Equal(t, "apps/web", made.ID)
	assert.Equal(t, "deployed", made.Outputs["status"].ObjectValue()["status"].StringValue())

	text, err := os.ReadFile(filepath.Join(bin, "arguments"))
	require.NoError(t, err)

	for _, argument := range []string{
		"--install", "--wait", "--version 1.0.0", "--repo https://charts.example.com", "--namespace apps",
	} {
		assert.Contains(t, string(text), argument)
	}

	found, err := p.Client.Read(t.Context(), &pulumirpc.ReadRequest{
		Id: made.ID, Urn: made.URN,
		Inputs: enginetest.Struct(t, made.Inputs), Properties: enginetest.Struct(t, made.Outputs),
	})
	require.NoError(t, err)
	assert.Equal(t, made.Inputs, enginetest.Properties(t, found.GetInputs()), "a refresh finds no change")

	require.NoError(t, p.Delete(made))
	assert.Empty(t, p.Read(made).ID)
}

// The next update must repair a release that failed, even if the program has the values of before.
func TestAReleaseThatFailedIsRecordedWithItsValues(t *testing.T) {
	t.Parallel()

	p, bin := withHelm(t)
	inputs := webChart()
	made := p.Create(releaseType, "web", inputs)
	inputs["values"] = in{"replicas": 3}

	require.NoError(t, os.WriteFile(filepath.Join(bin, "refuses"), nil, 0o600))

	refused, err := p.TryUpdate(made, inputs)
	require.ErrorContains(t, err, "helm upgrade")
	assert.Empty(t, refused.ID, "nothing has changed")

	require.NoError(t, os.Remove(filepath.Join(bin, "refuses")))
	require.NoError(t, os.WriteFile(filepath.Join(bin, "fails"), nil, 0o600))

	failed, err := p.TryUpdate(made, inputs)
	require.ErrorContains(t, err, "helm upgrade")
	require.Equal(t, made.ID, failed.ID)
	assert.Equal(t, "failed", failed.Outputs["status"].ObjectValue()["status"].StringValue())
	assert.InEpsilon(t, 3, failed.Outputs["values"].ObjectValue()["replicas"].NumberValue(), 0)
	assert.Equal(t, pulumirpc.DiffResponse_DIFF_SOME, p.Diff(failed, webChart()).GetChanges(), "a revert is a change")
}

func TestNodesOfTheAccountJoin(t *testing.T) {
	t.Parallel()

	s, e, _ := before(t)
	s.put("/api/v1/nodes/gone", in{
		"apiVersion": "v1", "kind": "Node", "metadata": in{"name": "gone", "labels": in{"rehearsal/node": "true"}},
	})

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

	server, err := apiserver.Open(s.folder, "")
	require.NoError(t, err)

	ctx, cancel := context.WithCancel(t.Context())

	var nodes sync.WaitGroup

	nodes.Go(func() { kubernetes.Join(ctx, e.Account, server, func(err error) { t.Error(err) }) })
	t.Cleanup(nodes.Wait)
	t.Cleanup(cancel)

	const node = "/api/v1/nodes/ip-10-0-0-4.ec2.internal"

	require.Eventually(t, func() bool { return s.at(node) != nil && s.at("/api/v1/nodes/gone") == nil },
		10*time.Second, 10*time.Millisecond, "nodes of the account join, and others leave")

	labels, _ := s.value(node, "metadata.labels").(map[string]any)
	assert.Equal(t, "arm64", labels["kubernetes.io/arch"])
	assert.Equal(t, "us-east-1a", labels["topology.kubernetes.io/zone"])
	assert.Equal(t, "general", labels["tier"])
	assert.Equal(t, []any{map[string]any{"key": "only", "value": "batch", "effect": "NoSchedule"}},
		s.value(node, "spec.taints"))
}

func TestNodesOfUnknownInstanceTypesAreReported(t *testing.T) {
	t.Parallel()

	_, folder := control(t)
	server, err := apiserver.Open(folder, "")
	require.NoError(t, err)

	acct, err := account.Open("")
	require.NoError(t, err)

	group := account.Key{Type: "aws:eks/nodeGroup:NodeGroup", Region: "us-east-1", ID: "one:general"}

	require.NoError(t, acct.Change(func(transaction *account.Transaction) error {
		transaction.Put(account.Resource{Key: group, Outputs: in{"clusterName": "one", "nodeGroupName": "general"}})
		transaction.Put(account.Resource{
			Key:   account.Key{Type: "aws:ec2/instance:Instance", Region: "us-east-1", ID: "i-1"},
			Owner: group.ID, OwnerType: group.Type, Outputs: in{"instanceType": "x9.huge"},
		})

		return nil
	}))

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)

	var reports []error

	kubernetes.Join(ctx, acct, server, func(err error) {
		reports = append(reports, err)

		time.AfterFunc(time.Second/2, cancel) // of several attempts
	})
	require.Len(t, reports, 1)
	require.ErrorContains(t, reports[0], "x9.huge")
}
