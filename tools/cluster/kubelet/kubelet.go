// Package kubelet does the part of a kubelet's work on a pod that needs no machine: it checks the pod's references to
// Secrets and ConfigMaps, and its images. It then sets a condition on the pod, for which kwok waits before it starts
// the pod.
package kubelet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	listers "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/msur/platform/tools/cluster/level"
)

// Condition is the condition of a pod that may start. kwok's stages wait for it.
const Condition corev1.PodConditionType = "rehearsal/MayStart"

// Digests of images that do not exist. They determine what happens to their containers.
const (
	// NoImage is in no registry.
	NoImage = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
	// BadImage contains a program that fails when it starts.
	BadImage = "sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
)

// Unavailable labels a ConfigMap whose key "host" names a store that the pods of its namespace cannot reach. A Job that
// needs the store fails until the ConfigMap is deleted.
const Unavailable = "rehearsal/unavailable"

// kubelet handles the pods of all nodes.
type kubelet struct {
	client  kubernetes.Interface
	pods    listers.PodLister
	secrets listers.SecretLister
	configs listers.ConfigMapLister
}

// Run handles pods until ctx ends.
func Run(ctx context.Context, client kubernetes.Interface, out io.Writer) error {
	watched := informers.NewSharedInformerFactory(client, 0).Core().V1()
	k := kubelet{
		client: client, pods: watched.Pods().Lister(),
		secrets: watched.Secrets().Lister(), configs: watched.ConfigMaps().Lister(),
	}

	informed := []cache.SharedIndexInformer{
		watched.Pods().Informer(), watched.Secrets().Informer(), watched.ConfigMaps().Informer(),
	}

	return level.Run(ctx, out, "references of pods", informed, func() error { return k.reviewAll(ctx) })
}

// reviewAll reviews each pod that is assigned to a node and does not run yet.
func (k kubelet) reviewAll(ctx context.Context) error {
	pods, err := k.pods.List(labels.Everything())
	if err != nil {
		return fmt.Errorf("listing pods: %w", err)
	}

	var failed error

	for _, pod := range pods {
		if pod.Spec.NodeName == "" || pod.Status.Phase != corev1.PodPending || pod.DeletionTimestamp != nil {
			continue
		}

		failed = errors.Join(failed, k.review(ctx, pod))
	}

	return failed
}

// review updates the status of a pod.
func (k kubelet) review(ctx context.Context, pod *corev1.Pod) error {
	status := k.verdict(pod)
	if same(pod.Status, status) {
		return nil
	}

	reviewed := pod.DeepCopy()
	reviewed.Status = status

	_, err := k.client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, reviewed, metav1.UpdateOptions{})
	if err != nil && !apierrors.IsConflict(err) { // the conflicting change triggers the next review
		return fmt.Errorf("writing the status of pod %s/%s: %w", pod.Namespace, pod.Name, err)
	}

	return nil
}

// verdict returns the status for a pod.
func (k kubelet) verdict(pod *corev1.Pod) corev1.PodStatus {
	status := *pod.Status.DeepCopy()

	for _, container := range pod.Spec.Containers {
		switch {
		case strings.HasSuffix(container.Image, NoImage):
			return waiting(status, pod, "ImagePullBackOff", "no such image: "+container.Image)
		case strings.HasSuffix(container.Image, BadImage) && pod.Spec.RestartPolicy == corev1.RestartPolicyNever:
			return failing(status, pod, "the program ended with an error")
		case strings.HasSuffix(container.Image, BadImage):
			return waiting(status, pod, "CrashLoopBackOff", "the program ends with an error")
		}
	}

	if host := k.unreachable(pod); host != "" && pod.Spec.RestartPolicy == corev1.RestartPolicyNever {
		return failing(status, pod, "connecting to "+host+": i/o timeout")
	}

	if missing := k.missing(pod); missing != "" {
		return waiting(status, pod, "CreateContainerConfigError", missing+" not found")
	}

	return mayStart(status)
}

func mayStart(status corev1.PodStatus) corev1.PodStatus {
	for _, condition := range status.Conditions {
		if condition.Type == Condition {
			return status
		}
	}

	status.Conditions = append(status.Conditions, corev1.PodCondition{
		Type: Condition, Status: corev1.ConditionTrue, LastTransitionTime: metav1.Now(),
	})

	return status
}

// waiting sets the containers to waiting, with a reason.
func waiting(status corev1.PodStatus, pod *corev1.Pod, reason, message string) corev1.PodStatus {
	return with(status, pod, corev1.ContainerState{
		Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message},
	})
}

// unreachable returns the host of a store that a pod needs and cannot reach, or "".
func (k kubelet) unreachable(pod *corev1.Pod) string {
	configs, _ := k.configs.ConfigMaps(pod.Namespace).List(labels.Everything()) // reading an informer's cache never fails

	for _, config := range configs {
		host := config.Data["host"]
		if _, unavailable := config.Labels[Unavailable]; !unavailable || host == "" {
			continue
		}

		for _, container := range pod.Spec.Containers {
			if slices.ContainsFunc(container.Env, func(v corev1.EnvVar) bool { return v.Value == host }) {
				return host
			}
		}
	}

	return ""
}

// failing makes the containers fail, and with them the pod.
func failing(status corev1.PodStatus, pod *corev1.Pod, message string) corev1.PodStatus {
	const reason = "Error"

	status.Phase, status.Reason = corev1.PodFailed, reason

	return with(status, pod, corev1.ContainerState{
		Terminated: &corev1.ContainerStateTerminated{ExitCode: 1, Reason: reason, Message: message},
	})
}

func with(status corev1.PodStatus, pod *corev1.Pod, state corev1.ContainerState) corev1.PodStatus {
	status.ContainerStatuses = nil
	for _, container := range pod.Spec.Containers {
		status.ContainerStatuses = append(status.ContainerStatuses, corev1.ContainerStatus{
			Name: container.Name, Image: container.Image, State: state,
		})
	}

	return status
}

// same reports whether a pod already has a status, comparing only the parts that this package writes.
func same(have, want corev1.PodStatus) bool {
	if have.Phase != want.Phase || len(have.Conditions) != len(want.Conditions) ||
		len(have.ContainerStatuses) != len(want.ContainerStatuses) {
		return false
	}

	for i, container := range have.ContainerStatuses {
		before, after := container.State.Waiting, want.ContainerStatuses[i].State.Waiting
		if (before == nil) != (after == nil) || before != nil && *before != *after {
			return false
		}
	}

	return true
}
