package kubernetes

import (
	"context"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/provider"
)

// Objects are the objects of a kind in the live control plane, or nil where the account has them.
func (i *instance) Objects(kind behaviour.Kind) provider.Objects {
	switch {
	case i.live == nil:
		return nil
	case kind.Type == typeRelease:
		return apiserver.Releases{Server: i.live}
	}

	return objects{server: i.live, identity: whereabouts(kind)}
}

// isEKS reports whether a server is the endpoint of an EKS cluster.
func isEKS(server string) bool {
	return strings.HasSuffix(strings.TrimSuffix(server, ".cn"), ".eks.amazonaws.com")
}

// whereabouts is where the API server has the objects of a kind.
func whereabouts(kind behaviour.Kind) apiserver.Identity {
	known := identities()[kind.Type]
	version := schema.FromAPIVersionAndKind(known.apiVersion, "").GroupVersion()

	return apiserver.Identity{
		Resource: version.WithResource(known.plural), Namespaced: known.namespaced,
	}
}

// objects are the objects of one kind.
type objects struct {
	server   *apiserver.Server
	identity apiserver.Identity
}

// Apply applies an object. Before the same run has created the namespace and kind of the object, its state is
// unknown.
func (o objects) Apply(ctx context.Context, inputs map[string]any, dry bool) (string, map[string]any, error) {
	applied, err := o.server.Apply(ctx, o.identity, inputs, dry)
	if dry && apiserver.IsNotFound(err) {
		return "", nil, nil
	}

	if err != nil {
		return "", nil, refuse("%s", err)
	}

	return apiserver.ID(applied), applied, nil
}

// Get returns an object, or nil.
func (o objects) Get(ctx context.Context, id string, _ map[string]any) (map[string]any, error) {
	return o.server.Get(ctx, o.identity, id)
}

// Delete deletes an object.
func (o objects) Delete(ctx context.Context, id string) error {
	if err := o.server.Delete(ctx, o.identity, id); err != nil {
		return refuse("%s", err)
	}

	return nil
}
