package e2e_test

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
)

// upgradedArgoCD upgrades Argo CD from an older version of its chart. The nodes have capacity to replace each of its
// pods, and at most one HAProxy pod is unavailable at a time.
func upgradedArgoCD(e *environment) {
	defer e.neverFewerOf("argocd-redis-ha-haproxy", 2)()

	e.installOlder("argocd")
	e.must("refresh")
	assert.Contains(e.t, e.must("up"), "updated")

	pods, err := e.kube.CoreV1().Pods("argocd").List(e.t.Context(), metav1.ListOptions{})
	require.NoError(e.t, err)

	for _, pod := range pods.Items {
		assert.NotEqual(e.t, "argo-cd-"+olderChart, pod.Annotations["helm.sh/chart"], pod.Name)
	}
}

// olderChart is a version that is older than every chart.
const olderChart = "0.0.1"

// installOlder installs an older version of a release's chart, and waits until it is rolled out.
func (e *environment) installOlder(release string) {
	e.t.Helper()

	requests := e.kube.CoreV1().ConfigMaps(release)

	request, err := requests.Get(e.t.Context(), "release-"+release, metav1.GetOptions{})
	require.NoError(e.t, err)

	version := regexp.MustCompile(`"version":"[0-9.]+"`)
	older := version.ReplaceAllString(request.Data["request"], `"version":"`+olderChart+`"`)
	require.Contains(e.t, older, olderChart)

	installed := applycorev1.ConfigMap("release-"+release, release).
		WithLabels(request.Labels).WithData(map[string]string{"request": older})
	_, err = requests.Apply(e.t.Context(), installed, metav1.ApplyOptions{FieldManager: "pulumi-kubernetes"})
	require.NoError(e.t, err)

	sum := sha256.Sum256([]byte(older))
	digest := hex.EncodeToString(sum[:])

	e.await("the older "+release+" is rolled out", 2*time.Minute, func() (bool, string) {
		request, err := requests.Get(e.t.Context(), "release-"+release, metav1.GetOptions{})
		if err != nil {
			return false, err.Error()
		}

		return request.Annotations["rehearsal/applied"] == digest, request.Annotations["rehearsal/waits"]
	})
}

// neverFewerOf fails the test if a Deployment of Argo CD has fewer available pods before the returned function is
// called.
func (e *environment) neverFewerOf(deployment string, count int32) func() {
	return e.holdsUntil("pods of "+deployment+" are available", func() (bool, string) {
		found, err := e.kube.AppsV1().Deployments("argocd").Get(e.t.Context(), deployment, metav1.GetOptions{})
		if err != nil {
			return e.t.Context().Err() != nil || strings.Contains(err.Error(), "context"), err.Error()
		}

		return found.Status.AvailableReplicas >= count, found.Status.String()
	})
}
