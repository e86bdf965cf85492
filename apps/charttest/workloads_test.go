package charttest_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// replicasOf returns the number of replicas of an autoscaler.
type replicasOf func(autoscalingv2.HorizontalPodAutoscalerSpec) int32

// loads returns the replicas of services by load.
func loads() map[string]replicasOf {
	return map[string]replicasOf{
		"at rest": func(scaler autoscalingv2.HorizontalPodAutoscalerSpec) int32 { return *scaler.MinReplicas },
		"at most": func(scaler autoscalingv2.HorizontalPodAutoscalerSpec) int32 { return scaler.MaxReplicas },
	}
}

// workloads returns all workloads of an environment, except DaemonSets.
func workloads(t *testing.T, environment string, replicas replicasOf) []*workload {
	t.Helper()

	found := addonWorkloads()
	for _, all := range upstream(t, environment) {
		found = append(found, deployed(t, all, nil)...)
	}

	for _, service := range services(t) {
		found = append(found, deployed(t, render(t, load(t, service), valuesIn(t, service, environment)), replicas)...)
	}

	slices.SortFunc(found, func(a, b *workload) int { return strings.Compare(a.name, b.name) })

	return found
}

// addonWorkloads returns the Deployments of EKS's add-ons. CoreDNS can stop one of its two pods (EKS, coredns.yaml:
// maxUnavailable 1). For metrics-server, the model assumes the stricter case that it cannot.
func addonWorkloads() []*workload {
	_, asks := addons()

	return []*workload{
		{
			name: "coredns", count: 2, surge: 1, unavailable: 1, asks: asks["coredns"], pod: labelled("k8s-app", "kube-dns"),
		},
		{
			name: "metrics-server", count: 2, surge: 1, asks: asks["metrics-server"],
			pod: labelled("app.kubernetes.io/name", "metrics-server"),
		},
	}
}

func labelled(label, value string) corev1.PodTemplateSpec {
	var pod corev1.PodTemplateSpec

	pod.Labels = map[string]string{label: value}

	return pod
}

// deployed returns the workloads of a chart. A Deployment without a number of replicas has an autoscaler.
func deployed(t *testing.T, all objects, replicas replicasOf) []*workload {
	t.Helper()

	var found []*workload

	for _, one := range of[appsv1.Deployment](t, all, "Deployment") {
		w := &workload{name: one.Name, asks: requests(one.Spec.Template.Spec), pod: one.Spec.Template}
		w.count = count(t, all, one.Spec.Replicas, replicas)
		w.surge, w.unavailable = strategy(t, one.Spec.Strategy, w.count)
		found = append(found, w)
	}

	for _, one := range of[appsv1.StatefulSet](t, all, "StatefulSet") {
		found = append(found, &workload{
			name: one.Name, asks: requests(one.Spec.Template.Spec), pod: one.Spec.Template,
			count: count(t, all, one.Spec.Replicas, replicas), unavailable: 1, ordered: true,
		})
	}

	for _, one := range of[batchv1.Job](t, all, "Job") {
		found = append(found, &workload{
			name: one.Name, asks: requests(one.Spec.Template.Spec), pod: one.Spec.Template, ends: true,
		})
	}

	return found
}

func count(t *testing.T, all objects, written *int32, replicas replicasOf) int {
	t.Helper()

	if written != nil {
		return int(*written)
	}

	return int(replicas(one[autoscalingv2.HorizontalPodAutoscaler](t, all, "HorizontalPodAutoscaler").Spec))
}

// strategy returns how many pods a rollout has more, and how many fewer. The default is a quarter, rounded up for more
// and down for fewer (Kubernetes, pkg/controller/deployment/util, ResolveFenceposts).
func strategy(t *testing.T, written appsv1.DeploymentStrategy, count int) (int, int) {
	t.Helper()

	if written.Type == appsv1.RecreateDeploymentStrategyType {
		return 0, count
	}

	quarter := intstr.FromString("25%")
	surge, unavailable := &quarter, &quarter

	if rolling := written.RollingUpdate; rolling != nil {
		if rolling.MaxSurge != nil {
			surge = rolling.MaxSurge
		}

		if rolling.MaxUnavailable != nil {
			unavailable = rolling.MaxUnavailable
		}
	}

	more, err := intstr.GetScaledValueFromIntOrPercent(surge, count, true)
	require.NoError(t, err)

	fewer, err := intstr.GetScaledValueFromIntOrPercent(unavailable, count, false)
	require.NoError(t, err)

	if more == 0 && fewer == 0 {
		fewer = 1
	}

	return more, fewer
}

// newSite returns a site of zones with the same number of machines each.
func newSite(seed uint64, zones, each int, free room) *site {
	s := &site{random: rand.New(rand.NewPCG(seed, 0))}

	for zone := range zones {
		for range each {
			s.machines = append(s.machines, &machine{zone: string(rune('a' + zone)), free: free})
		}
	}

	return s
}

// launch adds the room of the pools, in equal shares to all zones: one machine in each stands for their nodes.
func (s *site) launch(pools room) {
	if pools == (room{}) {
		return
	}

	var zones []string
	for _, m := range s.machines {
		if !slices.Contains(zones, m.zone) {
			zones = append(zones, m.zone)
		}
	}

	count := int64(len(zones))
	for _, zone := range zones {
		s.machines = append(s.machines, &machine{
			zone: zone, free: room{CPU: pools.CPU / count, Memory: pools.Memory / count, Pods: pools.Pods / count},
		})
	}
}

// settle starts the pods of all workloads, in random order, and returns a workload for each pod that finds no room.
func (s *site) settle(t *testing.T, workloads []*workload) []string {
	t.Helper()

	for _, w := range workloads {
		if !w.ends {
			for range w.count {
				s.replicas = append(s.replicas, &replica{of: w})
			}
		}
	}

	var pending []string

	for _, i := range s.random.Perm(len(s.replicas)) {
		if !s.place(t, s.replicas[i]) {
			pending = append(pending, s.replicas[i].of.name)
		}
	}

	return pending
}
