package e2e_test

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// drainedNode drains a node as EKS does before it terminates a machine: by evictions, which disruption budgets may
// refuse. A service never has fewer ready pods than its budget allows, and in the end all run on other nodes.
func drainedNode(e *environment) {
	node := e.ready("flights")[0].Spec.NodeName

	for _, service := range services() {
		defer e.neverFewer(service, e.minReplicas(service)-1)()
	}

	e.cordon(node, true)
	e.await(node+" is drained", patience, func() (bool, string) {
		remaining := 0

		for _, service := range services() {
			for _, pod := range e.pods(service) {
				if pod.Spec.NodeName == node {
					remaining++

					e.evict(pod)
				}
			}
		}

		return remaining == 0, fmt.Sprintf("%d pods remain", remaining)
	})

	for _, service := range services() {
		e.allReady(service)
	}

	e.cordon(node, false)
}

// allReady waits until a service has the minimum number of ready pods.
func (e *environment) allReady(service string) {
	e.t.Helper()

	e.await("all pods of "+service+" are ready", patience, func() (bool, string) {
		pods := e.ready(service)

		return len(pods) >= e.minReplicas(service), images(e.pods(service))
	})
}

func (e *environment) cordon(node string, unschedulable bool) {
	e.t.Helper()

	patch := map[bool]string{true: `{"spec":{"unschedulable":true}}`, false: `{"spec":{"unschedulable":null}}`}

	_, err := e.kube.CoreV1().Nodes().Patch(e.t.Context(), node, types.MergePatchType, []byte(patch[unschedulable]),
		metav1.PatchOptions{})
	require.NoError(e.t, err)
}

// evict evicts a pod, unless a disruption budget refuses that until other pods are ready.
func (e *environment) evict(pod corev1.Pod) {
	e.t.Helper()

	err := e.kube.CoreV1().Pods(pod.Namespace).EvictV1(e.t.Context(), &policyv1.Eviction{
		ObjectMeta: metav1.ObjectMeta{Name: pod.Name, Namespace: pod.Namespace},
	})
	if err != nil && !apierrors.IsTooManyRequests(err) && !apierrors.IsNotFound(err) {
		require.NoError(e.t, err)
	}
}

// lostZone stops all nodes of a zone with pods. The pods are replaced on other nodes.
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

	e.await("the nodes of "+zone+" are not ready", time.Minute, func() (bool, string) {
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
		for node, lost := range e.lostNodes() {
			if lost {
				return false, node + " is not ready"
			}
		}

		return true, ""
	})
	e.healthy(services()...)
}

// lose sets or removes the annotation that stops a node. The value is JSON: null removes it.
func (e *environment) lose(node, lost string) {
	e.t.Helper()

	_, err := e.kube.CoreV1().Nodes().Patch(e.t.Context(), node, types.MergePatchType,
		[]byte(`{"metadata":{"annotations":{"rehearsal/lost":`+lost+`}}}`), metav1.PatchOptions{})
	require.NoError(e.t, err)
}
