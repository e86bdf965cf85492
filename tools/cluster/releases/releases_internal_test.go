package releases

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/rest"
	clienttesting "k8s.io/client-go/testing"

	"github.com/msur/platform/tools/cluster/level/leveltest"
)

// site is a cluster with requests for releases.
type site struct {
	client  *fake.Clientset
	applier *applier

	mutex sync.Mutex
	// applied are the applied objects in order.
	applied []*unstructured.Unstructured
	// refused is the name of an object that the API server refuses.
	refused string
	out     bytes.Buffer
}

func newSite() *site {
	kinds := meta.NewDefaultRESTMapper(nil)
	kinds.Add(corev1.SchemeGroupVersion.WithKind("Service"), meta.RESTScopeNamespace)
	kinds.Add(networkingv1.SchemeGroupVersion.WithKind("IngressClass"), meta.RESTScopeRoot)

	dynamic := dynamicfake.NewSimpleDynamicClient(runtime.NewScheme())
	s := &site{client: fake.NewClientset(), applier: &applier{client: dynamic, kinds: kinds}}
	dynamic.PrependReactor("patch", "*", func(action clienttesting.Action) (bool, runtime.Object, error) {
		return true, nil, s.apply(action)
	})

	return s
}

// Write collects printed lines.
func (s *site) Write(text []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()

	return s.out.Write(text)
}

// apply applies an object as the API server does.
func (s *site) apply(action clienttesting.Action) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()

	patch, ok := action.(clienttesting.PatchActionImpl)
	if !ok || patch.PatchType != types.ApplyPatchType {
		return fmt.Errorf("got %v, expected an apply", action)
	}

	if patch.Name == s.refused {
		return errors.New("forbidden")
	}

	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(patch.Patch); err != nil {
		return err
	}

	if object.GetNamespace() != patch.Namespace {
		return fmt.Errorf("the object has the namespace %q, expected %q", object.GetNamespace(), patch.Namespace)
	}

	s.applied = append(s.applied, object)

	return nil
}

// run serves a chart "two" with a Service and an IngressClass, and charts that fail.
func (s *site) run(t *testing.T) func() {
	t.Helper()

	charts := Charts{
		"two": func(release Release) ([]*unstructured.Unstructured, error) {
			return []*unstructured.Unstructured{
				plain("v1", "Service", release.Name),
				plain("networking.k8s.io/v1", "IngressClass", string(release.Values)),
			}, nil
		},
		"odd": func(Release) ([]*unstructured.Unstructured, error) {
			return []*unstructured.Unstructured{plain("example.com/v1", "Odd", "odd")}, nil
		},
		"bad": func(Release) ([]*unstructured.Unstructured, error) { return nil, errors.New("no luck") },
	}
	stop := leveltest.Start(t, func(ctx context.Context) error { return serve(ctx, s.client, s.applier, charts, s) })
	leveltest.Watched(t, s.client, 3)

	return stop
}

func plain(version, kind, name string) *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetAPIVersion(version)
	object.SetKind(kind)
	object.SetName(name)

	return object
}

// ask requests a release.
func (s *site) ask(t *testing.T, name, request string) {
	t.Helper()

	_, err := s.client.CoreV1().ConfigMaps("edge").Create(t.Context(), &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name: name, Namespace: "edge", UID: "uid", Labels: map[string]string{Label: name},
		},
		Data: map[string]string{Request: request},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
}

// answered waits until the annotation of the release has the SHA-256 of its request.
func (s *site) answered(t *testing.T, name string) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		request, err := s.client.CoreV1().ConfigMaps("edge").Get(t.Context(), name, metav1.GetOptions{})
		require.NoError(c, err)

		sum := sha256.Sum256([]byte(request.Data["request"]))
		assert.Equal(c, hex.EncodeToString(sum[:]), request.Annotations["rehearsal/applied"])
	}, leveltest.Soon, leveltest.Often)
}

// prints waits until a text is printed.
func (s *site) prints(t *testing.T, text string) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		s.mutex.Lock()
		defer s.mutex.Unlock()

		assert.Contains(c, s.out.String(), text)
	}, leveltest.Soon, leveltest.Often)
}

// names returns the names of the applied objects.
func (s *site) names() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()

	var names []string
	for _, object := range s.applied {
		names = append(names, object.GetKind()+"/"+object.GetName())
	}

	return names
}

const wanted = `{"name": "one", "chart": "two", "version": "1.2.3", "values": 7}`

