package cluster_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/graphtest"
)

const endpoint = "https://sandbox.eks.example.com"

func TestKubernetesIsConfiguredOnceTheClusterIsUp(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, kubernetesType, "cluster").
		Under("cluster").
		Has("clusterIdentifier", endpoint).
		Has("deleteUnreachable", true).
		DependsOn(groupA, groupB, "cluster-coredns", "cluster-metrics-server", "cluster-eksCluster")
}

func TestTheKubeconfigIsASecretThatHoldsNone(t *testing.T) {
	t.Parallel()

	given := run(t).All(kubernetesType)[0].Inputs["kubeconfig"]
	require.True(t, given.IsSecret(), "the kubeconfig is a secret")

	var config map[string]any
	require.NoError(t, json.Unmarshal([]byte(given.SecretValue().Element.StringValue()), &config))

	assert.Equal(t, map[string]any{
		"apiVersion": "v1", "kind": "Config", "current-context": "sandbox",
		"clusters": []any{map[string]any{"name": "sandbox", "cluster": map[string]any{
			"server": endpoint, "certificate-authority-data": "Q0E=",
		}}},
		"contexts": []any{map[string]any{"name": "sandbox", "context": map[string]any{
			"cluster": "sandbox", "user": "sandbox",
		}}},
		"users": []any{map[string]any{"name": "sandbox", "user": map[string]any{"exec": map[string]any{
			"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "aws", "interactiveMode": "IfAvailable",
			"args": []any{
				"eks", "get-token", "--cluster-name", "sandbox", "--region", "us-east-1", "--output", "json",
			},
		}}}},
	}, config)
}

func TestWhatAClusterTells(t *testing.T) {
	t.Parallel()

	var values graphtest.Values

	graphtest.Run(t, program(func(_ *pulumi.Context, made *cluster.Cluster) error {
		values.Keep("name", made.Name)
		values.Keep("endpoint", made.Endpoint)
		values.Keep("groups", made.NodeGroupNames)

		return nil
	}))

	values.Has(t, "name", "sandbox")
	values.Has(t, "endpoint", endpoint)
	values.Has(t, "groups", []string{"sandbox-general-a-1", "sandbox-general-b-1"})
}
