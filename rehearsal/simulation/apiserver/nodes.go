package apiserver

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// nodeManagedLabel is the label of the nodes that Join has registered.
const nodeManagedLabel = "rehearsal/node"

// Join registers the nodes of the cluster, and removes others that it has registered. Changes to a node persist.
func (s *Server) Join(ctx context.Context, nodes []*unstructured.Unstructured) error {
	machines := Identity{Resource: schema.GroupVersionResource{Version: "v1", Resource: "nodes"}}
	running := map[string]bool{}

	for _, node := range nodes {
		running[node.GetName()] = true

		labels := node.GetLabels()
		labels[nodeManagedLabel] = "true"
		node.SetLabels(labels)

		if _, err := s.Apply(ctx, machines, node.Object, false); err != nil {
			return fmt.Errorf("registering the node %s: %w", node.GetName(), err)
		}
	}

	known, err := s.of(machines, "").List(ctx, metav1.ListOptions{LabelSelector: nodeManagedLabel})
	if err != nil {
		return fmt.Errorf("listing nodes: %w", explain(err))
	}

	for _, node := range known.Items {
		if running[node.GetName()] {
			continue
		}

		if err := s.Delete(ctx, machines, node.GetName()); err != nil {
			return fmt.Errorf("removing the node %s: %w", node.GetName(), err)
		}
	}

	return nil
}
