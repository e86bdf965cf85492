// Package metrics serves metrics.k8s.io as metrics-server does. Each container uses half of its requests. Without
// metrics, HorizontalPodAutoscalers are degraded, and so are Argo CD's Applications with them.
package metrics

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	certutil "k8s.io/client-go/util/cert"
	metricsv1 "k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

// window is the time window of a measurement.
const window = 15 * time.Second

// server serves metrics that are derived from the requests of pods.
type server struct{ client kubernetes.Interface }

// Run serves until ctx ends. It registers its address with the API server before it calls ready.
func Run(ctx context.Context, client kubernetes.Interface, register func(ctx context.Context, port int) error) error {
	here := net.IPv4(127, 0, 0, 1)

	certificate, key, err := certutil.GenerateSelfSignedCertKey("localhost", []net.IP{here}, nil)
	if err != nil {
		return fmt.Errorf("creating the certificate of the metrics server: %w", err)
	}

	identity, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return fmt.Errorf("creating the certificate of the metrics server: %w", err)
	}

	var sockets net.ListenConfig

	listener, err := sockets.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening for metrics requests: %w", err)
	}

	served := &http.Server{
		Handler: server{client: client}.routes(), ReadHeaderTimeout: window,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{identity}, MinVersion: tls.VersionTLS12},
	}

	go func() {
		<-ctx.Done()

		_ = served.Close()
	}()

	port := listener.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // the listener is a TCP listener
	if err := register(ctx, port); err != nil {
		return fmt.Errorf("registering the metrics: %w", err)
	}

	if err := served.ServeTLS(listener, "", ""); ctx.Err() == nil {
		return fmt.Errorf("serving metrics: %w", err)
	}

	return nil
}

func (s server) routes() http.Handler {
	const root = "GET /apis/metrics.k8s.io/v1beta1"

	routes := http.NewServeMux()
	routes.HandleFunc(root, func(response http.ResponseWriter, _ *http.Request) { answer(response, resources()) })
	routes.HandleFunc(root+"/pods", s.pods)
	routes.HandleFunc(root+"/namespaces/{namespace}/pods", s.pods)

	return routes
}

// resources serves the discovery document.
func resources() metav1.APIResourceList {
	return metav1.APIResourceList{
		TypeMeta:     metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"},
		GroupVersion: metricsv1.SchemeGroupVersion.String(),
		APIResources: []metav1.APIResource{
			{Name: "pods", SingularName: "pod", Namespaced: true, Kind: "PodMetrics", Verbs: metav1.Verbs{"list"}},
		},
	}
}

// pods serves the metrics of running pods.
func (s server) pods(response http.ResponseWriter, request *http.Request) {
	running, err := s.client.CoreV1().Pods(request.PathValue("namespace")).List(request.Context(), metav1.ListOptions{
		LabelSelector: request.URL.Query().Get("labelSelector"), FieldSelector: "status.phase=Running",
	})
	if err != nil {
		http.Error(response, err.Error(), http.StatusInternalServerError)

		return
	}

	list := metricsv1.PodMetricsList{
		TypeMeta: metav1.TypeMeta{Kind: "PodMetricsList", APIVersion: metricsv1.SchemeGroupVersion.String()},
		Items:    []metricsv1.PodMetrics{},
	}
	for _, pod := range running.Items {
		list.Items = append(list.Items, measure(pod))
	}

	answer(response, list)
}

func measure(pod corev1.Pod) metricsv1.PodMetrics {
	measured := metricsv1.PodMetrics{
		ObjectMeta: metav1.ObjectMeta{Name: pod.Name, Namespace: pod.Namespace, Labels: pod.Labels},
		Timestamp:  metav1.Now(), Window: metav1.Duration{Duration: window},
	}
	for _, container := range pod.Spec.Containers {
		measured.Containers = append(measured.Containers, metricsv1.ContainerMetrics{
			Name: container.Name, Usage: half(container.Resources.Requests),
		})
	}

	return measured
}

func half(requests corev1.ResourceList) corev1.ResourceList {
	const parts = 2

	return corev1.ResourceList{
		corev1.ResourceCPU:    *resource.NewMilliQuantity(requests.Cpu().MilliValue()/parts, resource.DecimalSI),
		corev1.ResourceMemory: *resource.NewQuantity(requests.Memory().Value()/parts, resource.BinarySI),
	}
}

func answer(response http.ResponseWriter, object any) {
	text, err := json.Marshal(object)
	if err != nil {
		http.Error(response, err.Error(), http.StatusInternalServerError)

		return
	}

	response.Header().Set("Content-Type", "application/json")
	_, _ = response.Write(text) // an error means that the client is gone
}
