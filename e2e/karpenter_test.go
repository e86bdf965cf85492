package e2e_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"
)

const (
	poolLabel = "karpenter.sh/nodepool"
	zoneLabel = "topology.kubernetes.io/zone"
	// launching is how long a node, or its removal, may take. Karpenter waits for up to ten seconds for more pods.
	launching = 90 * time.Second
)

// TestKarpenterFollowsThePods runs Karpenter's own controllers, with simulated instances (tools/karpenter).
func TestKarpenterFollowsThePods(t *testing.T) {
	t.Parallel()

	e := start(t, "sandbox")
	e.up()

	k := e.startKarpenter()
	e.play("an autoscaler adds pods, and nodes appear in every zone", k.nodesInEveryZone)
	e.play("a third service fits without a change to the nodes", k.thirdService)
	e.play("EC2 reclaims a spot node", k.interruption)
	e.play("a zone has no capacity", k.fullZone)
	e.play("the limit of the pool is reached", k.limit)
	e.play("the load drops", k.consolidation)
	e.play("a node reaches its maximum age", k.expiry)
	e.play("destroy with nodes of a pool", k.destroyed)
}

// karpenter is the running Karpenter of an environment.
type karpenter struct {
	folder string
	// steady and anywhere are Deployments. Those of steady are spread over the zones, and have an autoscaler and a
	// disruption budget.
	steady, anywhere load
}

// startKarpenter runs Karpenter with the facts of the rehearsed account, after `up` has installed its kinds.
func (e *environment) startKarpenter() *karpenter {
	e.t.Helper()

	k := &karpenter{folder: filepath.Join(e.cluster, "karpenter"), steady: load{"steady"}, anywhere: load{"anywhere"}}
	require.NoError(e.t, os.MkdirAll(filepath.Join(k.folder, "queue"), 0o700))
	k.write(e, "site.json", e.site())

	started := e.runWith("karpenter", "karpenter-controllers", []string{
		"KUBECONFIG=" + filepath.Join(e.cluster, "kubeconfig"), "KARPENTER_FOLDER=" + k.folder,
		"CLUSTER_NAME=" + e.stack, "DISABLE_LEADER_ELECTION=true", "METRICS_PORT=0", "HEALTH_PROBE_PORT=0",
	})

	e.await("the pool is ready", launching, func() (bool, string) {
		pool, err := e.objects.Resource(poolResource()).Get(e.t.Context(), "services", metav1.GetOptions{})
		require.NoError(e.t, err)

		text := started.text()

		return isPoolReady(pool), text[max(0, len(text)-1500):]
	})

	return k
}

// write writes a file that Karpenter's stand-in for EC2 reads.
func (k *karpenter) write(e *environment, name string, content any) {
	e.t.Helper()

	text, err := json.Marshal(content)
	require.NoError(e.t, err)

	file := filepath.Join(k.folder, name)
	require.NoError(e.t, os.WriteFile(file+".new", text, 0o600))
	require.NoError(e.t, os.Rename(file+".new", file))
}

// site returns what AWS would say about the account: see tools/karpenter.
func (e *environment) site() map[string]any {
	e.t.Helper()

	files, err := filepath.Glob(filepath.Join(e.base, "account", "*.json"))
	require.NoError(e.t, err)
	require.Len(e.t, files, 1)

	var account struct {
		Resources []struct {
			Type    string         `json:"type"`
			ID      string         `json:"id"`
			Outputs map[string]any `json:"outputs"`
		} `json:"resources"`
	}

	e.decode(files[0], &account)

	subnets, groups, profiles := map[string]any{}, []string{}, []string{}

	for _, held := range account.Resources {
		switch held.Type {
		case "aws:ec2/subnet:Subnet":
			subnets[held.ID] = held.Outputs["availabilityZone"]
		case "aws:ec2/securityGroup:SecurityGroup":
			groups = append(groups, held.ID)
		case "aws:iam/instanceProfile:InstanceProfile":
			profiles = append(profiles, held.ID)
		}
	}

	nodes, err := e.kube.CoreV1().Nodes().List(e.t.Context(), metav1.ListOptions{})
	require.NoError(e.t, err)

	return map[string]any{
		"clusterName": e.stack, "kubelet": nodes.Items[0].Annotations["rehearsal/kubelet"], "subnets": subnets,
		"securityGroups": groups, "instanceProfiles": profiles, "types": e.instanceTypes(),
	}
}

