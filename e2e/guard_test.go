package e2e_test

import (
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// refusals creates objects that the cluster and Argo CD must refuse.
func refusals(e *environment) {
	const service = "flights"

	create := func(change func(*corev1.Pod)) (*corev1.Pod, error) {
		pod := modelPod()
		change(pod)

		return e.kube.CoreV1().Pods(service).
			Create(e.t.Context(), pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	}

	created, err := create(func(*corev1.Pod) {})
	require.NoError(e.t, err, "a pod that satisfies all rules")
	assert.False(e.t, created.Spec.Containers[0].Resources.Limits.Memory().IsZero(), "the default limits of the namespace")

	_, err = create(func(pod *corev1.Pod) {
		privileged := true
		pod.Spec.Containers[0].SecurityContext = &corev1.SecurityContext{Privileged: &privileged}
	})
	require.True(e.t, apierrors.IsForbidden(err), "a privileged pod: %v", err)
	require.ErrorContains(e.t, err, "privileged")

	_, err = create(func(pod *corev1.Pod) {
		pod.Spec.Containers[0].Resources.Limits = corev1.ResourceList{
			corev1.ResourceMemory: resource.MustParse("64Gi"),
		}
	})
	require.True(e.t, apierrors.IsForbidden(err), "a pod above the quota of the namespace: %v", err)
	require.ErrorContains(e.t, err, "exceeded quota")

	e.refusesForeignApplication()
}

// refusesForeignApplication creates an Application in a namespace that its project does not allow.
func (e *environment) refusesForeignApplication() {
	e.t.Helper()

	flights := e.application("flights")
	foreign := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
		"metadata": map[string]any{"name": "foreign", "namespace": "argocd"},
		"spec":     flights.Object["spec"],
	}}
	require.NoError(e.t, unstructured.SetNestedField(foreign.Object, "kube-system", "spec", "destination", "namespace"))

	applications := e.objects.Resource(applicationsResource()).Namespace("argocd")

	_, err := applications.Create(e.t.Context(), foreign, metav1.CreateOptions{})
	require.NoError(e.t, err)

	e.await("Argo CD refuses an Application outside its project", patience, func() (bool, string) {
		seen := summary(e.application("foreign"))

		return strings.Contains(seen, "InvalidSpecError"), seen
	})
	require.NoError(e.t, applications.Delete(e.t.Context(), "foreign", metav1.DeleteOptions{}))
}

// changesByHand changes and deletes objects that Argo CD has deployed, and adds and removes one in the repository.
func changesByHand(e *environment) {
	const service = "reservations"

	services, deployments := e.kube.CoreV1().Services(service), e.kube.AppsV1().Deployments(service)

	_, err := deployments.Patch(e.t.Context(), service, types.JSONPatchType, []byte(
		`[{"op": "replace", "path": "/spec/template/spec/containers/0/args/0", "value": "other"}]`), metav1.PatchOptions{})
	require.NoError(e.t, err)
	e.await("a change by hand is reverted", patience, func() (bool, string) {
		found, err := deployments.Get(e.t.Context(), service, metav1.GetOptions{})

		return err == nil && found.Spec.Template.Spec.Containers[0].Args[0] == "serve", summary(e.application(service))
	})

	before, err := services.Get(e.t.Context(), service, metav1.GetOptions{})
	require.NoError(e.t, err)
	require.NoError(e.t, services.Delete(e.t.Context(), service, metav1.DeleteOptions{}))
	e.await("a deleted object is created again", patience, func() (bool, string) {
		found, err := services.Get(e.t.Context(), service, metav1.GetOptions{})

		return err == nil && found.UID != before.UID, summary(e.application(service))
	})

	const file = "apps/" + service + "/chart/templates/note.yaml"

	exists := func() bool {
		_, err := e.kube.CoreV1().ConfigMaps(service).Get(e.t.Context(), "note", metav1.GetOptions{})

		return err == nil
	}

	e.write(file, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: note\n")
	e.commit("one more file")
	e.await("the object of a new file exists", patience, func() (bool, string) {
		return exists(), summary(e.application(service))
	})
	e.revert()
	e.await("the object of a removed file is deleted", patience, func() (bool, string) {
		return !exists(), summary(e.application(service))
	})
	e.healthy(service)
}

// modelPod returns a pod that satisfies the Pod Security level restricted and has no requests or limits.
func modelPod() *corev1.Pod {
	yes, no, user := true, false, int64(65532)

	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "model"},
		Spec: corev1.PodSpec{
			SecurityContext: &corev1.PodSecurityContext{
				RunAsNonRoot: &yes, RunAsUser: &user,
				SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
			},
			Containers: []corev1.Container{{
				Name: "model", Image: "model",
				SecurityContext: &corev1.SecurityContext{
					AllowPrivilegeEscalation: &no,
					Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
				},
			}},
		},
	}
}
