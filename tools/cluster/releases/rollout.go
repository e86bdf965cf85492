package releases

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// The kinds of workloads that charts make.
const (
	deployment  = "Deployment"
	statefulSet = "StatefulSet"
)

// rollout is how far a workload has come.
type rollout struct {
	kind, name string
	// observed is set once its controller has seen what was applied.
	observed bool
	// wanted are how many pods it should have; there are total, of which updated are of the last template and available
	// serve.
	wanted, total, updated, available int32
}

// done reports whether all pods are replaced and available, which is what Helm waits for.
func (r rollout) done() bool {
	return r.observed && r.updated == r.wanted && r.total == r.wanted && r.available == r.wanted
}

// pending describes a workload of a release that still replaces pods, or is "". It asks the API server: an informer may
// not know yet what has just been applied.
func (h helm) pending(ctx context.Context, request *corev1.ConfigMap) (string, error) {
	rollouts, err := h.rollouts(ctx, request)
	if err != nil {
		return "", err
	}

	for _, r := range rollouts {
		if !r.done() {
			return fmt.Sprintf("%s %s: of %d pods, %d are of the new template, and %d of all are available",
				r.kind, r.name, r.wanted, r.updated, r.available), nil
		}
	}

	return "", nil
}

// rollouts are those of a release's workloads.
func (h helm) rollouts(ctx context.Context, request *corev1.ConfigMap) ([]rollout, error) {
	var found []rollout

	apps := h.client.AppsV1()

	deployments, err := apps.Deployments(request.Namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("listing Deployments: %w", err)
	}

	for _, one := range deployments.Items {
		if owns(request, one.OwnerReferences) {
			found = append(found, rollout{
				kind: deployment, name: one.Name, observed: one.Status.ObservedGeneration >= one.Generation,
				wanted: ptr.Deref(one.Spec.Replicas, 1), total: one.Status.Replicas,
				updated: one.Status.UpdatedReplicas, available: one.Status.AvailableReplicas,
			})
		}
	}

	sets, err := apps.StatefulSets(request.Namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("listing StatefulSets: %w", err)
	}

	for _, one := range sets.Items {
		if owns(request, one.OwnerReferences) {
			found = append(found, rollout{
				kind: statefulSet, name: one.Name, observed: one.Status.ObservedGeneration >= one.Generation,
				wanted: ptr.Deref(one.Spec.Replicas, 1), total: one.Status.Replicas,
				updated: one.Status.UpdatedReplicas, available: one.Status.AvailableReplicas,
			})
		}
	}

	return found, nil
}

// owns reports whether an object goes when the request does.
func owns(request *corev1.ConfigMap, owners []metav1.OwnerReference) bool {
	return slices.ContainsFunc(owners, func(owner metav1.OwnerReference) bool { return owner.UID == request.UID })
}
