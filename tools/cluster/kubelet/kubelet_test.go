package kubelet_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"

	"github.com/msur/platform/tools/cluster/kubelet"
	"github.com/msur/platform/tools/cluster/level/leveltest"
)

const namespace = "flights"

// pod returns a pending pod on a node.
func pod(name string, containers ...corev1.Container) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace},
		Spec:       corev1.PodSpec{NodeName: "node", RestartPolicy: corev1.RestartPolicyAlways, Containers: containers},
		Status:     corev1.PodStatus{Phase: corev1.PodPending},
	}
}

func container(name, image string, variables ...corev1.EnvVar) corev1.Container {
	return corev1.Container{Name: name, Image: image, Env: variables}
}

func secret(name string, keys ...string) *corev1.Secret {
	held := map[string][]byte{}
	for _, key := range keys {
		held[key] = []byte("held")
	}

	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace}, Data: held}
}

// run runs the kubelet for a cluster. It returns the cluster and a function that ends the kubelet.
func run(t *testing.T, objects ...runtime.Object) (*fake.Clientset, func()) {
	t.Helper()

	var out bytes.Buffer

	client := fake.NewClientset(objects...)
	stop := leveltest.Start(t, func(ctx context.Context) error {
		return kubelet.Run(ctx, client, &out)
	})
	leveltest.Watched(t, client, 3)
	t.Cleanup(func() { assert.Empty(t, out.String(), "no review must fail") })

	return client, stop
}

func get(ctx context.Context, t require.TestingT, client *fake.Clientset, name string) *corev1.Pod {
	found, err := client.CoreV1().Pods(namespace).Get(ctx, name, metav1.GetOptions{})
	require.NoError(t, err)

	return found
}

// starts waits until a pod may start.
func starts(t *testing.T, client *fake.Clientset, name string) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		conditions := get(t.Context(), c, client, name).Status.Conditions
		if assert.Len(c, conditions, 1) {
			assert.Equal(c, kubelet.Condition, conditions[0].Type)
			assert.Equal(c, corev1.ConditionTrue, conditions[0].Status)
		}
	}, leveltest.Soon, leveltest.Often, "pod %s may start", name)
}

// waiting waits until each container of the pod "one" waits with a reason and a message.
func waiting(t *testing.T, client *fake.Clientset, reason, message string) {
	t.Helper()

	var found *corev1.Pod

	require.EventuallyWithT(t, func(c *assert.CollectT) {
		found = get(t.Context(), c, client, "one")
		if !assert.Len(c, found.Status.ContainerStatuses, len(found.Spec.Containers)) {
			return
		}

		for i, status := range found.Status.ContainerStatuses {
			assert.Equal(c, found.Spec.Containers[i].Name, status.Name)
			assert.Equal(c, found.Spec.Containers[i].Image, status.Image)
			assert.Equal(c, &corev1.ContainerStateWaiting{Reason: reason, Message: message}, status.State.Waiting)
		}
	}, leveltest.Soon, leveltest.Often, "the containers must wait")

	assert.Equal(t, corev1.PodPending, found.Status.Phase)
	assert.Empty(t, found.Status.Conditions, "the pod must not start")
}

// written counts the updates of a pod's status.
func written(client *fake.Clientset, name string) int {
	count := 0

	for _, action := range client.Actions() {
		if update, ok := action.(clienttesting.UpdateAction); ok && action.GetSubresource() == "status" {
			if object, err := meta.Accessor(update.GetObject()); err == nil && object.GetName() == name {
				count++
			}
		}
	}

	return count
}

func TestAPodWithoutReferencesMayStart(t *testing.T) {
	t.Parallel()

	client, _ := run(t, pod("one", container("app", "flights:1")))

	starts(t, client, "one")
}

func TestAPodWaitsForItsSecretAndStartsWithIt(t *testing.T) {
	t.Parallel()

	client, _ := run(t, pod("one", container("app", "flights:1", fromSecret("database", "password", false))))

	waiting(t, client, "CreateContainerConfigError", `secret "database" with key password not found`)

	_, err := client.CoreV1().Secrets(namespace).Create(t.Context(), secret("database"), metav1.CreateOptions{})
	require.NoError(t, err)

	_, err = client.CoreV1().Secrets("elsewhere").Create(t.Context(), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "database", Namespace: "elsewhere"}, Data: map[string][]byte{"password": nil},
	}, metav1.CreateOptions{})
	require.NoError(t, err)

	waiting(t, client, "CreateContainerConfigError", `secret "database" with key password not found`)

	_, err = client.CoreV1().Secrets(namespace).
		Update(t.Context(), secret("database", "password"), metav1.UpdateOptions{})
	require.NoError(t, err)

	starts(t, client, "one")
}

