package releases

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// The kinds of workloads in charts.
const (
	deployment  = "Deployment"
	statefulSet = "StatefulSet"
)

// rollout is the progress of a workload.
type rollout struct {
	kind, name string
	// observed is set when the controller has seen the applied object.
	observed bool
	// wanted is the number of replicas; total, updated and available count the existing pods, those of the current
	// template, and those that are available.
	wanted, total, updated, available int32
}

// done reports whether all pods are replaced and available, as Helm requires.
func (r rollout) done() bool {
	return r.observed && r.updated == r.wanted && r.total == r.wanted && r.available == r.wanted
}

// pending describes a workload of a release that still replaces pods, or is "". It reads from the API server, because
// an informer may not know the applied objects yet.
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

// rollouts returns the rollouts of a release's workloads.
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

// owns reports whether a request owns an object.
func owns(request *corev1.ConfigMap, owners []metav1.OwnerReference) bool {
	return slices.ContainsFunc(owners, func(owner metav1.OwnerReference) bool { return owner.UID == request.UID })
}
