package e2e_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// load is a Deployment whose pods request 600m CPU each, so that few of them fit on the base nodes.
type load struct{ name string }

// create creates the Deployment. A steady one is spread over the zones, and has an autoscaler and a disruption budget.
func (l load) create(e *environment, replicas int32, steady bool) {
	e.t.Helper()

	labels := map[string]string{"app": l.name}
	pod := corev1.PodSpec{Containers: []corev1.Container{{
		Name: "load", Image: "docker.io/load", Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{
			corev1.ResourceCPU: resource.MustParse("600m"), corev1.ResourceMemory: resource.MustParse("128Mi"),
		}},
	}}}

	if steady {
		pod.TopologySpreadConstraints = []corev1.TopologySpreadConstraint{{
			MaxSkew: 1, TopologyKey: zoneLabel, WhenUnsatisfiable: corev1.DoNotSchedule,
			LabelSelector: &metav1.LabelSelector{MatchLabels: labels},
		}}
	}

	_, err := e.kube.AppsV1().Deployments("default").Create(e.t.Context(), &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: l.name},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas, Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: pod},
		},
	}, metav1.CreateOptions{})
	require.NoError(e.t, err)

	if !steady {
		return
	}

	_, err = e.kube.AutoscalingV2().HorizontalPodAutoscalers("default").Create(e.t.Context(),
		&autoscalingv2.HorizontalPodAutoscaler{
			ObjectMeta: metav1.ObjectMeta{Name: l.name},
			Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
				ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{
					APIVersion: "apps/v1", Kind: "Deployment", Name: l.name,
				},
				MinReplicas: &replicas, MaxReplicas: 20,
				Behavior: &autoscalingv2.HorizontalPodAutoscalerBehavior{
					ScaleDown: &autoscalingv2.HPAScalingRules{StabilizationWindowSeconds: new(int32)},
				},
			},
		}, metav1.CreateOptions{})
	require.NoError(e.t, err)

	two := intstr.FromInt32(2)
	_, err = e.kube.PolicyV1().PodDisruptionBudgets("default").Create(e.t.Context(), &policyv1.PodDisruptionBudget{
		ObjectMeta: metav1.ObjectMeta{Name: l.name},
		Spec: policyv1.PodDisruptionBudgetSpec{
			MaxUnavailable: &two, Selector: &metav1.LabelSelector{MatchLabels: labels},
		},
	}, metav1.CreateOptions{})
	require.NoError(e.t, err)
}

// scale changes the number of replicas: of the autoscaler, if there is one. Its metrics stand for a load, so that the
// least number decides.
func (l load) scale(e *environment, replicas int) {
	e.t.Helper()

	_, err := e.kube.AutoscalingV2().HorizontalPodAutoscalers("default").Patch(e.t.Context(), l.name,
		types.MergePatchType, fmt.Appendf(nil, `{"spec":{"minReplicas":%d}}`, max(1, replicas)), metav1.PatchOptions{})
	if err == nil {
		return
	}

	_, err = e.kube.AppsV1().Deployments("default").Patch(e.t.Context(), l.name,
		types.MergePatchType, fmt.Appendf(nil, `{"spec":{"replicas":%d}}`, replicas), metav1.PatchOptions{})
	require.NoError(e.t, err)
}

// pods returns the pods, which may be pending, and the number of ready ones.
func (l load) pods(e *environment) ([]corev1.Pod, int) {
	e.t.Helper()

	listed, err := e.kube.CoreV1().Pods("default").List(e.t.Context(), metav1.ListOptions{LabelSelector: "app=" + l.name})
	require.NoError(e.t, err)

	ready := 0

	for _, pod := range listed.Items {
		if isReady(pod) {
			ready++
		}
	}

	return listed.Items, ready
}

func (l load) awaitReady(e *environment, count int) {
	e.t.Helper()
	e.await(fmt.Sprintf("%d pods of %s are ready, and no others exist", count, l.name), launching, func() (bool, string) {
		pods, ready := l.pods(e)

		return ready == count && len(pods) == count, fmt.Sprintf("%d of %d", ready, len(pods))
	})
}

// neverFewer fails the test if fewer pods are ready before the returned function is called.
func (l load) neverFewer(e *environment, count int) func() {
	e.t.Helper()

	return e.holdsUntil(fmt.Sprintf("at least %d pods of %s are ready", count, l.name), func() (bool, string) {
		_, ready := l.pods(e)

		return ready >= count || e.t.Context().Err() != nil, strconv.Itoa(ready)
	})
}

// thirdService deploys one more service when the base nodes accept no more pods: the pool has room for it.
func (k *karpenter) thirdService(e *environment) {
	base, err := e.kube.CoreV1().Nodes().List(e.t.Context(), metav1.ListOptions{LabelSelector: "!" + poolLabel})
	require.NoError(e.t, err)

	for _, node := range base.Items {
		e.cordon(node.Name, true)
		defer e.cordon(node.Name, false)
	}

	before := e.clusterSettings()
	e.addService()
	assert.Equal(e.t, before, e.clusterSettings())

	launched := k.nodes(e)
	for _, pod := range e.ready(third) {
		assert.Contains(e.t, launched, pod.Spec.NodeName, pod.Name)
	}

	e.removeService()
}

