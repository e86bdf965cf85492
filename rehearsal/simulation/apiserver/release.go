package apiserver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
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

func configMaps() Identity {
	return Identity{Resource: schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}, Namespaced: true}
}

// Release requests a release with its inputs, such as chart and values, and waits for the rollout of its workloads.
func (s *Server) Release(ctx context.Context, namespace, name string, inputs map[string]any) error {
	request, err := json.Marshal(inputs)
	if err != nil {
		return fmt.Errorf("requesting the release %s: %w", name, err)
	}

	object := map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{
			"name": releaseName(name), "namespace": namespace, "labels": map[string]any{releaseLabel: name},
		},
		"data": map[string]any{releaseRequest: string(request)},
	}
	if _, err := s.Apply(ctx, configMaps(), object, false); err != nil {
		return fmt.Errorf("requesting the release %s: %w", name, err)
	}

	var (
		sum    = sha256.Sum256(request)
		digest = hex.EncodeToString(sum[:])
		waits  = "its objects to be applied: see the control plane's log"
	)

	err = wait.PollUntilContextTimeout(ctx, pause, releasePatience, true, func(ctx context.Context) (bool, error) {
		asked, err := s.Get(ctx, configMaps(), namespace+"/"+releaseName(name))

		answers := (&unstructured.Unstructured{Object: asked}).GetAnnotations()
		if answers[releaseWaits] != "" {
			waits = answers[releaseWaits]
		}

		return answers[releaseApplied] == digest, err
	})
	if err != nil {
		return fmt.Errorf("release %s waits for %s: %w", name, waits, err)
	}

	return nil
}

// Uninstall removes a release and its objects in its namespace.
func (s *Server) Uninstall(ctx context.Context, namespace, name string) error {
	if err := s.Delete(ctx, configMaps(), namespace+"/"+releaseName(name)); err != nil {
		return fmt.Errorf("uninstalling the release %s: %w", name, err)
	}

	return nil
}

func releaseName(name string) string { return "release-" + name }

// Requested returns the inputs of a release as JSON, or "".
func (s *Server) Requested(ctx context.Context, namespace, name string) (string, error) {
	asked, err := s.Get(ctx, configMaps(), namespace+"/"+releaseName(name))
	if err != nil {
		return "", fmt.Errorf("looking up the release %s: %w", name, err)
	}

	request, _, _ := unstructured.NestedString(asked, "data", releaseRequest)

	return request, nil
}
