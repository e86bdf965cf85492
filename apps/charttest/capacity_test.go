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

// room is what nodes have, and what pods ask for: thousandths of a CPU, MiB of memory, and pods.
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

	var groups []struct {
		Families []string        `json:"families"`
		Sizes    map[string]room `json:"sizes"`
	}

	const file = "components/cluster/plan/allocatable.yaml"

	read(t, filepath.Join(apps, "..", file), &groups)

	family, size, _ := strings.Cut(instanceType, ".")

	for _, group := range groups {
		if offered, known := group.Sizes[size]; known && slices.Contains(group.Families, family) {
			return offered
		}
	}

	require.FailNow(t, "unknown instance type", "%s: add what it offers to pods to %s", instanceType, file)

	return room{}
}

// addons are what a pod of EKS's add-ons asks for by their own defaults: of those that run on each node, and of those
// that have two replicas.
func addons() (map[string]room, map[string]room) {
	onNode := map[string]room{
		"vpc-cni":                {CPU: 25 + 25, Pods: 1}, // the CNI and its agent of network policies
		"kube-proxy":             {CPU: 100, Pods: 1},
		"eks-pod-identity-agent": {Pods: 1},
	}
	inCluster := map[string]room{
		"coredns":        {CPU: 100, Memory: 70, Pods: 1},
		"metrics-server": {CPU: 100, Memory: 200, Pods: 1},
	}

	return onNode, inCluster
}

// settings are what of a stack file says which nodes there are.
type settings struct {
	Config struct {
		Network struct {
			Zones []string `json:"zones"`
		} `json:"platform:network"`
		Cluster struct {
			Nodes map[string]struct {
				InstanceTypes []string `json:"instanceTypes"`
				Min           int      `json:"min"`
			} `json:"nodes"`
		} `json:"platform:cluster"`
	} `json:"config"`
}

// graph is what the program declares in an environment: its golden.
type graph struct {
	Deployment struct {
		Resources []struct {
			Type   string `json:"type"`
			Inputs values `json:"inputs"`
		} `json:"resources"`
	} `json:"deployment"`
}

// However many replicas the autoscalers ask for, during a release of everything the fewest nodes have room.
func TestAllPodsFitOnTheFewestNodes(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		each, zones, number := nodes(t, environment)
		count := int64(zones * number)
		there := each.times(count)
		system := systemPods(t, environment, count)

		for when, replicas := range loads() {
			wanted := system
			for _, service := range services(t) {
				wanted = wanted.plus(released(t, render(t, load(t, service), told(t, service, environment)), replicas))
			}

			t.Logf("%s %s: %d nodes have %+v, pods want %+v, the system's %+v", environment, when, count, there, wanted, system)
			assert.LessOrEqual(t, wanted.CPU, there.CPU, "CPU, in %s %s", environment, when)
			assert.LessOrEqual(t, wanted.Memory, there.Memory, "memory, in %s %s", environment, when)
			assert.LessOrEqual(t, wanted.Pods, there.Pods, "pods, in %s %s", environment, when)
		}
	}
}

// nodes are what a node of the smallest type that EKS may choose has, in how many zones there are nodes, and how many
// there are in each when there are fewest.
func nodes(t *testing.T, environment string) (room, int, int) {
	t.Helper()

	var tuned settings

	read(t, filepath.Join(apps, "..", "Pulumi."+environment+".yaml"), &tuned)

	var (
		sizes  []room
		number int
	)

	for _, described := range tuned.Config.Cluster.Nodes {
		for _, name := range described.InstanceTypes {
			sizes = append(sizes, allocatable(t, name))
		}

		number += described.Min
	}

	require.NotEmpty(t, sizes)
	require.Positive(t, number)

	smallest := slices.MinFunc(sizes, func(a, b room) int { return int(a.Memory - b.Memory) })

	return smallest, len(tuned.Config.Network.Zones), number
}

// systemPods are what is there before any service, while each rolls out: EKS's add-ons, and the releases that the
// program declares.
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
			name, is := one.Inputs["addonName"].(string)
			require.True(t, is)
			require.Positive(t, onNode[name].Pods+inCluster[name].Pods, "what %s asks for is not known", name)

			all = all.plus(onNode[name].times(nodes))
		}
	}

	system := addonWorkloads()
	for _, rendered := range upstream(t, environment) {
		system = append(system, deployed(t, rendered, nil)...)
	}

	for _, w := range system {
		most := w.count + w.surge
		if w.ends {
			most = 1
		}

		all = all.plus(w.asks.times(int64(most)))
	}

	require.Greater(t, all.Pods, nodes)

	return all
}

// released is what a service asks for while it is released: so many replicas, one more as they are replaced, and its
// migration.
func released(t *testing.T, all objects, replicas replicasOf) room {
	t.Helper()

	deployment := one[appsv1.Deployment](t, all, "Deployment")
	scaler := one[autoscalingv2.HorizontalPodAutoscaler](t, all, "HorizontalPodAutoscaler")
	surge := deployment.Spec.Strategy.RollingUpdate.MaxSurge.IntVal
	wanted := requests(deployment.Spec.Template.Spec).times(int64(replicas(scaler.Spec) + surge))

	for _, job := range of[batchv1.Job](t, all, "Job") {
		wanted = wanted.plus(requests(job.Spec.Template.Spec))
	}

	quota := one[corev1.ResourceQuota](t, all, "ResourceQuota").Spec.Hard
	assert.LessOrEqual(t, wanted.Pods, quota.Pods().Value())
	assert.LessOrEqual(t, wanted.CPU, quota.Name("requests.cpu", resource.DecimalSI).MilliValue())
	assert.LessOrEqual(t, wanted.Memory, quota.Name("requests.memory", resource.BinarySI).Value()>>20)

	return wanted
}

// requests are what a pod asks for. Its init containers run one after another, before the others.
func requests(pod corev1.PodSpec) room {
	wanted := room{Pods: 1}

	for _, container := range pod.Containers {
		wanted = wanted.plus(asked(container))
	}

	for _, container := range pod.InitContainers {
		before := asked(container)
		wanted.CPU, wanted.Memory = max(wanted.CPU, before.CPU), max(wanted.Memory, before.Memory)
	}

	return wanted
}

func asked(container corev1.Container) room {
	return room{
		CPU: container.Resources.Requests.Cpu().MilliValue(), Memory: container.Resources.Requests.Memory().Value() >> 20,
	}
}
