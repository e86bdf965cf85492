package nodes

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/kwok/pkg/apis/internalversion"
	"sigs.k8s.io/kwok/pkg/utils/gotpl"
	"sigs.k8s.io/kwok/pkg/utils/lifecycle"

	"github.com/msur/platform/tools/cluster/kubelet"
)

// stagesOf returns the stages of a kind, as kwok reads them.
func stagesOf(t *testing.T, kind string) lifecycle.Lifecycle {
	t.Helper()

	read, err := readStages()
	require.NoError(t, err)

	stages, err := lifecycle.NewLifecycle(read[internalversion.StageResourceRef{APIGroup: "v1", Kind: kind}])
	require.NoError(t, err)

	return stages
}

// match returns the next stage, or nil.
func match(t *testing.T, stages lifecycle.Lifecycle, object metav1.Object) *lifecycle.Stage {
	t.Helper()

	stage, err := stages.Match(t.Context(), &lifecycle.Event{
		Labels: object.GetLabels(), Annotations: object.GetAnnotations(), Data: object,
	})
	require.NoError(t, err)

	return stage
}

// change applies a stage's patch to an object.
func change(t *testing.T, stage *lifecycle.Stage, object runtime.Object) {
	t.Helper()
	require.NotNil(t, stage)

	renderer := gotpl.NewRenderer(gotpl.FuncMap{
		"NodeIP": func() string { return "10.64.255.254" }, "NodeName": func() string { return "node" },
		"NodeIPsWith": func(string) []string { return []string{"10.64.255.254"} },
		"PodIPsWith":  func(string, bool, any, any, any) []string { return []string{"10.64.0.2"} },
	})
	_, err := stage.DoSteps(0, nil, object, renderer, nil, nil, func(patch *lifecycle.Patch) error {
		assert.Equal(t, "status", patch.Subresource)

		return json.Unmarshal(patch.Data, object)
	}, nil)
	require.NoError(t, err)
}

// pod returns a pod on a node; a condition states whether it may start.
func pod(phase corev1.PodPhase, conditions ...corev1.PodConditionType) *corev1.Pod {
	made := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "one", Namespace: "flights", UID: "uid"},
		Spec: corev1.PodSpec{
			NodeName:       "node",
			InitContainers: []corev1.Container{{Name: "prepare", Image: "flights:1"}},
			Containers:     []corev1.Container{{Name: "app", Image: "flights:1"}, {Name: "side", Image: "side:1"}},
		},
		Status: corev1.PodStatus{Phase: phase},
	}
	for _, condition := range conditions {
		made.Status.Conditions = append(made.Status.Conditions,
			corev1.PodCondition{Type: condition, Status: corev1.ConditionTrue})
	}

	return made
}

func owned(pod *corev1.Pod, kind string) *corev1.Pod {
	pod.OwnerReferences = []metav1.OwnerReference{{Kind: kind, Name: "owner"}}

	return pod
}

func TestNodesAndPodsHaveStages(t *testing.T) {
	t.Parallel()

	read, err := readStages()
	require.NoError(t, err)

	names := map[string][]string{}

	for kind, stages := range read {
		assert.Equal(t, "v1", kind.APIGroup)

		for _, stage := range stages {
			names[kind.Kind] = append(names[kind.Kind], stage.Name)
		}
	}

	assert.Equal(t, map[string][]string{
		"Node": {"node-ready", "node-lost"}, "Pod": {"pod-ready", "pod-complete", "pod-delete"},
	}, names)
}

func TestAPodPassesThroughItsStages(t *testing.T) {
	t.Parallel()

	deleted := pod(corev1.PodRunning)
	deleted.DeletionTimestamp = new(metav1.Now())

	refused := pod(corev1.PodPending, kubelet.Condition)
	refused.Status.Conditions[0].Status = corev1.ConditionFalse

	cases := map[string]struct {
		pod  *corev1.Pod
		next string
	}{
		"a new pod":                     {pod(corev1.PodPending), ""},
		"a pod with another condition":  {pod(corev1.PodPending, corev1.PodScheduled), ""},
		"a pod that must not start":     {refused, ""},
		"a pod that may start":          {pod(corev1.PodPending, corev1.PodScheduled, kubelet.Condition), "pod-ready"},
		"a running pod":                 {owned(pod(corev1.PodRunning, kubelet.Condition), "ReplicaSet"), ""},
		"a pod without an owner":        {pod(corev1.PodRunning), ""},
		"a pod of a Job":                {owned(pod(corev1.PodRunning), "Job"), "pod-complete"},
		"a failed pod of a Job":         {owned(pod(corev1.PodFailed), "Job"), ""},
		"a completed pod of a Job":      {owned(pod(corev1.PodSucceeded), "Job"), ""},
		"a deleted pod":                 {deleted, "pod-delete"},
		"a pod of a Job that may start": {owned(pod(corev1.PodPending, kubelet.Condition), "Job"), "pod-ready"},
		"a new pod of a Job":            {owned(pod(corev1.PodPending), "Job"), ""},
		"a pod without a node":          {&corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodPending}}, ""},
	}

	for title, test := range cases {
		t.Run(title, func(t *testing.T) {
			t.Parallel()

			next := ""
			if stage := match(t, stagesOf(t, "Pod"), test.pod); stage != nil {
				next = stage.Name()
			}

			assert.Equal(t, test.next, next)
		})
	}
}

