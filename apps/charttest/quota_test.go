package charttest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// The quota is there before a release's pods, and while those of the one before still count at their own sizes. So it
// is the same for both, and each fits in it: then one can follow the other, whichever asks for more.
func TestNoReleaseChangesTheQuota(t *testing.T) {
	t.Parallel()

	everywhere(t, func(t *testing.T, service string, told values) {
		t.Helper()

		loaded := load(t, service)
		quota := one[corev1.ResourceQuota](t, render(t, loaded, values{
			"platform": values{"imageRepository": "registry.example/service"},
			"image":    told["image"],
		}), "ResourceQuota").Spec

		for about, change := range map[string]values{
			"as it is": {},
			"lowered": {
				"autoscaling": values{"min": int64(1), "max": int64(1)},
				"resources":   values{"cpu": "10m", "memory": "32Mi", "memoryLimit": "64Mi"},
			},
			"raised": {
				"autoscaling": values{"min": int64(3), "max": int64(6)},
				"resources":   values{"cpu": "140m", "memory": "256Mi", "memoryLimit": "512Mi"},
			},
		} {
			all := render(t, loaded, merge(told, change))

			assert.Equal(t, quota, one[corev1.ResourceQuota](t, all, "ResourceQuota").Spec, about)
			fits(t, all, quota.Hard)
		}
	})
}

// fits fails where a quota has no room for a release that follows another of its size: twice the most replicas, with
// the migration and what helm test runs.
func fits(t *testing.T, all objects, quota corev1.ResourceList) {
	t.Helper()

	most := int64(one[autoscalingv2.HorizontalPodAutoscaler](t, all, "HorizontalPodAutoscaler").Spec.MaxReplicas)

	var (
		wanted room
		limits int64
	)

	for name, pod := range pods(t, all) {
		times := int64(1)
		if name == one[corev1.Service](t, all, "Service").Name {
			times = 2 * most
		}

		wanted = wanted.plus(requests(pod.Spec).times(times))
		limits += times * pod.Spec.Containers[0].Resources.Limits.Memory().Value() >> 20
	}

	assert.LessOrEqual(t, wanted.Pods, quota.Pods().Value())
	assert.LessOrEqual(t, wanted.CPU, quota.Name(corev1.ResourceRequestsCPU, resource.DecimalSI).MilliValue())
	assert.LessOrEqual(t, wanted.Memory, quota.Name(corev1.ResourceRequestsMemory, resource.BinarySI).Value()>>20)
	assert.LessOrEqual(t, limits, quota.Name(corev1.ResourceLimitsMemory, resource.BinarySI).Value()>>20)
}

func TestAReleaseThatExceedsTheQuotaIsAnError(t *testing.T) {
	t.Parallel()

	for _, service := range services(t) {
		for lack, change := range map[string]values{
			"quota.pods: got 20, expected at least 22":                 {"autoscaling": values{"max": int64(10)}},
			"quota.cpu: got 2000m, expected at least 4000m":            {"resources": values{"cpu": "500m"}},
			"quota.memory: got 4096Mi, expected at least 8192Mi":       {"resources": values{"memory": "1024Mi"}},
			"quota.memoryLimit: got 8192Mi, expected at least 16384Mi": {"resources": values{"memoryLimit": "2048Mi"}},
		} {
			_, err := try(load(t, service), merge(told(t, service, "sandbox"), change))
			require.ErrorContains(t, err, lack, service)
		}
	}
}
