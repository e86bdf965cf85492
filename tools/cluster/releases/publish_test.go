package releases_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"

	"github.com/msur/platform/tools/cluster/level/leveltest"
	"github.com/msur/platform/tools/cluster/releases"
)

// log collects printed lines, and can be read meanwhile.
type log struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *log) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()

	return l.text.Write(text)
}

func (l *log) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()

	return l.text.String()
}

// traefik returns Traefik's Deployment.
func traefik(hostname string, ready int32) *appsv1.Deployment {
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{
			Name: "edge", Namespace: "traefik", Labels: map[string]string{"app.kubernetes.io/name": "traefik"},
		},
		Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "traefik", Args: []string{
				"--api=false", "--providers.kubernetesingress.ingressendpoint.hostname=" + hostname,
			}}},
		}}},
		Status: appsv1.DeploymentStatus{ReadyReplicas: ready},
	}
}

func class(name, controller string) *networkingv1.IngressClass {
	return &networkingv1.IngressClass{
		ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: networkingv1.IngressClassSpec{Controller: controller},
	}
}

func ingress(name string, class *string) *networkingv1.Ingress {
	return &networkingv1.Ingress{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "flights"},
		Spec:       networkingv1.IngressSpec{IngressClassName: class},
	}
}

// publish runs Publish for a cluster, and returns a function that ends it.
func publish(t *testing.T, out *log, client *fake.Clientset) func() {
	t.Helper()

	stop := leveltest.Start(t, func(ctx context.Context) error { return releases.Publish(ctx, client, out) })
	leveltest.Watched(t, client, 3)

	return stop
}

func cluster(objects ...runtime.Object) *fake.Clientset {
	return fake.NewClientset(append(objects,
		class("public", "traefik.io/ingress-controller"), class("other", "example.com/other"))...)
}

// addresses returns the published addresses of an Ingress.
func addresses(ctx context.Context, t require.TestingT, client *fake.Clientset, name string) []string {
	found, err := client.NetworkingV1().Ingresses("flights").Get(ctx, name, metav1.GetOptions{})
	require.NoError(t, err)

	var hostnames []string
	for _, address := range found.Status.LoadBalancer.Ingress {
		hostnames = append(hostnames, address.Hostname)
	}

	return hostnames
}

// reached waits until the Ingress "its" has a hostname.
func reached(t *testing.T, client *fake.Clientset, hostname string) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		assert.Equal(c, []string{hostname}, addresses(t.Context(), c, client, "its"))
	}, leveltest.Soon, leveltest.Often)
}

func TestIngressesOfTraefikGetTheAddress(t *testing.T) {
	t.Parallel()

	client := cluster(traefik("edge.example.com", 1),
		ingress("its", new("public")), ingress("others", new("other")),
		ingress("orphan", new("missing")), ingress("unclassed", nil))
	stop := publish(t, &log{}, client)

	reached(t, client, "edge.example.com")
	stop()

	for _, name := range []string{"others", "orphan", "unclassed"} {
		assert.Empty(t, addresses(t.Context(), t, client, name), name)
	}
}

func TestNoAddressIsPublishedBeforeTraefikIsReady(t *testing.T) {
	t.Parallel()

	client := cluster(traefik("edge.example.com", 0), ingress("its", new("public")))
	publish(t, &log{}, client)

	// Only Traefik's Deployment has the address.
	other := traefik("wrong.example.com", 1)
	other.Name, other.Labels = "other", map[string]string{"app.kubernetes.io/name": "other"}
	deployments := client.AppsV1().Deployments("traefik")
	_, err := deployments.Create(t.Context(), other, metav1.CreateOptions{})
	require.NoError(t, err)
	assert.Never(t, func() bool {
		return len(addresses(t.Context(), t, client, "its")) > 0
	}, 20*leveltest.Often, leveltest.Often)

	_, err = deployments.UpdateStatus(t.Context(), traefik("edge.example.com", 1), metav1.UpdateOptions{})
	require.NoError(t, err)
	reached(t, client, "edge.example.com")
}

func TestTheAddressChangesWithTraefik(t *testing.T) {
	t.Parallel()

	client := cluster(traefik("edge.example.com", 1), ingress("its", new("public")))
	publish(t, &log{}, client)
	reached(t, client, "edge.example.com")

	_, err := client.AppsV1().Deployments("traefik").
		Update(t.Context(), traefik("moved.example.com", 1), metav1.UpdateOptions{})
	require.NoError(t, err)
	reached(t, client, "moved.example.com")
}

func TestAnIngressWithTheAddressIsNotWritten(t *testing.T) {
	t.Parallel()

	published := ingress("published", new("public"))
	published.Status.LoadBalancer.Ingress = []networkingv1.IngressLoadBalancerIngress{{Hostname: "edge.example.com"}}
	client := cluster(traefik("edge.example.com", 1), published, ingress("its", new("public")))
	stop := publish(t, &log{}, client)

	reached(t, client, "edge.example.com")
	stop()

	for _, action := range client.Actions() {
		if update, ok := action.(clienttesting.UpdateAction); ok {
			written, ok := update.GetObject().(*networkingv1.Ingress)
			require.True(t, ok)
			assert.NotEqual(t, "published", written.Name)
		}
	}
}

func TestWithoutTheFlagNoAddressIsPublished(t *testing.T) {
	t.Parallel()

	silent := traefik("", 1)
	silent.Spec.Template.Spec.Containers[0].Args = []string{"--api=false"}
	client := cluster(silent, ingress("its", new("public")))
	publish(t, &log{}, client)

	assert.Never(t, func() bool {
		return len(addresses(t.Context(), t, client, "its")) > 0
	}, 20*leveltest.Often, leveltest.Often)
}

func TestAFailedIngressDoesNotBlockOthers(t *testing.T) {
	t.Parallel()

	var out log

	client := cluster(traefik("edge.example.com", 1), ingress("bad", new("public")), ingress("its", new("public")))
	client.PrependReactor("update", "ingresses", func(action clienttesting.Action) (bool, runtime.Object, error) {
		update, _ := action.(clienttesting.UpdateAction)
		written, _ := update.GetObject().(*networkingv1.Ingress)

		return written.Name == "bad", nil, errors.New("no luck")
	})
	publish(t, &out, client)

	reached(t, client, "edge.example.com")
	assert.Eventually(t, func() bool {
		return strings.Contains(out.String(), "the addresses of Ingresses: publishing flights/bad: no luck\n")
	}, leveltest.Soon, leveltest.Often)
}
