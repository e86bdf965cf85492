package charttest_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// room is the capacity of nodes or the requests of pods: thousandths of a CPU, MiB of memory, and pods.
type room struct{ CPU, Memory, Pods int64 }

func (r room) times(n int64) room {
	return room{CPU: r.CPU * n, Memory: r.Memory * n, Pods: r.Pods * n}
}

func (r room) plus(other room) room {
	return room{CPU: r.CPU + other.CPU, Memory: r.Memory + other.Memory, Pods: r.Pods + other.Pods}
}

// allocatable returns what a node of an instance type offers to pods.
func allocatable(t *testing.T, instanceType string) room {
	t.Helper()

	const file = "components/cluster/plan/allocatable.yaml"

	var offers map[string]map[string]room

	read(t, filepath.Join(apps, "..", file), &offers)

	family, size, _ := strings.Cut(instanceType, ".")
	require.Contains(t, offers[family], size, "%s: add what it offers to pods to %s", instanceType, file)

	return offers[family][size]
}

// addons returns the default requests of a pod of each EKS add-on: add-ons that run on each node, and add-ons with two
// replicas.
func addons() (map[string]room, map[string]room) {
	onNode := map[string]room{
		"vpc-cni":                {CPU: 25 + 25, Pods: 1}, // the CNI and its agent for network policies
		"kube-proxy":             {CPU: 100, Pods: 1},
		"eks-pod-identity-agent": {Pods: 1},
	}
	inCluster := map[string]room{
		"coredns":        {CPU: 100, Memory: 70, Pods: 1},
		"metrics-server": {CPU: 100, Memory: 200, Pods: 1},
	}

	return onNode, inCluster
}

// settings are the settings of a stack file that determine the nodes.
type settings struct {
	Config struct {
		Network struct {
			Zones []string `json:"zones"`
		} `json:"platform:network"`
		Cluster struct {
			Nodes map[string]struct {
				InstanceTypes []string `json:"instanceTypes"`
				Min           int      `json:"min"`
				Taints        []values `json:"taints"`
			} `json:"nodes"`
		} `json:"platform:cluster"`
		GitOps struct {
			HighlyAvailable bool `json:"highlyAvailable"`
		} `json:"platform:gitops"`
	} `json:"config"`
}

// graph is the golden graph of an environment.
type graph struct {
	Deployment struct {
		Resources []struct {
			Type   string `json:"type"`
			Inputs values `json:"inputs"`
		} `json:"resources"`
	} `json:"deployment"`
}

// The smallest set of nodes has room for all services during a release of everything, at any number of replicas.
func TestC7AllPodsFitOnTheEnvironmentsSmallestSetOfNodes(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		each, zones, perZone := nodes(t, environment)
		count := int64(zones * perZone)
		available := each.times(count)
		system := systemPods(t, environment, count)

		for when, replicas := range loads() {
			needed := system
			for _, service := range services(t) {
				needed = needed.plus(released(t, render(t, load(t, service), valuesIn(t, service, environment)), replicas))
			}

			t.Logf("%s %s: %d nodes have %+v, pods need %+v, the system %+v",
				environment, when, count, available, needed, system)
			assert.LessOrEqual(t, needed.CPU, available.CPU, "CPU, in %s %s", environment, when)
			assert.LessOrEqual(t, needed.Memory, available.Memory, "memory, in %s %s", environment, when)
			assert.LessOrEqual(t, needed.Pods, available.Pods, "pods, in %s %s", environment, when)
		}
	}
}

// The program refuses nodes that are too small for these requests before it creates them.
func TestTheSystemsRequestsAreUpToDate(t *testing.T) {
	t.Parallel()

	const file = "components/cluster/plan/system.yaml"

	var written map[string]room

	read(t, filepath.Join(apps, "..", file), &written)

	onNode, _ := addons()

	var each room
	for _, asks := range onNode {
		each = each.plus(asks)
	}

	for _, environment := range environments(t, services(t)[0]) {
		once := "single"
		if stackOf(t, environment).Config.GitOps.HighlyAvailable {
			once = "highlyAvailable"
		}

		assert.Equal(t, written[once], systemPods(t, environment, 0), "%s of %s, as in %s", once, file, environment)
	}

	assert.Equal(t, written["eachNode"], each, "eachNode of %s", file)
}