// instanceTypes returns the types of the pool's families that have a price.
func (e *environment) instanceTypes() []map[string]any {
	e.t.Helper()

	var rooms map[string]map[string]map[string]int

	e.decode(filepath.Join(e.checkout, "components/cluster/plan/allocatable.yaml"), &rooms)

	prices, err := os.ReadFile(filepath.Join(e.checkout, "rehearsal/cost/prices.csv"))
	require.NoError(e.t, err)

	var found []map[string]any

	for line := range strings.Lines(string(prices)) {
		fields := strings.Split(line, ",")
		family, size, _ := strings.Cut(strings.TrimPrefix(fields[0], "ec2."), ".")
		room := rooms[family][size]

		if !slices.Contains([]string{"t4g", "m7g"}, family) || room == nil {
			continue
		}

		price, err := strconv.ParseFloat(fields[2], 64)
		require.NoError(e.t, err)

		found = append(found, map[string]any{
			"name": family + "." + size, "architecture": "arm64", "millicores": room["cpu"], "memoryMiB": room["memory"],
			"pods": room["pods"], "hourlyUsd": price,
		})
	}

	require.NotEmpty(e.t, found)

	return found
}

// decode decodes a file with JSON or YAML.
func (e *environment) decode(file string, into any) {
	e.t.Helper()

	text, err := os.ReadFile(filepath.Clean(file))
	require.NoError(e.t, err)
	require.NoError(e.t, yaml.Unmarshal(text, into))
}

// isPoolReady reports whether Karpenter has found the pool and its class usable.
func isPoolReady(pool *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(pool.Object, "status", "conditions")

	return slices.ContainsFunc(conditions, func(condition any) bool {
		fields, _ := condition.(map[string]any)

		return fields["type"] == "Ready" && fields["status"] == "True"
	})
}

func poolResource() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "karpenter.sh", Version: "v1", Resource: "nodepools"}
}

// patch changes the pool.
func (k *karpenter) patch(e *environment, patch string) {
	e.t.Helper()

	_, err := e.objects.Resource(poolResource()).Patch(
		e.t.Context(), "services", types.MergePatchType, []byte(patch), metav1.PatchOptions{})
	require.NoError(e.t, err)
}

// nodes returns the nodes that Karpenter has launched and that accept pods, by name.
func (k *karpenter) nodes(e *environment) map[string]corev1.Node {
	e.t.Helper()

	listed, err := e.kube.CoreV1().Nodes().List(e.t.Context(), metav1.ListOptions{LabelSelector: poolLabel})
	require.NoError(e.t, err)

	found := map[string]corev1.Node{}
	for _, node := range listed.Items {
		found[node.Name] = node
	}

	return found
}

// zones returns the zones of nodes, sorted.
func zones(nodes map[string]corev1.Node) []string {
	var all []string
	for _, node := range nodes {
		all = append(all, node.Labels[zoneLabel])
	}

	slices.Sort(all)

	return slices.Compact(all)
}

func (k *karpenter) nodesInEveryZone(e *environment) {
	k.steady.create(e, 2, true)
	k.anywhere.create(e, 0, false)
	k.steady.scale(e, 10)
	k.steady.awaitReady(e, 10)

	launched := k.nodes(e)
	assert.Len(e.t, zones(launched), 2, "%v", slices.Collect(maps.Keys(launched)))

	for _, node := range launched {
		assert.Equal(e.t, "spot", node.Labels["karpenter.sh/capacity-type"])
		assert.Equal(e.t, "arm64", node.Labels["kubernetes.io/arch"])
	}
}

// interruption sends EC2's warning, two minutes before it reclaims a node.
func (k *karpenter) interruption(e *environment) {
	defer k.steady.neverFewer(e, 8)()

	name := slices.Min(slices.Collect(maps.Keys(k.nodes(e))))
	id, _, _ := strings.Cut(name, ".")

	k.write(e, "queue/warning.json", map[string]any{
		"version": "0", "id": "1", "source": "aws.ec2", "detail-type": "EC2 Spot Instance Interruption Warning",
		"account": "123456789012", "region": "us-east-1", "time": time.Now().UTC().Format(time.RFC3339),
		"resources": []string{"arn:aws:ec2:us-east-1:123456789012:instance/" + id},
		"detail":    map[string]any{"instance-id": id, "instance-action": "terminate"},
	})
	k.awaitGone(e, name)
	k.steady.awaitReady(e, 10)
	assert.NoFileExists(e.t, filepath.Join(k.folder, "queue", "warning.json"))
}

// awaitGone waits until a node has been drained and terminated.
func (k *karpenter) awaitGone(e *environment, name string) {
	e.t.Helper()
	e.await(name+" is gone", launching, func() (bool, string) {
		_, there := k.nodes(e)[name]

		return !there, strings.Join(slices.Sorted(maps.Keys(k.nodes(e))), " ")
	})
}
