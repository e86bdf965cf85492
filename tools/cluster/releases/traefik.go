package releases

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// traefikValues are the values of the chart traefik that have an effect here.
type traefikValues struct {
	IngressClass struct {
		Enabled bool   `json:"enabled"`
		Name    string `json:"name"`
	} `json:"ingressClass"`
	Providers struct {
		KubernetesIngress struct {
			IngressEndpoint struct {
				Hostname string `json:"hostname"`
			} `json:"ingressEndpoint"`
		} `json:"kubernetesIngress"`
	} `json:"providers"`
	Deployment struct {
		Replicas int32 `json:"replicas"`
	} `json:"deployment"`
	Ports map[string]struct {
		NodePort int32 `json:"nodePort"`
	} `json:"ports"`
	Service struct {
		Spec corev1.ServiceSpec `json:"spec"`
	} `json:"service"`
	UpdateStrategy            *appsv1.DeploymentStrategy        `json:"updateStrategy"`
	Resources                 corev1.ResourceRequirements       `json:"resources"`
	TopologySpreadConstraints []corev1.TopologySpreadConstraint `json:"topologySpreadConstraints"`
	PodDisruptionBudget       struct {
		Enabled      bool  `json:"enabled"`
		MinAvailable int32 `json:"minAvailable"`
	} `json:"podDisruptionBudget"`
}

// traefik is the name of the program and of most objects in its chart.
const traefik = "traefik"

// nameLabel is the label with the name of a program.
const nameLabel = "app.kubernetes.io/name"

// traefikController is the controller in Traefik's IngressClass.
const traefikController = "traefik.io/ingress-controller"

// endpointFlag is the flag with the hostname that Traefik writes to the status of its Ingresses.
const endpointFlag = "--providers.kubernetesingress.ingressendpoint.hostname="

// Traefik stands in for the chart traefik with its IngressClass and simulated pods. Publish does the work of the pods.
func Traefik(release Release) ([]*unstructured.Unstructured, error) {
	var values traefikValues

	values.Deployment.Replicas = 1

	if err := json.Unmarshal(release.Values, &values); err != nil {
		return nil, fmt.Errorf("decoding its values: %w", err)
	}

	if values.UpdateStrategy == nil { // the chart's default: one pod more and none fewer (41.3.0, values.yaml)
		values.UpdateStrategy = &appsv1.DeploymentStrategy{
			Type: appsv1.RollingUpdateDeploymentStrategyType,
			RollingUpdate: &appsv1.RollingUpdateDeployment{
				MaxSurge: new(intstr.FromInt32(1)), MaxUnavailable: new(intstr.FromInt32(0)),
			},
		}
	}

	labels := map[string]string{nameLabel: traefik, "app.kubernetes.io/instance": release.Name}
	metadata := metav1.ObjectMeta{Name: release.Name, Labels: labels}

	objects := []runtime.Object{
		&corev1.ServiceAccount{
			TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"}, ObjectMeta: metadata,
		},
		values.deployment(metadata, release.Version), values.service(metadata),
	}

	if values.IngressClass.Enabled {
		objects = append(objects, &networkingv1.IngressClass{
			TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "IngressClass"},
			ObjectMeta: metav1.ObjectMeta{Name: values.IngressClass.Name, Labels: labels},
			Spec:       networkingv1.IngressClassSpec{Controller: traefikController},
		})
	}

	if values.PodDisruptionBudget.Enabled {
		objects = append(objects, &policyv1.PodDisruptionBudget{
			TypeMeta: metav1.TypeMeta{APIVersion: "policy/v1", Kind: "PodDisruptionBudget"}, ObjectMeta: metadata,
			Spec: policyv1.PodDisruptionBudgetSpec{
				MinAvailable: new(intstr.FromInt32(values.PodDisruptionBudget.MinAvailable)),
				Selector:     &metav1.LabelSelector{MatchLabels: labels},
			},
		})
	}

	return untyped(objects)
}

// deployment returns the Deployment. It has the chart's security context, which satisfies the Pod Security level
// "restricted", and a label with the chart's version, so that another version replaces the pods.
func (v traefikValues) deployment(metadata metav1.ObjectMeta, version string) *appsv1.Deployment {
	const user = 65532

	hostname := v.Providers.KubernetesIngress.IngressEndpoint.Hostname
	labels := maps.Clone(metadata.Labels)
	labels["helm.sh/chart"] = "traefik-" + version

	return &appsv1.Deployment{
		TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: deployment}, ObjectMeta: metadata,
		Spec: appsv1.DeploymentSpec{
			Replicas: &v.Deployment.Replicas, Strategy: *v.UpdateStrategy,
			Selector: &metav1.LabelSelector{MatchLabels: metadata.Labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec: corev1.PodSpec{
					ServiceAccountName: metadata.Name,
					SecurityContext: &corev1.PodSecurityContext{
						RunAsNonRoot: new(true), RunAsUser: new(int64(user)), RunAsGroup: new(int64(user)),
						SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
					},
					TopologySpreadConstraints: v.TopologySpreadConstraints,
					Containers: []corev1.Container{{
						Name: traefik, Image: "docker.io/traefik", Args: []string{endpointFlag + hostname}, Resources: v.Resources,
						SecurityContext: &corev1.SecurityContext{
							AllowPrivilegeEscalation: new(false), ReadOnlyRootFilesystem: new(true),
							Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
						},
					}},
				},
			},
		},
	}
}

func (v traefikValues) service(metadata metav1.ObjectMeta) *corev1.Service {
	service := &corev1.Service{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Service"}, ObjectMeta: metadata, Spec: v.Service.Spec,
	}
	service.Spec.Selector = metadata.Labels

	listens := map[string]int32{"web": 80, "websecure": 443}

	for _, name := range slices.Sorted(maps.Keys(v.Ports)) {
		service.Spec.Ports = append(service.Spec.Ports, corev1.ServicePort{
			Name: name, Port: listens[name], NodePort: v.Ports[name].NodePort, Protocol: corev1.ProtocolTCP,
			TargetPort: intstr.FromInt32(8000 + listens[name]),
		})
	}

	return service
}

// untyped converts objects to the form in which they are applied, without empty fields.
func untyped(objects []runtime.Object) ([]*unstructured.Unstructured, error) {
	written := make([]*unstructured.Unstructured, len(objects))

	for i, object := range objects {
		fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
		if err != nil {
			return nil, fmt.Errorf("converting object %d: %w", i, err)
		}

		delete(fields, "status")
		written[i] = &unstructured.Unstructured{Object: fields}
	}

	return written, nil
}
