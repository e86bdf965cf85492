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
	metav1.ObjectMeta

	kind string
	// observed is the generation that the controller has seen.
	observed int64
	// replicas is the number of expected pods, 1 if nil. total, updated and available count the existing pods, those of
	// the current template, and those that are available.
	replicas                  *int32
	total, updated, available int32
}

// pending describes a workload of a release that still replaces pods, or is "". As with Helm, a release is complete
// when all pods are replaced and available. pending reads from the API server, because an informer may not know the
// applied objects yet.
func (h helm) pending(ctx context.Context, request *corev1.ConfigMap) (string, error) {
	rollouts, err := h.rollouts(ctx, request.Namespace)
	if err != nil {
		return "", err
	}

	for _, r := range rollouts {
		owned := slices.ContainsFunc(r.OwnerReferences, func(owner metav1.OwnerReference) bool {
			return owner.UID == request.UID
		})
		wanted := ptr.Deref(r.replicas, 1)

		if owned && (r.observed < r.Generation || r.updated != wanted || r.total != wanted || r.available != wanted) {
			return fmt.Sprintf("%s %s: of %d pods, %d are of the new template, and %d of all are available",
				r.kind, r.Name, wanted, r.updated, r.available), nil
		}
	}

	return "", nil
}

// rollouts returns the rollouts of a namespace.
func (h helm) rollouts(ctx context.Context, namespace string) ([]rollout, error) {
	var found []rollout

	deployments, err := h.client.AppsV1().Deployments(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("listing Deployments: %w", err)
	}

	for _, d := range deployments.Items {
		found = append(found, rollout{
			ObjectMeta: d.ObjectMeta, kind: deployment, observed: d.Status.ObservedGeneration, replicas: d.Spec.Replicas,
			total: d.Status.Replicas, updated: d.Status.UpdatedReplicas, available: d.Status.AvailableReplicas,
		})
	}

	sets, err := h.client.AppsV1().StatefulSets(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("listing StatefulSets: %w", err)
	}

	for _, s := range sets.Items {
		found = append(found, rollout{
			ObjectMeta: s.ObjectMeta, kind: statefulSet, observed: s.Status.ObservedGeneration, replicas: s.Spec.Replicas,
			total: s.Status.Replicas, updated: s.Status.UpdatedReplicas, available: s.Status.AvailableReplicas,
		})
	}

	return found, nil
}
