package releases

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/msur/platform/tools/cluster/level/leveltest"
)

// workload returns the metadata of a workload that a request owns and that was changed once.
func workload(name string, request types.UID) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name: name, Namespace: "edge", Generation: 2,
		OwnerReferences: []metav1.OwnerReference{{Kind: "ConfigMap", Name: "one", UID: request}},
	}
}

// waitsFor waits until the annotation of the release describes a workload.
func (s *site) waitsFor(t *testing.T, workload string) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		request, err := s.client.CoreV1().ConfigMaps("edge").Get(t.Context(), "one", metav1.GetOptions{})
		require.NoError(c, err)
		assert.Contains(c, request.Annotations["rehearsal/waits"], workload)
		assert.Empty(c, request.Annotations["rehearsal/applied"])
	}, leveltest.Soon, leveltest.Often)
}

func TestAReleaseIsCompleteWhenItsPodsAreReplaced(t *testing.T) {
	t.Parallel()

	s := newSite()
	deployments, sets := s.client.AppsV1().Deployments("edge"), s.client.AppsV1().StatefulSets("edge")
	three := int32(3)

	proxy := &appsv1.Deployment{
		ObjectMeta: workload("proxy", "uid"), Spec: appsv1.DeploymentSpec{Replicas: &three},
		Status: appsv1.DeploymentStatus{ObservedGeneration: 1, Replicas: 3, UpdatedReplicas: 3, AvailableReplicas: 3},
	}
	_, err := deployments.Create(t.Context(), proxy, metav1.CreateOptions{})
	require.NoError(t, err)

	set := &appsv1.StatefulSet{
		ObjectMeta: workload("store", "uid"), Spec: appsv1.StatefulSetSpec{Replicas: &three},
		Status: appsv1.StatefulSetStatus{ObservedGeneration: 2, Replicas: 3, UpdatedReplicas: 3, AvailableReplicas: 2},
	}
	_, err = sets.Create(t.Context(), set, metav1.CreateOptions{})
	require.NoError(t, err)

	_, err = deployments.Create(t.Context(), &appsv1.Deployment{
		ObjectMeta: workload("another", "another"), Spec: appsv1.DeploymentSpec{Replicas: &three},
	}, metav1.CreateOptions{})
	require.NoError(t, err)

	s.run(t)
	s.ask(t, "one", wanted)
	s.waitsFor(t, "Deployment proxy")

	t.Log("a surge pod that fits on no node")

	proxy.Status = appsv1.DeploymentStatus{
		ObservedGeneration: 2, Replicas: 4, UpdatedReplicas: 1, AvailableReplicas: 3,
	}
	_, err = deployments.UpdateStatus(t.Context(), proxy, metav1.UpdateOptions{})
	require.NoError(t, err)
	s.waitsFor(t, "Deployment proxy: of 3 pods, 1")

	proxy.Status = appsv1.DeploymentStatus{
		ObservedGeneration: 2, Replicas: 3, UpdatedReplicas: 3, AvailableReplicas: 3,
	}
	_, err = deployments.UpdateStatus(t.Context(), proxy, metav1.UpdateOptions{})
	require.NoError(t, err)
	s.waitsFor(t, "StatefulSet store")

	set.Status.AvailableReplicas = 3
	_, err = sets.UpdateStatus(t.Context(), set, metav1.UpdateOptions{})
	require.NoError(t, err)

	s.answered(t, "one")
	assert.Len(t, s.names(), 2, "the objects must be applied only once")
}
