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

// What is said of a release, and how whoever stands in for Helm answers: tools/cluster/releases.
const (
	releaseLabel   = "rehearsal/release"
	releaseRequest = "request"
	releaseApplied = "rehearsal/applied"
)

// releasePatience is how long the objects of a release may take.
const releasePatience = time.Minute

func configMaps() Identity {
	return Identity{Resource: schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}, Namespaced: true}
}

// Release asks for a release with all its inputs, its chart and values among them, and waits until its objects are
// there.
func (s *Server) Release(ctx context.Context, namespace, name string, inputs map[string]any) error {
	request, err := json.Marshal(inputs)
	if err != nil {
		return fmt.Errorf("asking for the release %s: %w", name, err)
	}

	object := map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{
			"name": releaseName(name), "namespace": namespace, "labels": map[string]any{releaseLabel: name},
		},
		"data": map[string]any{releaseRequest: string(request)},
	}
	if _, err := s.Apply(ctx, configMaps(), object, false); err != nil {
		return fmt.Errorf("asking for the release %s: %w", name, err)
	}

	sum := sha256.Sum256(request)
	digest := hex.EncodeToString(sum[:])

	err = wait.PollUntilContextTimeout(ctx, pause, releasePatience, true, func(ctx context.Context) (bool, error) {
		asked, err := s.Get(ctx, configMaps(), namespace+"/"+releaseName(name))

		return (&unstructured.Unstructured{Object: asked}).GetAnnotations()[releaseApplied] == digest, err
	})
	if err != nil {
		return fmt.Errorf("waiting for the objects of the release %s, as the control plane's log may tell: %w", name, err)
	}

	return nil
}

// Uninstall takes a release away. What it has in its namespace goes with it.
func (s *Server) Uninstall(ctx context.Context, namespace, name string) error {
	if err := s.Delete(ctx, configMaps(), namespace+"/"+releaseName(name)); err != nil {
		return fmt.Errorf("uninstalling the release %s: %w", name, err)
	}

	return nil
}

func releaseName(name string) string { return "release-" + name }

// Requested is what a release was asked for with, as JSON, or "".
func (s *Server) Requested(ctx context.Context, namespace, name string) (string, error) {
	asked, err := s.Get(ctx, configMaps(), namespace+"/"+releaseName(name))
	if err != nil {
		return "", fmt.Errorf("looking for the release %s: %w", name, err)
	}

	request, _, _ := unstructured.NestedString(asked, "data", releaseRequest)

	return request, nil
}
