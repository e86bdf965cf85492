package e2e_test

import (
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// drainedNode drains a node as EKS does before it ends a machine: by evictions, which budgets may refuse. Never are
// there fewer pods of a service than its budget says, and then all run elsewhere.
func drainedNode(e *environment) {
	node := e.ready("flights")[0].Spec.NodeName

	for _, service := range services() {
		defer e.neverFewer(service, e.least(service)-1)()
	}

	e.cordon(node, true)
	e.await(node+" is drained", patience, func() (bool, string) {
		left := 0

		for _, service := range services() {
			for _, pod := range e.pods(service) {
				if pod.Spec.NodeName == node {
					left++

					e.evict(pod)
				}
			}
		}

		return left == 0, "pods are left on it"
	})

	for _, service := range services() {
		e.allReady(service)
	}

	e.cordon(node, false)
}

// allReady waits until a service has as many ready pods as it should.
func (e *environment) allReady(service string) {
	e.t.Helper()

	e.await("all pods of "+service+" are ready", patience, func() (bool, string) {
		pods := e.ready(service)

		return len(pods) >= e.least(service), images(e.pods(service))
	})
}

func (e *environment) cordon(node string, unschedulable bool) {
	e.t.Helper()

	patch := map[bool]string{true: `{"spec":{"unschedulable":true}}`, false: `{"spec":{"unschedulable":null}}`}

	_, err := e.kube.CoreV1().Nodes().Patch(e.t.Context(), node, types.MergePatchType, []byte(patch[unschedulable]),
		metav1.PatchOptions{})
	require.NoError(e.t, err)
}

// evict asks for a pod to go. A budget may refuse it, until others are ready.
func (e *environment) evict(pod corev1.Pod) {
	e.t.Helper()

	err := e.kube.CoreV1().Pods(pod.Namespace).EvictV1(e.t.Context(), &policyv1.Eviction{
		ObjectMeta: metav1.ObjectMeta{Name: pod.Name, Namespace: pod.Namespace},
	})
	if err != nil && !apierrors.IsTooManyRequests(err) && !apierrors.IsNotFound(err) {
		require.NoError(e.t, err)
	}
}

// lostZone has all nodes of a zone fall silent, in which there are pods. They are replaced where there are nodes.
func lostZone(e *environment) {
	var lost []string

	node, err := e.kube.CoreV1().Nodes().Get(e.t.Context(), e.ready("flights")[0].Spec.NodeName, metav1.GetOptions{})
	require.NoError(e.t, err)

	zone := node.Labels["topology.kubernetes.io/zone"]

	nodes, err := e.kube.CoreV1().Nodes().List(e.t.Context(), metav1.ListOptions{
		LabelSelector: "topology.kubernetes.io/zone=" + zone,
	})
	require.NoError(e.t, err)
	require.NotEmpty(e.t, nodes.Items)

	for _, node := range nodes.Items {
		lost = append(lost, node.Name)
		e.lose(node.Name, `"true"`)
	}

	e.await("the cluster takes "+zone+" for lost", time.Minute, func() (bool, string) {
		known := e.lostNodes()
		for _, node := range lost {
			if !known[node] {
				return false, node + " is still ready"
			}
		}

		return true, ""
	})

	for _, service := range services() {
		e.allReady(service)

		for _, pod := range e.ready(service) {
			assert.NotContains(e.t, lost, pod.Spec.NodeName)
		}
	}

	for _, node := range lost {
		e.lose(node, "null")
	}

	e.await(zone+" is back", time.Minute, func() (bool, string) {
		for node, gone := range e.lostNodes() {
			if gone {
				return false, node + " is not ready"
			}
		}

		return true, ""
	})
	e.healthy(services()...)
}

// lose says whether a node is lost, as JSON: null is that it is not.
func (e *environment) lose(node, lost string) {
	e.t.Helper()

	_, err := e.kube.CoreV1().Nodes().Patch(e.t.Context(), node, types.MergePatchType,
		[]byte(`{"metadata":{"annotations":{"rehearsal/lost":`+lost+`}}}`), metav1.PatchOptions{})
	require.NoError(e.t, err)
}
