package metrics

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	applycore "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	aggregator "k8s.io/kube-aggregator/pkg/client/clientset_generated/clientset"
	metricsv1 "k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

// Register returns a function that registers the address of the metrics server with the API server.
func Register(config *rest.Config, client kubernetes.Interface) func(ctx context.Context, port int) error {
	return func(ctx context.Context, port int) error {
		const service, namespace = "metrics-server", metav1.NamespaceSystem

		applied := metav1.ApplyOptions{FieldManager: "metrics", Force: true}

		// A Service of this type resolves to a name; the API service sets the port.
		_, err := client.CoreV1().Services(namespace).Apply(ctx, applycore.Service(service, namespace).WithSpec(
			applycore.ServiceSpec().WithType(corev1.ServiceTypeExternalName).WithExternalName("localhost"),
		), applied)
		if err != nil {
			return err
		}

		apis, err := aggregator.NewForConfig(config)
		if err != nil {
			return err
		}

		version := metricsv1.SchemeGroupVersion
		text := fmt.Sprintf(`{"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": %q},
			"spec": {"group": %q, "version": %q, "groupPriorityMinimum": 100, "versionPriority": 100,
			"insecureSkipTLSVerify": true, "service": {"name": %q, "namespace": %q, "port": %d}}}`,
			version.Version+"."+version.Group, version.Group, version.Version, service, namespace, port)

		_, err = apis.ApiregistrationV1().APIServices().Patch(ctx, version.Version+"."+version.Group,
			types.ApplyPatchType, []byte(text), applied.ToPatchOptions())

		return err
	}
}
