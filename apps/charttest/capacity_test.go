package charttest_test

import (
	"path/filepath"
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

// graph is the golden graph of an environment.
type graph struct {
	Deployment struct {
		Resources []struct {
			Type   string `json:"type"`
			Inputs values `json:"inputs"`
		} `json:"resources"`
	} `json:"deployment"`
}

// The smallest set of nodes has room for the system. With what Karpenter may launch, the nodes have room for all
// services during a release of everything, at any number of replicas, also without the nodes of one zone.
func TestC7AllPodsFitOnTheNodesThatTheEnvironmentMayHave(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		each, zones, perZone := nodes(t, environment)
		count := int64(zones * perZone)
		pools := launched(t, environment)

		assertFits(t, systemPods(t, environment, count), each.times(count), "the system, in "+environment)

		if pools != (room{}) {
			count -= int64(perZone) // a zone is lost, and Karpenter launches nodes in the others
		}

		available := each.times(count).plus(pools)

		for when, replicas := range loads() {
			needed := systemPods(t, environment, count)
			for _, service := range services(t) {
				needed = needed.plus(released(t, render(t, load(t, service), valuesIn(t, service, environment)), replicas))
			}

			assertFits(t, needed, available, "all services, in "+environment+" "+when)
		}
	}
}

// assertFits asserts that nodes have room for pods.
func assertFits(t *testing.T, needed, available room, which string) {
	t.Helper()
	t.Logf("%s: the nodes have %+v, the pods need %+v", which, available, needed)

	assert.LessOrEqual(t, needed.CPU, available.CPU, "CPU, %s", which)
	assert.LessOrEqual(t, needed.Memory, available.Memory, "memory, %s", which)
	assert.LessOrEqual(t, needed.Pods, available.Pods, "pods, %s", which)
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

		needed := written[once]

		for _, w := range systemWorkloads(t, environment) {
			if w.name == "karpenter" {
				needed = needed.plus(written["karpenter"].times(int64(w.count + 1)))
			}
		}

		assert.Equal(t, needed, systemPods(t, environment, 0), "%s of %s, as in %s", once, file, environment)
	}

	assert.Equal(t, written["eachNode"], each, "eachNode of %s", file)
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
