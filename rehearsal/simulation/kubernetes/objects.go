package kubernetes

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
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
		return releases{server: i.live}
	}

	return objects{server: i.live, identity: whereabouts(kind)}
}

// isEKS reports whether a server is the endpoint of an EKS cluster.
func isEKS(server string) bool { return strings.HasSuffix(server, ".eks.amazonaws.com") }

// whereabouts is where the API server has the objects of a kind.
func whereabouts(kind behaviour.Kind) apiserver.Identity {
	known := identities()[kind.Type]
	version := schema.FromAPIVersionAndKind(known.apiVersion, "").GroupVersion()

	return apiserver.Identity{
		Resource: version.WithResource(strings.ToLower(known.kind) + "s"), Namespaced: known.namespaced,
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
func (o objects) Get(ctx context.Context, id string) (map[string]any, error) {
	return o.server.Get(ctx, o.identity, id)
}

// Delete deletes an object.
func (o objects) Delete(ctx context.Context, id string) error {
	if err := o.server.Delete(ctx, o.identity, id); err != nil {
		return refuse("%s", err)
	}

	return nil
}

// releases are Helm releases, which tools/cluster applies.
type releases struct {
	server *apiserver.Server
}

// Apply requests a release. Its state is unknown before.
func (r releases) Apply(ctx context.Context, inputs map[string]any, dry bool) (string, map[string]any, error) {
	if dry {
		return "", nil, nil
	}

	namespace, name := textOf(inputs, "namespace"), textOf(inputs, "name")
	if err := r.server.Release(ctx, namespace, name, inputs); err != nil {
		return "", nil, refuse("%s", err)
	}

	return namespace + "/" + name, released(inputs), nil
}

// Get returns a release as it was requested.
func (r releases) Get(ctx context.Context, id string) (map[string]any, error) {
	namespace, name, _ := strings.Cut(id, "/")

	request, err := r.server.Requested(ctx, namespace, name)
	if err != nil || request == "" {
		return nil, err
	}

	var inputs map[string]any
	if err := json.Unmarshal([]byte(request), &inputs); err != nil {
		return nil, fmt.Errorf("reading the release %s: %w", id, err)
	}

	return released(inputs), nil
}

// Delete uninstalls a release.
func (r releases) Delete(ctx context.Context, id string) error {
	namespace, name, _ := strings.Cut(id, "/")
	if err := r.server.Uninstall(ctx, namespace, name); err != nil {
		return refuse("%s", err)
	}

	return nil
}

// released are the outputs of a release.
func released(inputs map[string]any) map[string]any {
	outputs := maps.Clone(inputs)
	outputs["resourceNames"] = map[string]any{}
	outputs["status"] = map[string]any{
		"status": "deployed", "name": inputs["name"], "namespace": inputs["namespace"], "revision": 1,
		"chart": inputs["chart"], "version": inputs["version"], "appVersion": "",
	}

	return outputs
}

func textOf(inputs map[string]any, name string) string {
	value, _ := inputs[name].(string)

	return value
}
