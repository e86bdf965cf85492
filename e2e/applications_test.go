package e2e_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// patience is how long Argo CD may take for what it does by itself.
const patience = 90 * time.Second

func applicationsResource() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "argoproj.io", Version: "v1alpha1", Resource: "applications"}
}

// application is an Application of Argo CD's as it is, or one without anything where it is not there.
func (e *environment) application(name string) *unstructured.Unstructured {
	found, err := e.objects.Resource(applicationsResource()).Namespace("argocd").
		Get(e.t.Context(), name, metav1.GetOptions{})
	if err != nil {
		return &unstructured.Unstructured{Object: map[string]any{}}
	}

	return found
}

// field is a text of an Application.
func field(application *unstructured.Unstructured, path string) string {
	text, _, _ := unstructured.NestedString(application.Object, strings.Split(path, ".")...)

	return text
}

// summary is how an Application is doing, and what of it has failed.
func summary(application *unstructured.Unstructured) string {
	conditions, _, _ := unstructured.NestedSlice(application.Object, "status", "conditions")
	parts, _, _ := unstructured.NestedSlice(application.Object, "status", "operationState", "syncResult", "resources")

	var failed []any

	for _, part := range parts {
		if result, is := part.(map[string]any); is && (result["hookPhase"] == "Failed" || result["status"] == "SyncFailed") {
			failed = append(failed, result["message"])
		}
	}

	return fmt.Sprintf("%s: %s, %s, at %.7s; %s %s; %v %v", application.GetName(),
		field(application, "status.sync.status"), field(application, "status.health.status"),
		field(application, "status.sync.revision"),
		field(application, "status.operationState.phase"), field(application, "status.operationState.message"),
		failed, conditions)
}

// head is the commit that Argo CD is to deploy.
func (e *environment) head() string {
	e.t.Helper()

	return strings.TrimSpace(git(e, e.checkout, "rev-parse", "HEAD"))
}

// healthy waits until applications are as the last commit says, and well.
func (e *environment) healthy(names ...string) {
	e.t.Helper()

	head := e.head()

	e.await(strings.Join(names, " and ")+" synced and healthy", patience, func() (bool, string) {
		var seen []string

		well := true

		for _, name := range names {
			application := e.application(name)
			well = well && field(application, "status.sync.status") == "Synced" &&
				field(application, "status.health.status") == "Healthy" &&
				field(application, "status.sync.revision") == head &&
				field(application, "status.operationState.phase") == "Succeeded"
			seen = append(seen, summary(application))
		}

		return well, strings.Join(seen, "\n")
	})
}

// pods are those of a service that answer or are to answer; its migration's are not.
func (e *environment) pods(service string) []corev1.Pod {
	listed, err := e.kube.CoreV1().Pods(service).List(e.t.Context(), metav1.ListOptions{
		LabelSelector: "app.kubernetes.io/name=" + service,
	})
	if err != nil {
		return nil // the API server is away
	}

	return slices.DeleteFunc(listed.Items, func(pod corev1.Pod) bool { return pod.DeletionTimestamp != nil })
}

// ready are the names of a service's pods that are ready, on nodes that are.
func (e *environment) ready(service string) []corev1.Pod {
	lost := e.lostNodes()

	return slices.DeleteFunc(e.pods(service), func(pod corev1.Pod) bool {
		return lost[pod.Spec.NodeName] || !slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
			return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
		})
	})
}

// lostNodes are those that are not ready.
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

// least is how many replicas a service has when nobody asks it.
func (e *environment) least(service string) int {
	e.t.Helper()

	found := regexp.MustCompile(`(?m)^  min: (\d+)$`).FindStringSubmatch(e.read(e.values(service)))
	require.NotNil(e.t, found, "autoscaling.min of %s", service)

	var least int

	_, err := fmt.Sscan(found[1], &least)
	require.NoError(e.t, err)

	return least
}

// values is the file of what a release decides about a service.
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

// runs waits until exactly the least number of a service's pods is there, all ready, and of an image.
func (e *environment) runs(service, digest string) {
	e.t.Helper()

	least := e.least(service)

	e.await(fmt.Sprintf("%d pods of %s, all of %.14s", least, service, digest), patience, func() (bool, string) {
		ready, all := e.ready(service), e.pods(service)
		right := len(ready) == least && len(all) == least

		for _, pod := range all {
			right = right && strings.HasSuffix(pod.Spec.Containers[0].Image, digest)
		}

		return right, fmt.Sprintf("%d ready of %d: %s", len(ready), len(all), images(all))
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