// stackOf returns the settings of an environment.
func stackOf(t *testing.T, environment string) settings {
	t.Helper()

	var stack settings

	read(t, filepath.Join(apps, "..", "Pulumi."+environment+".yaml"), &stack)

	return stack
}

// nodes returns the capacity of a node of the smallest type that EKS can choose, the number of zones, and the smallest
// number of nodes in each.
func nodes(t *testing.T, environment string) (room, int, int) {
	t.Helper()

	stack := stackOf(t, environment)

	var (
		sizes   []room
		perZone int
	)

	for _, described := range stack.Config.Cluster.Nodes {
		if described.Min == 0 || len(described.Taints) > 0 {
			continue // no place for any pod
		}

		for _, name := range described.InstanceTypes {
			sizes = append(sizes, allocatable(t, name))
		}

		perZone += described.Min
	}

	require.NotEmpty(t, sizes)
	require.Positive(t, perZone)

	smallest := slices.MinFunc(sizes, func(a, b room) int { return int(a.Memory - b.Memory) })

	return smallest, len(stack.Config.Network.Zones), perZone
}

// systemPods returns the requests of everything except services, during a rollout: EKS's add-ons, and the releases that
// the program declares.
func systemPods(t *testing.T, environment string, nodes int64) room {
	t.Helper()

	var (
		declared graph
		all      room
	)

	read(t, filepath.Join(apps, "..", "stacks", "testdata", environment+".json"), &declared)

	onNode, inCluster := addons()

	for _, one := range declared.Deployment.Resources {
		if one.Type == "aws:eks/addon:Addon" {
			name, ok := one.Inputs["addonName"].(string)
			require.True(t, ok)
			require.Positive(t, onNode[name].Pods+inCluster[name].Pods, "add the requests of %s to addons", name)

			all = all.plus(onNode[name].times(nodes))
		}
	}

	for _, w := range systemWorkloads(t, environment) {
		most := w.count + w.surge
		if w.ends {
			most = 1
		}

		all = all.plus(w.asks.times(int64(most)))
	}

	require.Greater(t, all.Pods, nodes)

	return all
}

// systemWorkloads returns EKS's add-ons with replicas, and the releases that the program declares.
func systemWorkloads(t *testing.T, environment string) []*workload {
	t.Helper()

	system := addonWorkloads()
	for _, rendered := range upstream(t, environment) {
		system = append(system, deployed(t, rendered, nil)...)
	}

	return system
}

// released returns the requests of a service during its release: its replicas, the surge, and its migration.
func released(t *testing.T, all objects, replicas replicasOf) room {
	t.Helper()

	deployment := one[appsv1.Deployment](t, all, "Deployment")
	scaler := one[autoscalingv2.HorizontalPodAutoscaler](t, all, "HorizontalPodAutoscaler")
	surge := deployment.Spec.Strategy.RollingUpdate.MaxSurge.IntVal
	needed := requests(deployment.Spec.Template.Spec).times(int64(replicas(scaler.Spec) + surge))

	for _, job := range of[batchv1.Job](t, all, "Job") {
		needed = needed.plus(requests(job.Spec.Template.Spec))
	}

	quota := one[corev1.ResourceQuota](t, all, "ResourceQuota").Spec.Hard
	assert.LessOrEqual(t, needed.Pods, quota.Pods().Value())
	assert.LessOrEqual(t, needed.CPU, quota.Name("requests.cpu", resource.DecimalSI).MilliValue())
	assert.LessOrEqual(t, needed.Memory, quota.Name("requests.memory", resource.BinarySI).Value()>>20)

	return needed
}

// requests returns the requests of a pod. Its init containers run one after another, before the other containers.
func requests(pod corev1.PodSpec) room {
	needed := room{Pods: 1}

	for _, container := range pod.Containers {
		needed = needed.plus(request(container))
	}

	for _, container := range pod.InitContainers {
		init := request(container)
		needed.CPU, needed.Memory = max(needed.CPU, init.CPU), max(needed.Memory, init.Memory)
	}

	return needed
}

func request(container corev1.Container) room {
	return room{
		CPU: container.Resources.Requests.Cpu().MilliValue(), Memory: container.Resources.Requests.Memory().Value() >> 20,
	}
}
