// Package releases stands in for Helm where its charts cannot be had: for each release that a rehearsal asks for, it
// applies the objects that the chart would, as far as they matter to anybody here, with the effects of the values.
//
// A rehearsal asks by a ConfigMap in the release's namespace, and is answered by an annotation.
package releases

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	listers "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	"github.com/msur/platform/tools/cluster/level"
)

const (
	// Label is that of a ConfigMap which asks for a release; its value is the release's name.
	Label = "rehearsal/release"
	// Request is what the ConfigMap holds.
	Request = "request"
	// Applied is the annotation that has the SHA-256 of the request once its objects are applied.
	Applied = "rehearsal/applied"
)

// Release is a request, as JSON.
type Release struct {
	Name    string          `json:"name"`
	Chart   string          `json:"chart"`
	Version string          `json:"version"`
	Values  json.RawMessage `json:"values"`

	namespace string
}

// Charts makes the objects of a release, by the name of its chart.
type Charts map[string]func(release Release) ([]*unstructured.Unstructured, error)

// Run applies what is asked for until ctx ends, and tells what is stood in for.
func Run(ctx context.Context, config *rest.Config, charts Charts, told io.Writer) error {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("connecting to the cluster: %w", err)
	}

	objects, err := newApplier(config)
	if err != nil {
		return err
	}

	return serve(ctx, client, objects, charts, told)
}

// serve applies what is asked for, by an applier.
func serve(
	ctx context.Context, client kubernetes.Interface, objects *applier, charts Charts, told io.Writer,
) error {
	asked := informers.NewSharedInformerFactoryWithOptions(client, 0,
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = Label }),
	).Core().V1().ConfigMaps()

	h := helm{client: client, objects: objects, charts: charts, asked: asked.Lister(), told: told}
	h.answered = map[types.UID]string{}

	//nolint:wrapcheck // it says what it is
	return level.Run(ctx, told, "releases", []cache.SharedIndexInformer{asked.Informer()}, func() error {
		return h.releaseAll(ctx)
	})
}

// helm is what stands in for it.
type helm struct {
	client  kubernetes.Interface
	objects *applier
	charts  Charts
	asked   listers.ConfigMapLister
	told    io.Writer
	// answered has the digest of the last request of each that was answered: what is listed may be older than the answer.
	answered map[types.UID]string
}

func (h helm) releaseAll(ctx context.Context) error {
	asked, err := h.asked.List(labels.Everything())
	if err != nil {
		return fmt.Errorf("listing releases: %w", err)
	}

	var failed error

	for _, request := range asked {
		sum := sha256.Sum256([]byte(request.Data[Request]))

		digest := hex.EncodeToString(sum[:])
		if request.Annotations[Applied] != digest && h.answered[request.UID] != digest {
			failed = errors.Join(failed, h.release(ctx, request, digest))
		}
	}

	return failed
}

// release applies the objects of a release, and answers that it has.
func (h helm) release(ctx context.Context, request *corev1.ConfigMap, digest string) error {
	wanted := Release{namespace: request.Namespace}
	if err := json.Unmarshal([]byte(request.Data[Request]), &wanted); err != nil {
		return fmt.Errorf("reading the release %s: %w", request.Name, err)
	}

	chart, known := h.charts[wanted.Chart]
	if !known {
		return fmt.Errorf("release %s: nothing stands in for the chart %q", wanted.Name, wanted.Chart)
	}

	objects, err := chart(wanted)
	if err != nil {
		return fmt.Errorf("release %s: %w", wanted.Name, err)
	}

	for _, object := range objects {
		if err := h.objects.apply(ctx, object, request); err != nil {
			return fmt.Errorf("release %s: %w", wanted.Name, err)
		}
	}

	answer := fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, Applied, digest)

	_, err = h.client.CoreV1().ConfigMaps(request.Namespace).
		Patch(ctx, request.Name, types.MergePatchType, []byte(answer), metav1.PatchOptions{})
	if err != nil {
		return fmt.Errorf("answering for the release %s: %w", wanted.Name, err)
	}

	h.answered[request.UID] = digest

	fmt.Fprintf(h.told, "stands in for the chart %s %s: %d objects in %s\n",
		wanted.Chart, wanted.Version, len(objects), wanted.namespace)

	return nil
}
