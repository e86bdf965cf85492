package metrics_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/rest"
	clienttesting "k8s.io/client-go/testing"
	metricsv1 "k8s.io/metrics/pkg/apis/metrics/v1beta1"

	"github.com/msur/platform/tools/cluster/level/leveltest"
	"github.com/msur/platform/tools/cluster/metrics"
)

func pod(namespace, name string, phase corev1.PodPhase) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: map[string]string{"app": name}},
		Spec: corev1.PodSpec{Containers: []corev1.Container{
			{Name: "app", Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{
				corev1.ResourceCPU: resource.MustParse("250m"), corev1.ResourceMemory: resource.MustParse("64Mi"),
			}}},
			{Name: "side"},
		}},
		Status: corev1.PodStatus{Phase: phase},
	}
}

// cluster returns a cluster with pods, which selects them by phase as a real API server does.
func cluster(pods ...*corev1.Pod) *fake.Clientset {
	client := fake.NewClientset()
	client.PrependReactor("list", "pods", func(action clienttesting.Action) (bool, runtime.Object, error) {
		list, ok := action.(clienttesting.ListActionImpl)
		if !ok {
			return true, nil, fmt.Errorf("got %T, expected a list", action)
		}

		found := &corev1.PodList{}

		for _, pod := range pods {
			phase := list.ListRestrictions.Fields
			if (list.Namespace == "" || list.Namespace == pod.Namespace) &&
				phase.Matches(fields{"status.phase": string(pod.Status.Phase)}) {
				found.Items = append(found.Items, *pod)
			}
		}

		return true, found, nil // the client looks at labels
	})

	return client
}

// fields returns the fields of a pod for field selectors.
type fields map[string]string

func (f fields) Has(field string) bool   { return f[field] != "" }
func (f fields) Get(field string) string { return f[field] }

// serve serves the metrics of a cluster, and returns the address.
func serve(t *testing.T, client *fake.Clientset) string {
	t.Helper()

	ports := make(chan int, 1)

	leveltest.Start(t, func(ctx context.Context) error {
		return metrics.Run(ctx, client, func(_ context.Context, port int) error {
			ports <- port

			return nil
		})
	})

	return fmt.Sprintf("https://127.0.0.1:%d/apis/metrics.k8s.io/v1beta1", <-ports)
}

// get sends a request as the API server does, without verifying the certificate.
func get(t *testing.T, address string) (int, []byte) {
	t.Helper()

	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
		DisableKeepAlives: true,
	}}

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)

	response, err := client.Do(request)
	require.NoError(t, err)

	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())

	return response.StatusCode, text
}

// measured returns the metrics in a response by the name of the pod.
func measured(t *testing.T, address string) map[string]metricsv1.PodMetrics {
	t.Helper()

	status, text := get(t, address)
	require.Equal(t, http.StatusOK, status, "%s", text)

	var list metricsv1.PodMetricsList
	require.NoError(t, json.Unmarshal(text, &list))
	assert.Equal(t, "PodMetricsList", list.Kind)
	assert.Equal(t, "metrics.k8s.io/v1beta1", list.APIVersion)

	found := map[string]metricsv1.PodMetrics{}
	for _, pod := range list.Items {
		found[pod.Namespace+"/"+pod.Name] = pod
	}

	return found
}

func names(found map[string]metricsv1.PodMetrics) []string {
	var all []string
	for name := range found {
		all = append(all, name)
	}

	slices.Sort(all)

	return all
}

func TestAContainerUsesHalfOfItsRequests(t *testing.T) {
	t.Parallel()

	address := serve(t, cluster(pod("flights", "one", corev1.PodRunning)))
	found := measured(t, address+"/namespaces/flights/pods")

	require.Contains(t, found, "flights/one")
	one := found["flights/one"]
	assert.Equal(t, map[string]string{"app": "one"}, one.Labels)
	assert.Positive(t, one.Window.Duration)
	require.Len(t, one.Containers, 2)
	assert.Equal(t, "app", one.Containers[0].Name)
	assert.Equal(t, "125m", one.Containers[0].Usage.Cpu().String())
	assert.Equal(t, "32Mi", one.Containers[0].Usage.Memory().String())
	assert.Equal(t, "side", one.Containers[1].Name)
	assert.True(t, one.Containers[1].Usage.Cpu().IsZero(), "a container without requests")
}

