package charttest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// During a release, the pods of both releases count towards the quota. Both releases therefore have the same quota, and
// each fits in it, whichever needs more.
func TestNoReleaseChangesTheQuota(t *testing.T) {
	t.Parallel()

	everywhere(t, func(t *testing.T, service string, given values) {
		t.Helper()

		loaded := load(t, service)
		quota := one[corev1.ResourceQuota](t, render(t, loaded, values{
			"platform": values{"imageRepository": "registry.example/service"},
			"image":    given["image"],
		}), "ResourceQuota").Spec

		for name, change := range map[string]values{
			"unchanged": {},
			"lowered": {
				"autoscaling": values{"min": int64(1), "max": int64(1)},
				"resources":   values{"cpu": "10m", "memory": "32Mi", "memoryLimit": "64Mi"},
			},
			"raised": {
				"autoscaling": values{"min": int64(3), "max": int64(6)},
				"resources":   values{"cpu": "140m", "memory": "256Mi", "memoryLimit": "512Mi"},
			},
		} {
			all := render(t, loaded, merge(given, change))

			assert.Equal(t, quota, one[corev1.ResourceQuota](t, all, "ResourceQuota").Spec, name)
			fits(t, all, quota.Hard)
		}
	})
}

// fits asserts that a quota has room for a release that replaces another of its size: twice the maximum of replicas,
// the migration, and the pod of helm test.
func fits(t *testing.T, all objects, quota corev1.ResourceList) {
	t.Helper()

	maximum := int64(one[autoscalingv2.HorizontalPodAutoscaler](t, all, "HorizontalPodAutoscaler").Spec.MaxReplicas)

	var (
		needed room
		limits int64
	)

	for name, pod := range pods(t, all) {
		times := int64(1)
		if name == one[corev1.Service](t, all, "Service").Name {
			times = 2 * maximum
		}

		needed = needed.plus(requests(pod.Spec).times(times))
		limits += times * pod.Spec.Containers[0].Resources.Limits.Memory().Value() >> 20
	}

	assert.LessOrEqual(t, needed.Pods, quota.Pods().Value())
	assert.LessOrEqual(t, needed.CPU, quota.Name(corev1.ResourceRequestsCPU, resource.DecimalSI).MilliValue())
	assert.LessOrEqual(t, needed.Memory, quota.Name(corev1.ResourceRequestsMemory, resource.BinarySI).Value()>>20)
	assert.LessOrEqual(t, limits, quota.Name(corev1.ResourceLimitsMemory, resource.BinarySI).Value()>>20)
}

func TestAReleaseThatExceedsTheQuotaIsAnError(t *testing.T) {
	t.Parallel()

	for _, service := range services(t) {
		for want, change := range map[string]values{
			"quota.pods: got 20, expected at least 22":                 {"autoscaling": values{"max": int64(10)}},
			"quota.cpu: got 2000m, expected at least 4000m":            {"resources": values{"cpu": "500m"}},
			"quota.memory: got 4096Mi, expected at least 8192Mi":       {"resources": values{"memory": "1024Mi"}},
			"quota.memoryLimit: got 8192Mi, expected at least 16384Mi": {"resources": values{"memoryLimit": "2048Mi"}},
		} {
			_, err := try(load(t, service), merge(valuesIn(t, service, "sandbox"), change))
			require.ErrorContains(t, err, want, service)
		}
	}
}
