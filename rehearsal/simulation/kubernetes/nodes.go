package kubernetes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/apiserver"
)

const (
	typeInstance  = "aws:ec2/instance:Instance"
	typeNodeGroup = "aws:eks/nodeGroup:NodeGroup"
)

// joinPause is the time between two looks at the account.
const joinPause = 100 * time.Millisecond

// Join makes the account's nodes join a live control plane until ctx ends, as their kubelets do, and calls report with
// the error of an attempt unless the attempt before had the same error. A server that does not answer gets another
// attempt.
func Join(ctx context.Context, acct *account.Account, server *apiserver.Server, report func(error)) {
	var joined, failed string

	for ctx.Err() == nil {
		nodes, err := nodesIn(acct)
		if names := fmt.Sprint(nodes); err == nil && names != joined {
			if err = server.Join(ctx, nodes); err == nil {
				joined = names
			}
		}

		if err == nil || errors.Is(err, apiserver.ErrUnreachable) {
			failed = ""
		} else if err.Error() != failed {
			failed = err.Error()
			report(err)
		}

		select {
		case <-ctx.Done():
		case <-time.After(joinPause):
		}
	}
}

// nodesIn returns the nodes of all node groups.
func nodesIn(acct *account.Account) ([]*unstructured.Unstructured, error) {
	var nodes []*unstructured.Unstructured

	for _, group := range acct.Find(func(r account.Resource) bool { return r.Type == typeNodeGroup && !r.Failed }) {
		for _, machine := range acct.Find(func(r account.Resource) bool {
			return r.Type == typeInstance && r.PartOf(group)
		}) {
			node, err := nodeOf(group, machine)
			if err != nil {
				return nil, err
			}

			nodes = append(nodes, node)
		}
	}

	return nodes, nil
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
