package releases

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// applier applies objects of any kind.
type applier struct {
	client dynamic.Interface
	kinds  meta.RESTMapper
}

func newApplier(config *rest.Config) (*applier, error) {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}

	known, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}

	return &applier{
		client: client, kinds: restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(known)),
	}, nil
}

// apply applies an object. The request owns objects in its own namespace, so that they are deleted with it.
func (a *applier) apply(ctx context.Context, object *unstructured.Unstructured, request *corev1.ConfigMap) error {
	kind := object.GroupVersionKind()

	mapping, err := a.kinds.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return fmt.Errorf("%s %s: %w", kind.Kind, object.GetName(), err)
	}

	objects := dynamic.ResourceInterface(a.client.Resource(mapping.Resource))

	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		object.SetNamespace(request.Namespace)
		object.SetOwnerReferences([]metav1.OwnerReference{{
			APIVersion: "v1", Kind: "ConfigMap", Name: request.Name, UID: request.UID,
		}})

		objects = a.client.Resource(mapping.Resource).Namespace(request.Namespace)
	}

	_, err = objects.Apply(ctx, object.GetName(), object, metav1.ApplyOptions{FieldManager: "helm", Force: true})
	if err != nil {
		return fmt.Errorf("%s %s: %w", kind.Kind, object.GetName(), err)
	}

	return nil
}
