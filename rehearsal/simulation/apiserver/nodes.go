package apiserver

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Node is a machine that has joined the cluster.
type Node struct {
	Name    string
	Labels  map[string]string
	Taints  []any
	Kubelet string
	// Allocatable is the node's capacity for pods: cpu, memory, pods.
	Allocatable map[string]string
}

// Annotations and a label by which the control plane recognizes nodes without machines (tools/cluster).
const (
	simulated        = "kwok.x-k8s.io/node"
	nodeAllocatable  = "rehearsal/allocatable"
	nodeKubelet      = "rehearsal/kubelet"
	nodeManagedLabel = "rehearsal/node"
)

// Join registers the nodes of the cluster, and removes others that it has registered. Changes to a node persist.
func (s *Server) Join(ctx context.Context, nodes []Node) error {
	machines := Identity{Resource: schema.GroupVersionResource{Version: "v1", Resource: "nodes"}}
	running := map[string]bool{}

	for _, node := range nodes {
		running[node.Name] = true

		object, err := node.object()
		if err != nil {
			return err
		}

		if _, err := s.Apply(ctx, machines, object, false); err != nil {
			return fmt.Errorf("registering the node %s: %w", node.Name, err)
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

func (n Node) object() (map[string]any, error) {
	room, err := json.Marshal(n.Allocatable)
	if err != nil {
		return nil, fmt.Errorf("encoding the resources of node %s: %w", n.Name, err)
	}

	object := unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Node"}}
	object.SetName(n.Name)
	object.SetAnnotations(map[string]string{
		simulated: "fake", nodeAllocatable: string(room), nodeKubelet: n.Kubelet,
	})

	labels := map[string]string{nodeManagedLabel: "true"}
	maps.Copy(labels, n.Labels)
	object.SetLabels(labels)

	if len(n.Taints) > 0 {
		object.Object["spec"] = map[string]any{"taints": n.Taints}
	}

	return object.Object, nil
}