func TestAnUnchangedStatusIsNotWritten(t *testing.T) {
	t.Parallel()

	started, waits := pod("started", container("app", "flights:1")), pod("waits", container("app", kubelet.NoImage))
	started.Status.Conditions = []corev1.PodCondition{{Type: kubelet.Condition, Status: corev1.ConditionTrue}}
	waits.Status.ContainerStatuses = []corev1.ContainerStatus{{
		Name: "app", Image: kubelet.NoImage, State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{
			Reason: "ImagePullBackOff", Message: "no such image: " + kubelet.NoImage,
		}},
	}}

	client, stop := run(t, started, waits, pod("next", container("app", "flights:1")))
	starts(t, client, "next")
	stop()

	assert.Zero(t, written(client, "started"))
	assert.Zero(t, written(client, "waits"))
	assert.Len(t, get(t.Context(), t, client, "started").Status.Conditions, 1)
}

func TestAPodShowsTheNextMissingReference(t *testing.T) {
	t.Parallel()

	client, _ := run(t, pod("one", container("app", "flights:1",
		fromSecret("first", "url", false), fromSecret("second", "url", false))))
	waiting(t, client, "CreateContainerConfigError", `secret "first" with key url not found`)

	_, err := client.CoreV1().Secrets(namespace).Create(t.Context(), secret("first", "url"), metav1.CreateOptions{})
	require.NoError(t, err)

	waiting(t, client, "CreateContainerConfigError", `secret "second" with key url not found`)
}

func TestAPodWithoutAnImageWaits(t *testing.T) {
	t.Parallel()

	client, _ := run(t, pod("one", container("side", "side:1"), container("app", "flights@"+kubelet.NoImage)))

	waiting(t, client, "ImagePullBackOff", "no such image: flights@"+kubelet.NoImage)
}

func TestABadImageIsRestarted(t *testing.T) {
	t.Parallel()

	client, _ := run(t, pod("one", container("app", "flights@"+kubelet.BadImage)))

	waiting(t, client, "CrashLoopBackOff", "the program ends with an error")
}

func TestABadImageFailsAJob(t *testing.T) {
	t.Parallel()

	job := pod("migrate", container("migrate", "flights@"+kubelet.BadImage))
	job.Spec.RestartPolicy = corev1.RestartPolicyNever
	client, _ := run(t, job)

	require.EventuallyWithT(t, func(c *assert.CollectT) {
		assert.Equal(c, corev1.PodFailed, get(t.Context(), c, client, "migrate").Status.Phase)
	}, leveltest.Soon, leveltest.Often)

	failed := get(t.Context(), t, client, "migrate").Status
	require.Len(t, failed.ContainerStatuses, 1)
	require.NotNil(t, failed.ContainerStatuses[0].State.Terminated)
	assert.Equal(t, int32(1), failed.ContainerStatuses[0].State.Terminated.ExitCode)
	assert.Equal(t, "Error", failed.ContainerStatuses[0].State.Terminated.Reason)
	assert.Empty(t, failed.Conditions, "the pod must not start")
}

// unavailable returns the ConfigMap that makes a store unavailable for a namespace.
func unavailable(namespace, host string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name: "outage", Namespace: namespace, Labels: map[string]string{kubelet.Unavailable: "true"},
		},
		Data: map[string]string{"host": host},
	}
}

func TestAJobFailsWhileItsStoreIsUnavailable(t *testing.T) {
	t.Parallel()

	host := corev1.EnvVar{Name: "MYSQL_HOST", Value: "db.example.com"}
	other := corev1.EnvVar{Name: "MYSQL_HOST", Value: "other.example.com"}

	needs, needsAnother, serves := pod("needs", container("migrate", "flights:1", host)),
		pod("another", container("migrate", "flights:1", other)), pod("serves", container("serve", "flights:1", host))
	needs.Spec.RestartPolicy, needsAnother.Spec.RestartPolicy = corev1.RestartPolicyNever, corev1.RestartPolicyNever

	client, _ := run(t, unavailable(namespace, host.Value), needs, needsAnother, serves)

	require.EventuallyWithT(t, func(c *assert.CollectT) {
		assert.Equal(c, corev1.PodFailed, get(t.Context(), c, client, "needs").Status.Phase)
	}, leveltest.Soon, leveltest.Often)
	starts(t, client, "another")
	starts(t, client, "serves")
}

func TestAnOutageElsewhereFailsNoJob(t *testing.T) {
	t.Parallel()

	host := corev1.EnvVar{Name: "MYSQL_HOST", Value: "db.example.com"}
	needs := pod("needs", container("migrate", "flights:1", host))
	needs.Spec.RestartPolicy = corev1.RestartPolicyNever

	client, _ := run(t, unavailable("elsewhere", host.Value), needs)
	starts(t, client, "needs")
}

func TestOtherPodsAreIgnored(t *testing.T) {
	t.Parallel()

	app := container("app", "flights:1")
	unscheduled, runs, deleted, next := pod("unscheduled", app), pod("runs", app), pod("deleted", app), pod("next", app)
	unscheduled.Spec.NodeName = ""
	runs.Status.Phase = corev1.PodRunning
	deleted.DeletionTimestamp, deleted.Finalizers = new(metav1.Now()), []string{"example.com/waits"}

	client, stop := run(t, unscheduled, runs, deleted, next)
	starts(t, client, "next")
	stop()

	for _, name := range []string{"unscheduled", "runs", "deleted"} {
		assert.Empty(t, get(t.Context(), t, client, name).Status.Conditions, name)
		assert.Zero(t, written(client, name), name)
	}
}
