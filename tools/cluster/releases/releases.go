// Package releases stands in for Helm for charts that are not available offline. For each release that a rehearsal
// requests, it applies the objects of the chart that matter here, with the effects of the values.
//
// A rehearsal requests a release with a ConfigMap in the release's namespace. As with Helm, a release is complete when
// every workload has replaced its pods. Meanwhile, an annotation describes what the release waits for.
package releases

import (
	"context"
	"crypto/sha256"
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
	// Label marks a ConfigMap as a request; its value is the release's name.
	Label = "rehearsal/release"
	// Request is the key of the ConfigMap with the release, as JSON.
	Request = "request"
	// Applied is the annotation with the SHA-256 of the request, which is set when the release is complete.
	Applied = "rehearsal/applied"
	// Waits is the annotation that describes what a release waits for.
	Waits = "rehearsal/waits"
)

// Release is a requested release.
type Release struct {
	Name    string          `json:"name"`
	Chart   string          `json:"chart"`
	Version string          `json:"version"`
	Values  json.RawMessage `json:"values"`
}

// Charts contains functions that return the objects of a release, by the name of its chart.
type Charts map[string]func(release Release) ([]*unstructured.Unstructured, error)

// Run applies the requested releases until ctx ends, and prints a line for each.
func Run(ctx context.Context, config *rest.Config, charts Charts, out io.Writer) error {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("connecting to the cluster: %w", err)
	}

	objects, err := newApplier(config)
	if err != nil {
		return err
	}

	return serve(ctx, client, objects, charts, out)
}

// serve applies the requested releases with an applier.
func serve(
	ctx context.Context, client kubernetes.Interface, objects *applier, charts Charts, out io.Writer,
) error {
	requests := informers.NewSharedInformerFactoryWithOptions(client, 0,
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = Label }),
	).Core().V1().ConfigMaps()
	workloads := informers.NewSharedInformerFactory(client, 0).Apps().V1()

	h := helm{
		client: client, objects: objects, charts: charts, requests: requests.Lister(), out: out,
		applied: map[types.UID]string{}, annotated: map[annotation]string{},
	}

	return level.Run(ctx, out, "releases", []cache.SharedIndexInformer{
		requests.Informer(), workloads.Deployments().Informer(), workloads.StatefulSets().Informer(),
	}, func() error { return h.releaseAll(ctx) })
}

// helm stands in for Helm.
type helm struct {
	client   kubernetes.Interface
	objects  *applier
	charts   Charts
	requests listers.ConfigMapLister
	out      io.Writer
	// applied has the digest of each request whose objects were applied last.
	applied map[types.UID]string
	// annotated has the values written last, because the informer's copy may be older.
	annotated map[annotation]string
}

// annotation is an annotation of a request.
type annotation struct {
	request types.UID
	name    string
}

func (h helm) releaseAll(ctx context.Context) error {
	requests, err := h.requests.List(labels.Everything())
	if err != nil {
		return fmt.Errorf("listing releases: %w", err)
	}

	var failed error

	for _, request := range requests {
		digest := fmt.Sprintf("%x", sha256.Sum256([]byte(request.Data[Request])))
		if request.Annotations[Applied] != digest && h.annotated[annotation{request.UID, Applied}] != digest {
			failed = errors.Join(failed, h.release(ctx, request, digest))
		}
	}

	return failed
}

// release applies the objects of a release once, and sets the annotations.
func (h helm) release(ctx context.Context, request *corev1.ConfigMap, digest string) error {
	if h.applied[request.UID] != digest {
		if err := h.apply(ctx, request); err != nil {
			return err
		}

		h.applied[request.UID] = digest
	}

	waits, err := h.pending(ctx, request)
	if err != nil {
		return fmt.Errorf("release %s: %w", request.Name, err)
	}

	if waits != "" {
		return h.annotate(ctx, request, Waits, waits)
	}

	return h.annotate(ctx, request, Applied, digest)
}

// apply applies the objects of a release.
func (h helm) apply(ctx context.Context, request *corev1.ConfigMap) error {
	var release Release
	if err := json.Unmarshal([]byte(request.Data[Request]), &release); err != nil {
		return fmt.Errorf("decoding the release %s: %w", request.Name, err)
	}

	chart, known := h.charts[release.Chart]
	if !known {
		return fmt.Errorf("release %s: there is no stand-in for the chart %q", release.Name, release.Chart)
	}

	objects, err := chart(release)
	if err != nil {
		return fmt.Errorf("release %s: %w", release.Name, err)
	}

	for _, object := range objects {
		if err := h.objects.apply(ctx, object, request); err != nil {
			return fmt.Errorf("release %s: %w", release.Name, err)
		}
	}

	fmt.Fprintf(h.out, "applied the stand-in for the chart %s %s: %d objects in %s\n",
		release.Chart, release.Version, len(objects), request.Namespace)

	return nil
}

// annotate sets an annotation of a request unless it has the value.
func (h helm) annotate(ctx context.Context, request *corev1.ConfigMap, name, value string) error {
	if h.annotated[annotation{request.UID, name}] == value {
		return nil
	}

	patch := fmt.Appendf(nil, `{"metadata":{"annotations":{%q:%q}}}`, name, value)

	_, err := h.client.CoreV1().ConfigMaps(request.Namespace).
		Patch(ctx, request.Name, types.MergePatchType, patch, metav1.PatchOptions{})
	if err != nil {
		return fmt.Errorf("annotating the release %s: %w", request.Name, err)
	}

	h.annotated[annotation{request.UID, name}] = value

	return nil
}
