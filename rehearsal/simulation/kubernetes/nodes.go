package kubernetes

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/internet"
)

const (
	typeInstance  = "aws:ec2/instance:Instance"
	typeNodeGroup = "aws:eks/nodeGroup:NodeGroup"
)

// joinPatience is how long the API server may take to register the nodes.
const joinPatience = 30 * time.Second

// join makes the nodes join a live control plane, once.
func (i *instance) join(acct *account.Account) error {
	var err error

	if i.live != nil {
		i.joining.Do(func() { err = i.joined(acct) })
	}

	return err
}

// joined registers the instances of a cluster's node groups, as their kubelets would.
func (i *instance) joined(acct *account.Account) error {
	held, exists := internet.Cluster(acct, strings.TrimPrefix(i.configuration.server, "https://"))
	if !exists {
		return nil
	}

	var nodes []*unstructured.Unstructured

	for _, group := range acct.Find(func(r account.Resource) bool {
		return r.Type == typeNodeGroup && r.Text("clusterName") == held.ID && !r.Failed
	}) {
		for _, machine := range acct.Find(func(r account.Resource) bool {
			return r.Type == typeInstance && r.PartOf(group)
		}) {
			node, err := nodeOf(group, machine)
			if err != nil {
				return err
			}

			nodes = append(nodes, node)
		}
	}

	ctx, cancel := context.WithTimeout(context.Background(), joinPatience)
	defer cancel()

	return i.live.Join(ctx, nodes)
}

// nodeOf is the node of an instance of a group, with the labels that EKS and the cloud's controllers give it.
func nodeOf(group, machine account.Resource) (*unstructured.Unstructured, error) {
	kind := machine.Text("instanceType")

	offered, known := facts.AllocatableOf(kind)
	if !known {
		return nil, fmt.Errorf("node group %s: the capacity of a %s for pods is unknown; add it to "+
			"components/cluster/plan/allocatable.yaml, and run make generate", group.Text("nodeGroupName"), kind)
	}

	architecture := "amd64"
	if strings.Contains(group.Text("amiType"), "ARM_64") {
		architecture = "arm64"
	}

	name := "ip-" + strings.ReplaceAll(machine.Text("privateIp"), ".", "-") + ".ec2.internal"
	labels := map[string]string{
		"kubernetes.io/arch": architecture, "kubernetes.io/os": "linux", "kubernetes.io/hostname": name,
		"node.kubernetes.io/instance-type": kind,
		"topology.kubernetes.io/zone":      machine.Text("availabilityZone"),
		"topology.kubernetes.io/region":    machine.Region,
		"eks.amazonaws.com/nodegroup":      group.Text("nodeGroupName"),
		"eks.amazonaws.com/capacityType":   group.Text("capacityType"),
	}

	own, _ := group.Outputs["labels"].(map[string]any)
	for label, value := range own {
		labels[label] = fmt.Sprint(value)
	}

	room, err := json.Marshal(allocatable(offered))
	if err != nil {
		return nil, fmt.Errorf("encoding the resources of node %s: %w", name, err)
	}

	node := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Node"}}
	node.SetName(name)
	node.SetLabels(labels)
	// By these annotations, the control plane recognizes nodes without machines (tools/cluster).
	node.SetAnnotations(map[string]string{
		"kwok.x-k8s.io/node": "fake", "rehearsal/allocatable": string(room),
		"rehearsal/kubelet": "v" + group.Text("version") + ".0-eks",
	})

	if taints := taintsOf(group); len(taints) > 0 {
		node.Object["spec"] = map[string]any{"taints": taints}
	}

	return node, nil
}

// taintsOf are a group's taints, with Kubernetes' names of the effects.
func taintsOf(group account.Resource) []any {
	effects := map[any]string{
		"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule",
	}

	var taints []any

	described, _ := group.Outputs["taints"].([]any)
	for _, one := range described {
		taint, _ := one.(map[string]any)
		taints = append(taints, map[string]any{
			"key": taint["key"], "value": taint["value"], "effect": effects[taint["effect"]],
		})
	}

	return taints
}

// allocatable returns the resources of a node for pods, in Kubernetes's notation.
func allocatable(node facts.Allocatable) map[string]string {
	return map[string]string{
		"cpu": fmt.Sprintf("%dm", node.CPU), "memory": fmt.Sprintf("%dMi", node.Memory), "pods": strconv.Itoa(node.Pods),
		"ephemeral-storage": "17Gi", // of EKS's default of 20 GiB, less the image and the kubelet's reserve
	}
}