func TestAReleaseIsAppliedAndCompleted(t *testing.T) {
	t.Parallel()

	s := newSite()
	s.run(t)
	s.ask(t, "one", wanted)
	s.answered(t, "one")
	s.prints(t, "applied the stand-in for the chart two 1.2.3: 2 objects in edge\n")

	require.Equal(t, []string{"Service/one", "IngressClass/7"}, s.names())

	service, class := s.applied[0], s.applied[1]
	assert.Equal(t, "edge", service.GetNamespace(), "it must be the namespace of the request")
	assert.Equal(t, []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "one", UID: "uid"}},
		service.GetOwnerReferences(), "the object must be deleted with its request")
	assert.Empty(t, class.GetNamespace())
	assert.Empty(t, class.GetOwnerReferences(), "an object in a namespace cannot own a cluster-wide one")
}

func TestAReleaseIsAppliedAgainOnlyWhenItChanges(t *testing.T) {
	t.Parallel()

	s := newSite()
	sum := sha256.Sum256([]byte(wanted))
	_, err := s.client.CoreV1().ConfigMaps("edge").Create(t.Context(), &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name: "one", Namespace: "edge",
			Labels: map[string]string{Label: "one"}, Annotations: map[string]string{Applied: hex.EncodeToString(sum[:])},
		},
		Data: map[string]string{Request: wanted},
	}, metav1.CreateOptions{})
	require.NoError(t, err)

	s.run(t)
	s.ask(t, "two", `{"name": "two", "chart": "two", "values": 8}`)
	s.answered(t, "two")
	assert.NotContains(t, s.names(), "Service/one", "a completed release must not be applied again")

	one, err := s.client.CoreV1().ConfigMaps("edge").Get(t.Context(), "one", metav1.GetOptions{})
	require.NoError(t, err)

	one.Data[Request] = `{"name": "one", "chart": "two", "values": 9}`
	_, err = s.client.CoreV1().ConfigMaps("edge").Update(t.Context(), one, metav1.UpdateOptions{})
	require.NoError(t, err)
	s.answered(t, "one")
	assert.Contains(t, s.names(), "IngressClass/9")
}

func TestOtherConfigMapsAreIgnored(t *testing.T) {
	t.Parallel()

	s := newSite()
	s.run(t)

	for _, action := range s.client.Actions() {
		if list, ok := action.(clienttesting.ListAction); ok && list.GetResource().Resource == "configmaps" {
			assert.Equal(t, "rehearsal/release", list.GetListRestrictions().Labels.String())
		}
	}
}

func TestAFailedReleaseIsReported(t *testing.T) {
	t.Parallel()

	cases := map[string]struct{ request, want string }{
		"no request":      {`{`, "releases: decoding the release one: "},
		"unknown chart":   {`{"name": "edge", "chart": "nginx"}`, `release edge: there is no stand-in for the chart "nginx"`},
		"chart that errs": {`{"name": "edge", "chart": "bad"}`, "releases: release edge: no luck"},
		"unknown kind":    {`{"name": "edge", "chart": "odd"}`, "release edge: Odd odd: no matches for kind"},
		"refused object":  {`{"name": "no", "chart": "two", "values": 7}`, "release no: Service no: forbidden"},
	}

	for title, test := range cases {
		t.Run(title, func(t *testing.T) {
			t.Parallel()

			s := newSite()
			s.refused = "no"
			stop := s.run(t)
			s.ask(t, "one", test.request)
			s.prints(t, test.want)
			stop()

			request, err := s.client.CoreV1().ConfigMaps("edge").Get(t.Context(), "one", metav1.GetOptions{})
			require.NoError(t, err)
			assert.Empty(t, request.Annotations, "a failed release must not be marked as applied")
			assert.NotContains(t, s.out.String(), "applied the stand-in for the chart two")
		})
	}
}

func TestAFailedReleaseDoesNotBlockOthers(t *testing.T) {
	t.Parallel()

	s := newSite()
	s.ask(t, "bad", `{"name": "bad", "chart": "bad"}`)
	s.ask(t, "one", wanted)
	s.run(t)

	s.answered(t, "one")
	s.prints(t, "release bad: no luck")
}

func TestAFailedAnnotationIsReported(t *testing.T) {
	t.Parallel()

	s := newSite()
	s.client.PrependReactor("patch", "configmaps", func(clienttesting.Action) (bool, runtime.Object, error) {
		return true, nil, errors.New("the API server is down")
	})
	s.run(t)
	s.ask(t, "one", wanted)

	s.prints(t, "annotating the release one: the API server is down")
}

func TestRunConnectsBeforeItServes(t *testing.T) {
	t.Parallel()

	err := Run(t.Context(), &rest.Config{Host: "https://127.0.0.1:1", TLSClientConfig: rest.TLSClientConfig{
		CAFile: "testdata/no-authority",
	}}, Charts{}, &bytes.Buffer{})

	require.ErrorContains(t, err, "connecting to the cluster: ")
}
