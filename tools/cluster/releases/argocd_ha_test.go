package releases_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/cluster/releases"
)

const (
	redis   = "StatefulSet/argocd-redis-ha-server"
	haproxy = "Deployment/argocd-redis-ha-haproxy"
)

// antiAffinity returns the pod anti-affinity of a program.
func (o objects) antiAffinity(t *testing.T, program string) any {
	t.Helper()

	return o.at(t, program, "spec", "template", "spec", "affinity", "podAntiAffinity")
}

func TestOnlyRedisAndHAProxyPodsNeedSeparateNodes(t *testing.T) {
	t.Parallel()

	made := deploy(t, argoCD(), `{"redis-ha": {"enabled": true}}`)

	for _, program := range []string{redis, haproxy} {
		assert.Contains(t, made.antiAffinity(t, program), "requiredDuringSchedulingIgnoredDuringExecution")
	}

	assert.Equal(t, map[string]any{
		"preferredDuringSchedulingIgnoredDuringExecution": []any{map[string]any{"weight": 100.0}},
	}, made.antiAffinity(t, "Deployment/argocd-server"))
}

func TestTheValuesSetTheUpdateStrategyOfHAProxy(t *testing.T) {
	t.Parallel()

	made := deploy(t, argoCD(), `{"redis-ha": {"enabled": true, "haproxy": {
		"deploymentStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}
	}}}`)

	assert.Equal(t, map[string]any{
		"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxSurge": 0.0, "maxUnavailable": 1.0},
	}, made.at(t, haproxy, "spec", "strategy"))

	own := deploy(t, argoCD(), `{"redis-ha": {"enabled": true}}`)
	assert.Equal(t, map[string]any{"type": "RollingUpdate"}, own.at(t, haproxy, "spec", "strategy"))
}

func TestTheValuesSetTheRequestsOfRedisOnly(t *testing.T) {
	t.Parallel()

	made := deploy(t, argoCD(), `{"redis-ha": {
		"enabled": true, "redis": {"resources": {"requests": {"cpu": "50m"}}},
		"haproxy": {"resources": {"requests": {"cpu": "60m"}}}
	}}`)

	requests := func(cpu string) map[string]any { return map[string]any{"requests": map[string]any{"cpu": cpu}} }

	assert.Equal(t, []any{requests("50m"), nil}, made.resources(t, redis))
	assert.Equal(t, []any{requests("60m")}, made.resources(t, haproxy))
}

// Another version of a chart has other images.
func TestAnotherVersionOfAChartReplacesEveryPod(t *testing.T) {
	t.Parallel()

	template := func(of chart, version, program string) any {
		made, err := of(releases.Release{
			Name: "one", Version: version, Values: json.RawMessage(`{"redis-ha": {"enabled": true}}`),
		})
		require.NoError(t, err)

		for _, object := range made {
			if object.GetKind()+"/"+object.GetName() == program {
				return objects{program: object}.at(t, program, "spec", "template", "metadata")
			}
		}

		return nil
	}

	for program, of := range map[string]chart{
		redis: argoCD(), haproxy: argoCD(), "Deployment/argocd-server": argoCD(), "Deployment/one": releases.Traefik,
	} {
		before, same, after := template(of, "1.0.0", program), template(of, "1.0.0", program), template(of, "1.0.1", program)

		assert.NotNil(t, before, program)
		assert.Equal(t, before, same, program)
		assert.NotEqual(t, before, after, program)
	}
}
