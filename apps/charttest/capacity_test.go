package charttest_test

import (
	"path/filepath"
	"slices"
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

// instances are what pods have of a node of each type that the settings name.
func instances() map[string]room {
	return map[string]room{"t4g.medium": instance(4, 17), "t4g.large": instance(8, 35)}
}

// instance is a node with two CPUs, GiB of memory, and addresses for so many pods (amazon-eks-ami,
// eni-max-pods.txt). The kubelet keeps 6% of the first CPU and 1% of the second, 255 MiB and 11 MiB for each pod, and
// ends pods once there are less than 100 MiB (amazon-eks-ami, nodeadm). Of the memory, 7.5% are the machine's own
// (Karpenter, VM_MEMORY_OVERHEAD_PERCENT).
func instance(gibibytes, pods int64) room {
	const cpu, kept, forEach, threshold = 2000 - 60 - 10, 255, 11, 100

	return room{CPU: cpu, Memory: gibibytes*1024*925/1000 - kept - forEach*pods - threshold, Pods: pods}
}

// addons are what EKS's add-ons ask for, on each node and besides that in the cluster, by their own defaults.
func addons() (map[string]room, map[string]room) {
	onNode := map[string]room{
		"vpc-cni":                {CPU: 25 + 25, Pods: 1}, // the CNI and its agent of network policies
		"kube-proxy":             {CPU: 100, Pods: 1},
		"eks-pod-identity-agent": {Pods: 1},
	}
	inCluster := map[string]room{
		"coredns":        room{CPU: 100, Memory: 70, Pods: 1}.times(2),
		"metrics-server": room{CPU: 100, Memory: 200, Pods: 1}.times(2),
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
				Min           int64    `json:"min"`
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

// However many replicas the autoscalers want, in the midst of a release of everything, the fewest nodes have room.
func TestAllPodsFitOnTheFewestNodes(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		var declared graph

		read(t, filepath.Join(apps, "..", "stacks", "testdata", environment+".json"), &declared)

		there, count := nodes(t, environment)
		system := systemPods(t, declared, count)

		for when, replicas := range map[string]func(autoscalingv2.HorizontalPodAutoscalerSpec) int32{
			"at rest": func(scaler autoscalingv2.HorizontalPodAutoscalerSpec) int32 { return *scaler.MinReplicas },
			"at most": func(scaler autoscalingv2.HorizontalPodAutoscalerSpec) int32 { return scaler.MaxReplicas },
		} {
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

// nodes are what the fewest nodes have, of the smallest type that EKS may choose, and how many they are.
func nodes(t *testing.T, environment string) (room, int64) {
	t.Helper()

	var tuned settings

	read(t, filepath.Join(apps, "..", "Pulumi."+environment+".yaml"), &tuned)

	var (
		there room
		count int64
	)

	for kind, described := range tuned.Config.Cluster.Nodes {
		sizes := make([]room, 0, len(described.InstanceTypes))

		for _, name := range described.InstanceTypes {
			require.Contains(t, instances(), name, "instance type of %s", kind)
			sizes = append(sizes, instances()[name])
		}

		smallest := slices.MinFunc(sizes, func(a, b room) int { return int(a.Memory - b.Memory) })
		number := described.Min * int64(len(tuned.Config.Network.Zones))
		there, count = there.plus(smallest.times(number)), count+number
	}

	require.Positive(t, count)

	return there, count
}

// systemPods are what is there before any service: EKS's add-ons, and the releases that the program declares.
func systemPods(t *testing.T, declared graph, nodes int64) room {
	t.Helper()

	var all room

	onNode, inCluster := addons()

	for _, one := range declared.Deployment.Resources {
		switch one.Type {
		case "aws:eks/addon:Addon":
			name, is := one.Inputs["addonName"].(string)
			require.True(t, is)
			require.Positive(t, onNode[name].Pods+inCluster[name].Pods, "what %s asks for is not known", name)

			all = all.plus(onNode[name].times(nodes)).plus(inCluster[name])
		case "kubernetes:helm.sh/v3:Release":
			all = all.plus(parts(t, at(t, one.Inputs, "values"), 1))
		}
	}

	require.Greater(t, all.Pods, nodes)

	return all
}

// parts are what the parts of a chart ask for, by its values: each has resources, and maybe replicas. Where it says
// nothing of them, they are as many as the chart has by itself.
func parts(t *testing.T, chart values, replicas int64) room {
	t.Helper()

	for _, counted := range []any{chart["replicas"], chart["deployment"]} {
		switch counted := counted.(type) {
		case float64:
			replicas = int64(counted)
		case values:
			replicas = int64(counted["replicas"].(float64)) //nolint:forcetypeassert // a test
		}
	}

	var all room

	for key, inner := range chart {
		inner, is := inner.(values)

		switch {
		case !is:
		case key == "resources":
			requests := at(t, inner, "requests")
			all = all.plus(asked(t, requests["cpu"], requests["memory"]).times(replicas))
		case key == "redis-ha":
			all = all.plus(parts(t, inner, 3)) // a Redis on each of three nodes, and a proxy for each
		default:
			all = all.plus(parts(t, inner, replicas))
		}
	}

	return all
}

func asked(t *testing.T, cpu, memory any) room {
	t.Helper()

	cpuText, is := cpu.(string)
	require.True(t, is)

	memoryText, is := memory.(string)
	require.True(t, is)

	cores, size := resource.MustParse(cpuText), resource.MustParse(memoryText)

	return room{CPU: cores.MilliValue(), Memory: size.Value() >> 20, Pods: 1}
}

// released is what a service asks for while it is released: so many replicas, one more as they are replaced, and its
// migration.
func released(
	t *testing.T, all objects, replicas func(autoscalingv2.HorizontalPodAutoscalerSpec) int32,
) room {
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

func requests(pod corev1.PodSpec) room {
	wanted := room{Pods: 1}

	for _, container := range pod.Containers {
		wanted.CPU += container.Resources.Requests.Cpu().MilliValue()
		wanted.Memory += container.Resources.Requests.Memory().Value() >> 20
	}

	return wanted
}