// clusterSettings returns the cluster's settings of the stack file, which has the nodes and the pools.
func (e *environment) clusterSettings() any {
	e.t.Helper()

	var file struct {
		Config map[string]any `json:"config"`
	}

	e.decode(filepath.Join(e.checkout, "Pulumi."+e.stack+".yaml"), &file)
	require.Contains(e.t, file.Config, "platform:cluster")

	return file.Config["platform:cluster"]
}

// fullZone takes the capacity from a zone: pods that can run anywhere get nodes in the other one.
func (k *karpenter) fullZone(e *environment) {
	before := k.nodes(e)
	full := zones(before)[1]

	k.write(e, "full.json", []string{full})
	defer k.write(e, "full.json", []string{})

	k.anywhere.scale(e, 6)
	k.anywhere.awaitReady(e, 6)

	for name, node := range k.nodes(e) {
		if _, old := before[name]; !old {
			assert.NotEqual(e.t, full, node.Labels[zoneLabel], name)
		}
	}
}

// limit asks for more than the pool may launch. The rest stays pending, with the reason.
func (k *karpenter) limit(e *environment) {
	const vcpus = 16 // of the stack file

	k.anywhere.scale(e, 40)
	e.await("an event has the reason of pending pods", launching, func() (bool, string) {
		events, err := e.kube.CoreV1().Events("default").List(e.t.Context(), metav1.ListOptions{})
		require.NoError(e.t, err)

		var reasons []string
		for _, event := range events.Items {
			reasons = append(reasons, event.Message)
		}

		reasons = slices.Compact(slices.Sorted(slices.Values(reasons)))

		return slices.ContainsFunc(reasons, func(reason string) bool {
			return strings.Contains(reason, "limits") && strings.Contains(reason, "nodepool")
		}), strings.Join(reasons, "\n")
	})

	pool, err := e.objects.Resource(poolResource()).Get(e.t.Context(), "services", metav1.GetOptions{})
	require.NoError(e.t, err)

	used := resource.MustParse(field(pool, "status.resources.cpu"))
	assert.LessOrEqual(e.t, used.Value(), int64(vcpus))

	pods, ready := k.anywhere.pods(e)
	assert.Less(e.t, ready, len(pods), "some pods stay pending")
}

// consolidation removes nodes whose pods fit on others. The disruption budget holds.
func (k *karpenter) consolidation(e *environment) {
	k.patch(e, `{"spec":{"disruption":{"consolidateAfter":"2s","budgets":[{"nodes":"100%"}]}}}`)
	k.anywhere.scale(e, 0)
	k.steady.scale(e, 4)
	k.steady.awaitReady(e, 4)

	defer k.steady.neverFewer(e, 2)()

	before := len(k.nodes(e))
	e.await("the nodes are consolidated", 2*launching, func() (bool, string) {
		nodes := k.nodes(e)

		return len(nodes) <= before/2, strings.Join(slices.Sorted(maps.Keys(nodes)), " ")
	})
	k.steady.awaitReady(e, 4)
}

// expiry replaces a node at its maximum age.
func (k *karpenter) expiry(e *environment) {
	k.patch(e, `{"spec":{"disruption":{"consolidateAfter":"Never"},"template":{"spec":{"expireAfter":"40s"}}}}`)

	before := k.nodes(e)
	k.steady.scale(e, 12)
	k.steady.awaitReady(e, 12)

	young := ""

	for name := range k.nodes(e) {
		if _, old := before[name]; !old {
			young = name
		}
	}

	require.NotEmpty(e.t, young, "a node that was launched with the new age")

	stop := k.steady.neverFewer(e, 10)

	k.awaitGone(e, young)
	stop()
	k.patch(e, `{"spec":{"template":{"spec":{"expireAfter":"168h"}}}}`)
}

// destroyed destroys the environment while nodes of the pool run: nothing else terminates them. Pods that a budget
// protects would have the five minutes of disposable environments.
func (k *karpenter) destroyed(e *environment) {
	require.NotEmpty(e.t, k.nodes(e))
	require.NoError(e.t, e.kube.PolicyV1().PodDisruptionBudgets("default").
		Delete(e.t.Context(), k.steady.name, metav1.DeleteOptions{}))

	start := time.Now()
	printed := e.must("destroy", "CONFIRM="+e.stack)
	assert.Contains(e.t, printed, "of "+e.stack+" remains, neither in the state nor in the account")
	assert.Less(e.t, time.Since(start), 2*time.Minute, "duration of the destroy")
	assert.Empty(e.t, k.nodes(e))
}
