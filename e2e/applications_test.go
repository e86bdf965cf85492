package e2e_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// patience is the time limit for actions of Argo CD.
const patience = 90 * time.Second

func applicationsResource() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "argoproj.io", Version: "v1alpha1", Resource: "applications"}
}

// application returns an Application of Argo CD, or an empty object if it does not exist.
func (e *environment) application(name string) *unstructured.Unstructured {
	found, err := e.objects.Resource(applicationsResource()).Namespace("argocd").
		Get(e.t.Context(), name, metav1.GetOptions{})
	if err != nil {
		return &unstructured.Unstructured{Object: map[string]any{}}
	}

	return found
}

// field returns the string at a path of an Application.
func field(application *unstructured.Unstructured, path string) string {
	text, _, _ := unstructured.NestedString(application.Object, strings.Split(path, ".")...)

	return text
}

// summary returns the status of an Application and its errors.
func summary(application *unstructured.Unstructured) string {
	conditions, _, _ := unstructured.NestedSlice(application.Object, "status", "conditions")
	parts, _, _ := unstructured.NestedSlice(application.Object, "status", "operationState", "syncResult", "resources")

	var failed []any

	for _, part := range parts {
		if result, ok := part.(map[string]any); ok && (result["hookPhase"] == "Failed" || result["status"] == "SyncFailed") {
			failed = append(failed, result["message"])
		}
	}

	return fmt.Sprintf("%s: %s, %s, at %.7s; %s %s; %v %v", application.GetName(),
		field(application, "status.sync.status"), field(application, "status.health.status"),
		field(application, "status.sync.revision"),
		field(application, "status.operationState.phase"), field(application, "status.operationState.message"),
		failed, conditions)
}

// head returns the commit that Argo CD must deploy.
func (e *environment) head() string {
	e.t.Helper()

	return strings.TrimSpace(git(e, e.checkout, "rev-parse", "HEAD"))
}

// healthy waits until Applications are synced to the last commit and healthy.
func (e *environment) healthy(names ...string) {
	e.t.Helper()

	head := e.head()

	e.await(strings.Join(names, " and ")+" synced and healthy", patience, func() (bool, string) {
		var seen []string

		healthy := true

		for _, name := range names {
			application := e.application(name)
			healthy = healthy && field(application, "status.sync.status") == "Synced" &&
				field(application, "status.health.status") == "Healthy" &&
				field(application, "status.sync.revision") == head &&
				field(application, "status.operationState.phase") == "Succeeded"
			seen = append(seen, summary(application))
		}

		return healthy, strings.Join(seen, "\n")
	})
}

// pods returns the pods of a service's Deployment that are not being deleted.
func (e *environment) pods(service string) []corev1.Pod {
	listed, err := e.kube.CoreV1().Pods(service).List(e.t.Context(), metav1.ListOptions{
		LabelSelector: "app.kubernetes.io/name=" + service,
	})
	if err != nil {
		return nil // the API server is down
	}

	return slices.DeleteFunc(listed.Items, func(pod corev1.Pod) bool { return pod.DeletionTimestamp != nil })
}

// ready returns the ready pods of a service on ready nodes.
func (e *environment) ready(service string) []corev1.Pod {
	lost := e.lostNodes()

	return slices.DeleteFunc(e.pods(service), func(pod corev1.Pod) bool {
		return lost[pod.Spec.NodeName] || !isReady(pod)
	})
}

func isReady(pod corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// lostNodes reports for each node whether it is lost: it is not ready.
func (e *environment) lostNodes() map[string]bool {
	lost := map[string]bool{}

	nodes, err := e.kube.CoreV1().Nodes().List(e.t.Context(), metav1.ListOptions{})
	if err != nil {
		return lost
	}

	for _, node := range nodes.Items {
		lost[node.Name] = !slices.ContainsFunc(node.Status.Conditions, func(c corev1.NodeCondition) bool {
			return c.Type == corev1.NodeReady && c.Status == corev1.ConditionTrue
		})
	}

	return lost
}

// minReplicas returns the number of replicas that a service has without load.
func (e *environment) minReplicas(service string) int {
	e.t.Helper()

	found := regexp.MustCompile(`(?m)^  min: (\d+)$`).FindStringSubmatch(e.read(e.values(service)))
	require.NotNil(e.t, found, "autoscaling.min of %s", service)

	replicas, err := strconv.Atoi(found[1])
	require.NoError(e.t, err)

	return replicas
}

// values returns the file with a service's values that a release sets.
func (e *environment) values(service string) string {
	return "apps/" + service + "/environments/" + e.stack + ".yaml"
}

// release writes the digest of a service's image into its file.
func (e *environment) release(service, digest string) {
	e.t.Helper()

	before := regexp.MustCompile(`sha256:[0-9a-f]{64}`).FindString(e.read(e.values(service)))
	require.NotEmpty(e.t, before)
	e.edit(e.values(service), before, digest)
}

// runs waits until a service has exactly the minimum number of pods, all ready and with the image.
func (e *environment) runs(service, digest string) {
	e.t.Helper()

	replicas := e.minReplicas(service)

	e.await(fmt.Sprintf("%d pods of %s with %.14s", replicas, service, digest), patience, func() (bool, string) {
		ready, all := e.ready(service), e.pods(service)
		ok := len(ready) == replicas && len(all) == replicas

		for _, pod := range all {
			ok = ok && strings.HasSuffix(pod.Spec.Containers[0].Image, digest)
		}

		return ok, fmt.Sprintf("%d ready of %d: %s", len(ready), len(all), images(all))
	})
}

func images(pods []corev1.Pod) string {
	var found []string

	for _, pod := range pods {
		_, digest, _ := strings.Cut(pod.Spec.Containers[0].Image, "@")
		found = append(found, fmt.Sprintf("%s %.20s", pod.Name, digest))
	}

	return strings.Join(found, ", ")
}