func TestAStartedPodIsReady(t *testing.T) {
	t.Parallel()

	one := pod(corev1.PodPending, kubelet.Condition)
	change(t, match(t, stagesOf(t, "Pod"), one), one)

	assert.Equal(t, corev1.PodRunning, one.Status.Phase)
	assert.Equal(t, "10.64.0.2", one.Status.PodIP)
	assert.Equal(t, "10.64.255.254", one.Status.HostIP)
	assert.True(t, slices.ContainsFunc(one.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	}), "the pod must be ready")

	require.Len(t, one.Status.ContainerStatuses, 2)

	for i, status := range one.Status.ContainerStatuses {
		assert.Equal(t, one.Spec.Containers[i].Name, status.Name)
		assert.Equal(t, one.Spec.Containers[i].Image, status.Image)
		assert.True(t, status.Ready)
		assert.NotNil(t, status.State.Running)
	}

	require.Len(t, one.Status.InitContainerStatuses, 1)
	assert.Equal(t, "Completed", one.Status.InitContainerStatuses[0].State.Terminated.Reason)
}

func TestAPodOfAJobSucceeds(t *testing.T) {
	t.Parallel()

	one := owned(pod(corev1.PodRunning), "Job")
	change(t, match(t, stagesOf(t, "Pod"), one), one)

	assert.Equal(t, corev1.PodSucceeded, one.Status.Phase)
	require.Len(t, one.Status.ContainerStatuses, 2)
	assert.Zero(t, one.Status.ContainerStatuses[0].State.Terminated.ExitCode)
}

func TestANodeHasTheCapacityInItsAnnotation(t *testing.T) {
	t.Parallel()

	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{
		Name: "node", Labels: map[string]string{"kubernetes.io/arch": "arm64"},
		Annotations: map[string]string{
			"rehearsal/allocatable": `{"cpu": "1930m", "memory": "7Gi", "pods": "58"}`, "rehearsal/kubelet": "v1.35.4",
		},
	}}
	stages := stagesOf(t, "Node")
	change(t, match(t, stages, node), node)

	assert.Equal(t, int64(1930), node.Status.Allocatable.Cpu().MilliValue())
	assert.Equal(t, "7Gi", node.Status.Allocatable.Memory().String())
	assert.Equal(t, int64(58), node.Status.Allocatable.Pods().Value())
	assert.Equal(t, node.Status.Allocatable, node.Status.Capacity)
	assert.Equal(t, "arm64", node.Status.NodeInfo.Architecture)
	assert.Equal(t, "v1.35.4", node.Status.NodeInfo.KubeletVersion)
	assert.Contains(t, node.Status.Addresses, corev1.NodeAddress{Type: corev1.NodeHostName, Address: "node"})
	assert.Nil(t, match(t, stages, node), "a ready node must not change")

	node.Annotations["rehearsal/lost"] = ""
	change(t, match(t, stages, node), node)
	assert.Equal(t, corev1.NodeReady, node.Status.Conditions[0].Type)
	assert.Equal(t, corev1.ConditionUnknown, node.Status.Conditions[0].Status)
	assert.Nil(t, match(t, stages, node), "a lost node must remain lost")

	delete(node.Annotations, "rehearsal/lost")
	change(t, match(t, stages, node), node)
	assert.Equal(t, corev1.ConditionTrue, node.Status.Conditions[0].Status, "the node must recover")

	node.Annotations["rehearsal/kubelet"] = "v1.36.3"
	change(t, match(t, stages, node), node)
	assert.Equal(t, "v1.36.3", node.Status.NodeInfo.KubeletVersion)
	assert.Nil(t, match(t, stages, node), "an upgraded node must not change")
}

func TestAnInvalidConfigurationIsAnError(t *testing.T) {
	t.Parallel()

	require.ErrorContains(t, Run(t.Context(), filepath.Join(t.TempDir(), "kubeconfig")), "connecting kwok: ")
}
