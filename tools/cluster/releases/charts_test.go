package releases_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	server  = "Deployment/argocd-server"
	redis   = "StatefulSet/argocd-redis-ha-server"
	haproxy = "Deployment/argocd-redis-ha-haproxy"
)

func TestWithoutValuesArgoCDHasItsManifests(t *testing.T) {
	t.Parallel()

	made := deploy(t, "argo-cd", "")

	assert.Len(t, made, 14, "twelve objects of the file, and two hooks")
	assert.Nil(t, made.at(t, server, "spec", "replicas"))
	assert.EqualValues(t, 1, made.at(t, "Deployment/argocd-repo-server", "spec", "replicas"))
	assert.Equal(t, []any{nil, nil}, made.containers(t, server, "resources"))
	assert.Equal(t, "role:readonly", made.at(t, "ConfigMap/argocd-rbac-cm", "data", "policy.default"))
	assert.Contains(t, made, "CustomResourceDefinition/applications.argoproj.io")
	assert.Equal(t, "keep", made.at(t, "CustomResourceDefinition/applications.argoproj.io",
		"metadata", "annotations", "helm.sh/resource-policy"), "a release that is uninstalled keeps Applications")
}

func TestTheValuesSetArgoCD(t *testing.T) {
	t.Parallel()

	made := deploy(t, "argo-cd", `{
		"configs": {"cm": {"exec.enabled": false}, "rbac": {"policy.default": ""}},
		"dex": {"enabled": false}, "notifications": {"enabled": false},
		"server": {"replicas": 4, "resources": {"limits": {"memory": "64Mi"}}, "pdb": {"enabled": true, "minAvailable": 2}},
		"extraObjects": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "extra"}}]
	}`)

	assert.Equal(t, "false", made.at(t, "ConfigMap/argocd-cm", "data", "exec.enabled"), "the values are strings")
	assert.Empty(t, made.at(t, "ConfigMap/argocd-rbac-cm", "data", "policy.default"), "values override the manifests")
	assert.EqualValues(t, 4, made.at(t, server, "spec", "replicas"))
	assert.EqualValues(t, 1, made.at(t, "Deployment/argocd-repo-server", "spec", "replicas"))

	memory := map[string]any{"limits": map[string]any{"memory": "64Mi"}}
	assert.Equal(t, []any{memory, memory}, made.containers(t, server, "resources"))

	budget := "PodDisruptionBudget/argocd-server"
	assert.EqualValues(t, 2, made.at(t, budget, "spec", "minAvailable"))
	assert.Equal(t, made.at(t, server, "spec", "selector"), made.at(t, budget, "spec", "selector"))
	assert.Equal(t, made[server].GetLabels(), made[budget].GetLabels())
	assert.Len(t, made, 12, "without four objects of parts that are off, and with two more")

	for _, absent := range []string{
		"ServiceAccount/argocd-dex-server", "Deployment/argocd-dex-server", "ConfigMap/argocd-notifications-cm",
		"Deployment/argocd-notifications-controller",
	} {
		assert.NotContains(t, made, absent)
	}
}

func TestAHighlyAvailableRedisNeedsSeparateNodes(t *testing.T) {
	t.Parallel()

	made := deploy(t, "argo-cd", `{"redis-ha": {
		"enabled": true, "redis": {"resources": {"requests": {"cpu": "50m"}}},
		"haproxy": {"deploymentStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}}
	}}`)
	spread := []string{"spec", "template", "spec", "affinity", "podAntiAffinity"}

	assert.Contains(t, made.at(t, redis, spread...), "requiredDuringSchedulingIgnoredDuringExecution")
	assert.Contains(t, made.at(t, haproxy, spread...), "requiredDuringSchedulingIgnoredDuringExecution")
	assert.NotContains(t, made.at(t, server, spread...), "requiredDuringSchedulingIgnoredDuringExecution")
	assert.Equal(t, []any{map[string]any{"requests": map[string]any{"cpu": "50m"}}, nil},
		made.containers(t, redis, "resources"), "the values affect only the container redis")
	assert.EqualValues(t, 1, made.at(t, haproxy, "spec", "strategy", "rollingUpdate", "maxUnavailable"))
}

func TestWithoutValuesTraefikIsOnePodBehindAService(t *testing.T) {
	t.Parallel()

	made := deploy(t, "traefik", "")
	labels := map[string]any{"app.kubernetes.io/name": "traefik", "app.kubernetes.io/instance": "one"}

	assert.Len(t, made, 4)
	assert.Contains(t, made, "ServiceAccount/one")
	assert.EqualValues(t, 1, made.at(t, "Deployment/one", "spec", "replicas"))
	assert.Equal(t, labels, made.at(t, "Deployment/one", "spec", "selector", "matchLabels"))
	assert.Subset(t, made.at(t, "Deployment/one", "spec", "template", "metadata", "labels"), labels)
	assert.Equal(t, labels, made.at(t, "Service/one", "spec", "selector"))
}

func TestTheValuesSetTraefik(t *testing.T) {
	t.Parallel()

	made := deploy(t, "traefik", `{
		"deployment": {"replicas": 3}, "resources": {"limits": {"memory": "128Mi"}},
		"ingressClass": {"enabled": true, "name": "public"},
		"podDisruptionBudget": {"enabled": true, "minAvailable": 2},
		"ports": {"web": {"nodePort": 30080}},
		"providers": {"kubernetesIngress": {"ingressEndpoint": {"hostname": "edge.example.com"}}},
		"service": {"spec": {"type": "NodePort", "externalTrafficPolicy": "Local"}},
		"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone"}]
	}`)
	pod := []string{"spec", "template", "spec", "topologySpreadConstraints"}

	assert.EqualValues(t, 3, made.at(t, "Deployment/one", "spec", "replicas"))
	assert.Len(t, made.at(t, "Deployment/one", pod...), 1)
	assert.Equal(t, []any{map[string]any{"limits": map[string]any{"memory": "128Mi"}}},
		made.containers(t, "Deployment/one", "resources"))
	assert.Equal(t, []any{[]any{
		"--providers.kubernetesingress.ingressendpoint.hostname=edge.example.com",
		`--entrypoints={"web":{"nodePort":30080},"websecure":{}}`,
	}}, made.containers(t, "Deployment/one", "args"))
	assert.Equal(t, "traefik.io/ingress-controller", made.at(t, "IngressClass/public", "spec", "controller"))
	assert.EqualValues(t, 2, made.at(t, "PodDisruptionBudget/one", "spec", "minAvailable"))
	assert.Equal(t, "NodePort", made.at(t, "Service/one", "spec", "type"))

	ports, _ := made.at(t, "Service/one", "spec", "ports").([]any)
	assert.Subset(t, ports[0], map[string]any{"name": "web", "port": 80.0, "nodePort": 30080.0})
}

// Karpenter's charts come from a registry.
func TestTheValuesSetKarpenter(t *testing.T) {
	t.Parallel()

	made := deploy(t, "karpenter", `{
		"replicas": 3, "serviceAccount": {"name": "own"}, "settings": {"clusterName": "sandbox"},
		"controller": {"resources": {"limits": {"memory": "64Mi"}}}
	}`)

	assert.Contains(t, made, "ServiceAccount/own")
	assert.EqualValues(t, 3, made.at(t, "Deployment/one", "spec", "replicas"))
	assert.Equal(t, []any{map[string]any{"limits": map[string]any{"memory": "64Mi"}}},
		made.containers(t, "Deployment/one", "resources"))
	assert.Contains(t, deploy(t, "karpenter-crd", ""), "CustomResourceDefinition/nodepools.karpenter.sh")
}