func TestRunningPodsAreMeasured(t *testing.T) {
	t.Parallel()

	address := serve(t, cluster(
		pod("flights", "one", corev1.PodRunning), pod("flights", "two", corev1.PodRunning),
		pod("flights", "waits", corev1.PodPending), pod("flights", "done", corev1.PodSucceeded),
		pod("reservations", "one", corev1.PodRunning),
	))

	cases := map[string][]string{
		"/pods":                         {"flights/one", "flights/two", "reservations/one"},
		"/namespaces/flights/pods":      {"flights/one", "flights/two"},
		"/namespaces/nowhere/pods":      nil,
		"/pods?labelSelector=app%3Done": {"flights/one", "reservations/one"},
		"/namespaces/flights/pods?labelSelector=app%3Done":             {"flights/one"},
		"/pods?labelSelector=" + url.QueryEscape("app in (two,waits)"): {"flights/two"},
	}

	for path, want := range cases {
		assert.Equal(t, want, names(measured(t, address+path)), path)
	}
}

func TestWithoutPodsTheListIsEmpty(t *testing.T) {
	t.Parallel()

	_, text := get(t, serve(t, cluster())+"/pods")

	assert.Contains(t, string(text), `"items":[]`, "null is not a list")
}

func TestDiscoveryListsPodMetrics(t *testing.T) {
	t.Parallel()

	status, text := get(t, serve(t, cluster()))
	require.Equal(t, http.StatusOK, status)

	var list metav1.APIResourceList
	require.NoError(t, json.Unmarshal(text, &list))
	assert.Equal(t, "metrics.k8s.io/v1beta1", list.GroupVersion)
	require.Len(t, list.APIResources, 1)
	assert.Equal(t, "pods", list.APIResources[0].Name)
	assert.True(t, list.APIResources[0].Namespaced)
}

func TestAnUnreachableClusterIsAnError(t *testing.T) {
	t.Parallel()

	client := fake.NewClientset()
	client.PrependReactor("list", "pods", func(clienttesting.Action) (bool, runtime.Object, error) {
		return true, nil, errors.New("the API server is down")
	})

	status, text := get(t, serve(t, client)+"/pods")

	assert.Equal(t, http.StatusInternalServerError, status)
	assert.Contains(t, string(text), "the API server is down")
}

func TestAFailedRegistrationIsAnError(t *testing.T) {
	t.Parallel()

	unregistered := errors.New("no luck")

	err := metrics.Run(t.Context(), cluster(), func(context.Context, int) error { return unregistered })

	require.ErrorIs(t, err, unregistered)
}

// question is a request to an API server.
type question struct{ of, body string }

// registry is an API server that accepts registrations of other API servers.
func registry(t *testing.T, status int) (*rest.Config, <-chan question) {
	t.Helper()

	questions := make(chan question, 1)
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		text, err := io.ReadAll(request.Body)
		assert.NoError(t, err)

		questions <- question{request.Method + " " + request.URL.Path, string(text)}

		response.Header().Set("Content-Type", "application/json")
		response.WriteHeader(status)
		_, err = response.Write([]byte(`{"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService"}`))
		assert.NoError(t, err)
	}))
	t.Cleanup(server.Close)

	return &rest.Config{Host: server.URL}, questions
}

func TestTheAddressIsRegistered(t *testing.T) {
	t.Parallel()

	config, questions := registry(t, http.StatusOK)
	client := fake.NewClientset()
	require.NoError(t, metrics.Register(config, client)(t.Context(), 12345))

	service, err := client.CoreV1().Services("kube-system").Get(t.Context(), "metrics-server", metav1.GetOptions{})
	require.NoError(t, err)
	assert.Equal(t, corev1.ServiceTypeExternalName, service.Spec.Type)
	assert.Equal(t, "localhost", service.Spec.ExternalName)

	request := <-questions
	assert.Equal(t, "PATCH /apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io", request.of)
	assert.JSONEq(t, `{
		"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
		"metadata": {"name": "v1beta1.metrics.k8s.io"},
		"spec": {
			"group": "metrics.k8s.io", "version": "v1beta1", "groupPriorityMinimum": 100, "versionPriority": 100,
			"insecureSkipTLSVerify": true,
			"service": {"name": "metrics-server", "namespace": "kube-system", "port": 12345}
		}
	}`, request.body)
}

func TestARefusedRegistrationIsAnError(t *testing.T) {
	t.Parallel()

	config, _ := registry(t, http.StatusForbidden)
	require.ErrorContains(t, metrics.Register(config, fake.NewClientset())(t.Context(), 1), "apiservices")

	client := fake.NewClientset()
	client.PrependReactor("patch", "services", func(clienttesting.Action) (bool, runtime.Object, error) {
		return true, nil, errors.New("forbidden")
	})
	require.EqualError(t, metrics.Register(config, client)(t.Context(), 1), "forbidden")
}
