package level_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"

	"github.com/msur/platform/tools/cluster/level"
	"github.com/msur/platform/tools/cluster/level/leveltest"
)

// lines receives the printed lines.
type lines chan string

func (l lines) Write(text []byte) (int, error) {
	l <- string(text)

	return len(text), nil
}

// configMaps returns an informer of the ConfigMaps in a cluster.
func configMaps(client *fake.Clientset) []cache.SharedIndexInformer {
	watched := informers.NewSharedInformerFactory(client, 0).Core().V1()

	return []cache.SharedIndexInformer{watched.ConfigMaps().Informer()}
}

func configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"}}
}

// running is a running level.Run.
type running struct {
	ended chan error
	out   lines
	stop  context.CancelFunc
}

func run(t *testing.T, informed []cache.SharedIndexInformer, do func() error) running {
	t.Helper()

	ctx, cancel := context.WithCancel(t.Context())
	r := running{ended: make(chan error, 1), out: make(lines, 10), stop: cancel}

	go func() { r.ended <- level.Run(ctx, r.out, "the maps", informed, do) }()

	return r
}

// end stops it, and returns its error.
func (r running) end(t *testing.T) error {
	t.Helper()
	r.stop()

	select {
	case err := <-r.ended:
		return err
	case <-time.After(leveltest.Soon):
		require.Fail(t, "level.Run must end with its context")

		return nil
	}
}

func TestReconcilesWhenTheInformersAreSynced(t *testing.T) {
	t.Parallel()

	informed := configMaps(fake.NewClientset(configMap("one"), configMap("two")))
	seen := make(chan int, 10)

	r := run(t, informed, func() error {
		seen <- len(informed[0].GetStore().List())

		return nil
	})

	assert.Equal(t, 2, <-seen, "the informers must be synced before the first call")
	require.NoError(t, r.end(t))
	assert.Empty(t, r.out)
}

func TestReconcilesAfterEachChange(t *testing.T) {
	t.Parallel()

	client := fake.NewClientset(configMap("one"))
	informed := configMaps(client)

	var seen atomic.Value

	seen.Store([]string{})

	r := run(t, informed, func() error {
		var names []string

		for _, object := range informed[0].GetStore().List() {
			held := object.(*corev1.ConfigMap)
			names = append(names, held.Name+held.Data["is"])
		}

		seen.Store(names)

		return nil
	})

	become := func(names ...string) {
		t.Helper()
		require.EventuallyWithT(t, func(t *assert.CollectT) {
			assert.ElementsMatch(t, names, seen.Load())
		}, leveltest.Soon, leveltest.Often)
	}

	maps := client.CoreV1().ConfigMaps("default")

	leveltest.Watched(t, client, 1)
	become("one")

	_, err := maps.Create(t.Context(), configMap("two"), metav1.CreateOptions{})
	require.NoError(t, err)
	become("one", "two")

	changed := configMap("two")
	changed.Data = map[string]string{"is": " changed"}
	_, err = maps.Update(t.Context(), changed, metav1.UpdateOptions{})
	require.NoError(t, err)
	become("one", "two changed")

	require.NoError(t, maps.Delete(t.Context(), "one", metav1.DeleteOptions{}))
	become("two changed")
	require.NoError(t, r.end(t))
}

func TestAFailureIsPrintedAndRetried(t *testing.T) {
	t.Parallel()

	var calls atomic.Int32

	done := make(chan time.Duration, 10)
	began := time.Now()

	r := run(t, configMaps(fake.NewClientset(configMap("one"))), func() error {
		if calls.Add(1) == 1 {
			return errors.New("no luck")
		}

		done <- time.Since(began)

		return nil
	})

	assert.Equal(t, "the maps: no luck\n", <-r.out)

	select {
	case after := <-done:
		assert.GreaterOrEqual(t, after, time.Second, "a retry must wait")
	case <-time.After(leveltest.Soon):
		assert.Fail(t, "a failure must be retried without a change")
	}

	require.NoError(t, r.end(t))
	assert.Empty(t, r.out, "a failure must be printed once")
}

func TestChangesDuringAReconciliationCountAsOne(t *testing.T) {
	t.Parallel()

	client := fake.NewClientset(configMap("one"))
	informed := configMaps(client)
	started, goOn := make(chan struct{}, 10), make(chan struct{})

	r := run(t, informed, func() error {
		started <- struct{}{}

		<-goOn

		return nil
	})

	<-started
	leveltest.Watched(t, client, 1)

	for _, name := range []string{"two", "three", "four"} {
		_, err := client.CoreV1().ConfigMaps("default").Create(t.Context(), configMap(name), metav1.CreateOptions{})
		require.NoError(t, err)
	}

	require.Eventually(t, func() bool { return len(informed[0].GetStore().List()) == 4 }, leveltest.Soon, leveltest.Often)
	close(goOn)
	<-started

	require.NoError(t, r.end(t))
	assert.LessOrEqual(t, len(started), 1, "three changes must not cause three calls")
}

func TestAFailureAtTheEndIsNotPrinted(t *testing.T) {
	t.Parallel()

	started, ended := make(chan struct{}), make(chan struct{})
	r := run(t, configMaps(fake.NewClientset(configMap("one"))), func() error {
		close(started)
		<-ended

		return context.Canceled
	})

	<-started
	r.stop()
	close(ended)

	require.NoError(t, r.end(t))
	assert.Empty(t, r.out)
}

func TestDoesNotReconcileBeforeTheInformersAreSynced(t *testing.T) {
	t.Parallel()

	client := fake.NewClientset(configMap("one"))
	client.PrependReactor("list", "secrets", func(clienttesting.Action) (bool, runtime.Object, error) {
		return true, nil, errors.New("the API server is down")
	})

	secrets := informers.NewSharedInformerFactory(client, 0).Core().V1().Secrets().Informer()
	informed := append(configMaps(client), secrets)

	var calls atomic.Int32

	r := run(t, informed, func() error {
		calls.Add(1)

		return nil
	})

	require.Eventually(t, informed[0].HasSynced, leveltest.Soon, leveltest.Often)
	assert.Never(t, func() bool { return calls.Load() > 0 }, 30*leveltest.Often, leveltest.Often)
	require.NoError(t, r.end(t), "and it ends while it waits")
}

func TestAnEndedInformerIsAnError(t *testing.T) {
	t.Parallel()

	informed := configMaps(fake.NewClientset())
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	informed[0].RunWithContext(ended)

	r := run(t, informed, func() error { return nil })

	require.ErrorContains(t, <-r.ended, "watching for the maps: ")
}
