package apiserver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
)

// The request of a release, and the answers of tools/cluster/releases, which applies it in place of Helm.
const (
	releaseLabel   = "rehearsal/release"
	releaseRequest = "request"
	releaseApplied = "rehearsal/applied"
	releaseWaits   = "rehearsal/waits"
)

// releasePatience is how long a rollout may take. A pod is ready within a second here: a rollout that takes longer
// would not end within the release's own timeout either.
const releasePatience = 2 * time.Minute

// Releases are Helm releases. Each is requested by a ConfigMap.
type Releases struct{ Server *Server }

func configMaps() Identity {
	return Identity{Resource: schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}, Namespaced: true}
}

// requestID is the id of the ConfigMap of a release.
func requestID(id string) string {
	namespace, name := split(id)

	return namespace + "/release-" + name
}

// Apply requests a release with its inputs, such as chart and values, and waits for the rollout of its workloads. The
// state of a release is unknown before.
func (r Releases) Apply(ctx context.Context, inputs map[string]any, dry bool) (string, map[string]any, error) {
	if dry {
		return "", nil, nil
	}

	id := fmt.Sprintf("%v/%v", inputs["namespace"], inputs["name"])

	request, err := json.Marshal(inputs)
	if err != nil {
		return "", nil, fmt.Errorf("requesting the release %s: %w", id, err)
	}

	namespace, name := split(requestID(id))
	object := map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{
			"name": name, "namespace": namespace, "labels": map[string]any{releaseLabel: inputs["name"]},
		},
		"data": map[string]any{releaseRequest: string(request)},
	}

	if _, err := r.Server.Apply(ctx, configMaps(), object, false); err != nil {
		return "", nil, fmt.Errorf("requesting the release %s: %w", id, err)
	}

	return id, released(inputs), r.wait(ctx, id, request)
}

// Get returns a release as it was requested, or nil if there is none.
func (r Releases) Get(ctx context.Context, id string) (map[string]any, error) {
	asked, err := r.Server.Get(ctx, configMaps(), requestID(id))
	if err != nil {
		return nil, fmt.Errorf("looking up the release %s: %w", id, err)
	}

	request, exists, _ := unstructured.NestedString(asked, "data", releaseRequest)
	if !exists {
		return nil, nil //nolint:nilnil // as documented
	}

	var inputs map[string]any
	if err := json.Unmarshal([]byte(request), &inputs); err != nil {
		return nil, fmt.Errorf("reading the release %s: %w", id, err)
	}

	return released(inputs), nil
}

// Delete uninstalls a release: it removes its objects in its namespace.
func (r Releases) Delete(ctx context.Context, id string) error {
	if err := r.Server.Delete(ctx, configMaps(), requestID(id)); err != nil {
		return fmt.Errorf("uninstalling the release %s: %w", id, err)
	}

	return nil
}

// wait waits until a request has been applied.
func (r Releases) wait(ctx context.Context, id string, request []byte) error {
	var (
		sum    = sha256.Sum256(request)
		digest = hex.EncodeToString(sum[:])
		waits  = "its objects to be applied: see the control plane's log"
	)

	err := wait.PollUntilContextTimeout(ctx, pause, releasePatience, true, func(ctx context.Context) (bool, error) {
		asked, err := r.Server.Get(ctx, configMaps(), requestID(id))

		answers := (&unstructured.Unstructured{Object: asked}).GetAnnotations()
		if answers[releaseWaits] != "" {
			waits = answers[releaseWaits]
		}

		return answers[releaseApplied] == digest, err
	})
	if err != nil {
		return fmt.Errorf("release %s waits for %s: %w", id, waits, err)
	}

	return nil
}

// released returns the outputs of a release.
func released(inputs map[string]any) map[string]any {
	outputs := maps.Clone(inputs)
	outputs["resourceNames"] = map[string]any{}
	outputs["status"] = map[string]any{
		"status": "deployed", "name": inputs["name"], "namespace": inputs["namespace"], "revision": 1,
		"chart": inputs["chart"], "version": inputs["version"], "appVersion": "",
	}

	return outputs
}
