package releases

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	appslisters "k8s.io/client-go/listers/apps/v1"
	listers "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/msur/platform/tools/cluster/level"
)

const (
	// nameLabel is the label with the name of a program, and traefik the name of Traefik.
	nameLabel, traefik = "app.kubernetes.io/name", "traefik"
	// traefikController is the controller in Traefik's IngressClass.
	traefikController = "traefik.io/ingress-controller"
	// endpointFlag is the flag with the hostname that Traefik writes to the status of its Ingresses.
	endpointFlag = "--providers.kubernetesingress.ingressendpoint.hostname="
)

// publisher writes the addresses of Ingresses.
type publisher struct {
	client      kubernetes.Interface
	deployments appslisters.DeploymentLister
	classes     listers.IngressClassLister
	ingresses   listers.IngressLister
}

// Publish does Traefik's work on the status of Ingresses until ctx ends: while a Traefik pod is ready, it writes the
// address of each Ingress of Traefik's class.
func Publish(ctx context.Context, client kubernetes.Interface, out io.Writer) error {
	watched := informers.NewSharedInformerFactory(client, 0)
	deployments := watched.Apps().V1().Deployments()
	classes, ingresses := watched.Networking().V1().IngressClasses(), watched.Networking().V1().Ingresses()

	p := publisher{
		client: client, deployments: deployments.Lister(), classes: classes.Lister(), ingresses: ingresses.Lister(),
	}
	informed := []cache.SharedIndexInformer{deployments.Informer(), classes.Informer(), ingresses.Informer()}

	return level.Run(ctx, out, "the addresses of Ingresses", informed, func() error { return p.publishAll(ctx) })
}

func (p publisher) publishAll(ctx context.Context) error {
	hostname, err := p.hostname()
	if err != nil || hostname == "" {
		return err
	}

	ingresses, err := p.ingresses.List(labels.Everything())
	if err != nil {
		return fmt.Errorf("listing Ingresses: %w", err)
	}

	var failed error
	for _, ingress := range ingresses {
		failed = errors.Join(failed, p.publish(ctx, ingress, hostname))
	}

	return failed
}

// hostname returns the hostname that a ready Traefik is configured to publish, or "".
func (p publisher) hostname() (string, error) {
	deployments, err := p.deployments.List(labels.SelectorFromSet(labels.Set{nameLabel: traefik}))
	if err != nil {
		return "", fmt.Errorf("looking for Traefik: %w", err)
	}

	for _, deployment := range deployments {
		if deployment.Status.ReadyReplicas > 0 {
			return endpoint(deployment), nil
		}
	}

	return "", nil
}

func endpoint(deployment *appsv1.Deployment) string {
	for _, container := range deployment.Spec.Template.Spec.Containers {
		for _, flag := range container.Args {
			if hostname, ok := strings.CutPrefix(flag, endpointFlag); ok {
				return hostname
			}
		}
	}

	return ""
}

// publish writes the address of an Ingress, unless it has the address or belongs to another controller.
func (p publisher) publish(ctx context.Context, ingress *networkingv1.Ingress, hostname string) error {
	if ingress.Spec.IngressClassName == nil {
		return nil
	}

	class, err := p.classes.Get(*ingress.Spec.IngressClassName)
	if err != nil || class.Spec.Controller != traefikController {
		return nil //nolint:nilerr // a class that does not exist belongs to no controller
	}

	if have := ingress.Status.LoadBalancer.Ingress; len(have) == 1 && have[0].Hostname == hostname {
		return nil
	}

	published := ingress.DeepCopy()
	published.Status.LoadBalancer.Ingress = []networkingv1.IngressLoadBalancerIngress{{Hostname: hostname}}

	_, err = p.client.NetworkingV1().Ingresses(ingress.Namespace).UpdateStatus(ctx, published, metav1.UpdateOptions{})
	if err != nil {
		return fmt.Errorf("publishing %s/%s: %w", ingress.Namespace, ingress.Name, err)
	}

	return nil
}
