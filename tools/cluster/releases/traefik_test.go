package releases_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/cluster/releases"
)

// labels returns the labels of the release "one".
func labels() map[string]any {
	return map[string]any{"app.kubernetes.io/name": "traefik", "app.kubernetes.io/instance": "one"}
}

func TestWithoutValuesTraefikIsOnePodBehindAService(t *testing.T) {
	t.Parallel()

	made := deploy(t, releases.Traefik, `{}`)

	assert.Len(t, made, 3)
	assert.Contains(t, made, "ServiceAccount/one")
	assert.Equal(t, int64(1), made.at(t, "Deployment/one", "spec", "replicas"))
	assert.Equal(t, "one", made.at(t, "Deployment/one", "spec", "template", "spec", "serviceAccountName"))
	assert.Equal(t, labels(), made.at(t, "Deployment/one", "spec", "selector", "matchLabels"))
	assert.Subset(t, made.at(t, "Deployment/one", "spec", "template", "metadata", "labels"), labels())
	assert.Equal(t, labels(), made.at(t, "Service/one", "spec", "selector"))

	for name, object := range made {
		assert.NotContains(t, object.Object, "status", "%s: the cluster writes the status", name)
		assert.NotEmpty(t, object.GetAPIVersion(), name)
	}
}

func TestTheValuesSetTheUpdateStrategyOfTraefik(t *testing.T) {
	t.Parallel()

	own := deploy(t, releases.Traefik, `{}`)
	assert.Equal(t, map[string]any{
		"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxSurge": int64(1), "maxUnavailable": int64(0)},
	}, own.at(t, "Deployment/one", "spec", "strategy"))

	made := deploy(t, releases.Traefik, `{"updateStrategy": {"type": "Recreate"}}`)
	assert.Equal(t, map[string]any{"type": "Recreate"}, made.at(t, "Deployment/one", "spec", "strategy"))
}

func TestTraefikHasAnIngressClass(t *testing.T) {
	t.Parallel()

	made := deploy(t, releases.Traefik, `{"ingressClass": {"enabled": true, "name": "public"}}`)

	assert.Equal(t, "traefik.io/ingress-controller", made.at(t, "IngressClass/public", "spec", "controller"))
	assert.NotContains(t, deploy(t, releases.Traefik, `{"ingressClass": {"name": "public"}}`), "IngressClass/public")
}

func TestTheValuesSetTraefik(t *testing.T) {
	t.Parallel()

	made := deploy(t, releases.Traefik, `{
		"deployment": {"replicas": 3},
		"resources": {"requests": {"cpu": "100m"}, "limits": {"memory": "128Mi"}},
		"topologySpreadConstraints": [{
			"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule",
			"labelSelector": {"matchLabels": {"app.kubernetes.io/name": "traefik"}}
		}],
		"providers": {"kubernetesIngress": {"ingressEndpoint": {"hostname": "edge.example.com"}}}
	}`)

	assert.Equal(t, int64(3), made.at(t, "Deployment/one", "spec", "replicas"))
	assert.Equal(t, []any{map[string]any{
		"requests": map[string]any{"cpu": "100m"}, "limits": map[string]any{"memory": "128Mi"},
	}}, made.resources(t, "Deployment/one"))
	assert.Equal(t, []any{map[string]any{
		"maxSkew": int64(1), "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule",
		"labelSelector": map[string]any{"matchLabels": map[string]any{"app.kubernetes.io/name": "traefik"}},
	}}, made.at(t, "Deployment/one", "spec", "template", "spec", "topologySpreadConstraints"))

	containers := made.at(t, "Deployment/one", "spec", "template", "spec", "containers")
	container := containers.([]any)[0].(map[string]any)
	assert.Equal(t, []any{"--providers.kubernetesingress.ingressendpoint.hostname=edge.example.com"}, container["args"])
}

func TestTraefikHasTheNodePortsOfTheLoadBalancer(t *testing.T) {
	t.Parallel()

	made := deploy(t, releases.Traefik, `{
		"ports": {"websecure": {"nodePort": 30443}, "web": {"nodePort": 30080}},
		"service": {"spec": {"type": "NodePort", "externalTrafficPolicy": "Local"}}
	}`)

	assert.Equal(t, "NodePort", made.at(t, "Service/one", "spec", "type"))
	assert.Equal(t, "Local", made.at(t, "Service/one", "spec", "externalTrafficPolicy"))
	assert.Equal(t, []any{
		map[string]any{
			"name": "web", "protocol": "TCP",
			"port": int64(80), "nodePort": int64(30080), "targetPort": int64(8080),
		},
		map[string]any{
			"name": "websecure", "protocol": "TCP",
			"port": int64(443), "nodePort": int64(30443), "targetPort": int64(8443),
		},
	}, made.at(t, "Service/one", "spec", "ports"))
}

func TestTraefikHasADisruptionBudget(t *testing.T) {
	t.Parallel()

	made := deploy(t, releases.Traefik, `{"podDisruptionBudget": {"enabled": true, "minAvailable": 2}}`)

	assert.Equal(t, map[string]any{
		"minAvailable": int64(2), "selector": map[string]any{"matchLabels": labels()},
	}, made.at(t, "PodDisruptionBudget/one", "spec"))
	assert.NotContains(t, deploy(t, releases.Traefik, `{"podDisruptionBudget": {"minAvailable": 2}}`),
		"PodDisruptionBudget/one")
}

// These fields satisfy the Pod Security level "restricted".
func TestTraefikSatisfiesPodSecurityRestricted(t *testing.T) {
	t.Parallel()

	made := deploy(t, releases.Traefik, `{}`)
	pod := []string{"spec", "template", "spec"}

	assert.Equal(t, map[string]any{
		"runAsNonRoot": true, "runAsUser": int64(65532), "runAsGroup": int64(65532),
		"seccompProfile": map[string]any{"type": "RuntimeDefault"},
	}, made.at(t, "Deployment/one", append(pod, "securityContext")...))

	containers := made.at(t, "Deployment/one", append(pod, "containers")...).([]any)
	require.Len(t, containers, 1)
	container := containers[0].(map[string]any)
	assert.Equal(t, map[string]any{
		"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
		"capabilities": map[string]any{"drop": []any{"ALL"}},
	}, container["securityContext"])
}

func TestTraefikReportsInvalidInput(t *testing.T) {
	t.Parallel()

	_, err := releases.Traefik(releases.Release{Values: json.RawMessage(`{"ports": []}`)})

	require.ErrorContains(t, err, "decoding its values: ")
}
