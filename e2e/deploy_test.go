package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

// usesOutputs checks that pods are spread over zones and use the program's outputs.
func usesOutputs(e *environment) {
	outputs := e.outputs()
	stores := map[string][2]string{
		"flights": {"MYSQL_HOST", "databaseEndpoint"}, "reservations": {"REDIS_HOST", "cacheEndpoint"},
	}

	nodes, err := e.kube.CoreV1().Nodes().List(e.t.Context(), metav1.ListOptions{})
	require.NoError(e.t, err)

	zones := map[string]string{}

	for _, node := range nodes.Items {
		zones[node.Name] = node.Labels["topology.kubernetes.io/zone"]

		// The simulation states the room of the node's instance type, and the kubelet must report it.
		var room map[string]string

		require.NoError(e.t, json.Unmarshal([]byte(node.Annotations["rehearsal/allocatable"]), &room))
		assert.Equal(e.t, room["pods"], node.Status.Allocatable.Pods().String(), node.Name)
	}

	for service, store := range stores {
		used := map[string]bool{}

		for _, pod := range e.ready(service) {
			used[zones[pod.Spec.NodeName]] = true

			host := variable(pod, store[0])
			assert.NotEmpty(e.t, host)
			assert.Equal(e.t, host, strings.Split(fmt.Sprint(outputs[store[1]]), ":")[0], store[1])
		}

		available := len(slices.Compact(slices.Sorted(maps.Values(zones))))
		assert.Len(e.t, used, min(e.minReplicas(service), available), "zones of %s", service)
		assert.Len(e.t, e.ready(service), e.minReplicas(service), service)

		ingress, err := e.kube.NetworkingV1().Ingresses(service).Get(e.t.Context(), service, metav1.GetOptions{})
		require.NoError(e.t, err)
		require.Len(e.t, ingress.Status.LoadBalancer.Ingress, 1)
		assert.Equal(e.t, outputs["loadBalancerHostname"], ingress.Status.LoadBalancer.Ingress[0].Hostname)
	}
}

// variable returns a variable of a pod's first container.
func variable(pod corev1.Pod, name string) string {
	for _, variable := range pod.Spec.Containers[0].Env {
		if variable.Name == name {
			return variable.Value
		}
	}

	return ""
}

// refreshFindsDrift deletes an object by hand. A preview compares with the state, so that it shows the deletion only
// after a refresh. A field that was changed by hand has another manager, which the preview reports.
func refreshFindsDrift(e *environment) {
	project := applicationsResource()
	project.Resource = "appprojects"
	projects := e.objects.Resource(project).Namespace("argocd")

	e.must("refresh")
	require.NoError(e.t, projects.Delete(e.t.Context(), "platform", metav1.DeleteOptions{}))
	e.unchanged()
	e.must("refresh")
	assert.Contains(e.t, e.must("up"), "1 created")
	e.healthy(services()...)

	change := func(description string) {
		_, err := projects.Patch(e.t.Context(), "platform", types.MergePatchType,
			[]byte(`{"spec":{"description":"`+description+`"}}`), metav1.PatchOptions{FieldManager: "by-hand"})
		require.NoError(e.t, err)
	}

	change("changed by hand")
	e.must("refresh")

	printed, err := e.rehearse("", "preview")
	require.Error(e.t, err)
	assert.Contains(e.t, printed, `conflict with "by-hand"`)
	assert.Contains(e.t, printed, ".spec.description")

	change("The services of the platform")
}

// kubectlWorks uses kubectl with the exported kubeconfig.
func kubectlWorks(e *environment) {
	printed, err := e.rehearse(
		"pulumi stack output kubeconfig --show-secrets > $REHEARSAL_FOLDER/kubeconfig\n"+
			"KUBECONFIG=$REHEARSAL_FOLDER/kubeconfig kubectl get nodes --output name\n"+
			"KUBECONFIG=$REHEARSAL_FOLDER/kubeconfig kubectl auth whoami\n", "shell")
	require.NoError(e.t, err, "%s", printed)
	assert.Equal(e.t, 2, strings.Count(printed, "node/ip-10-10-"), printed)
}

// releaseIsRolledOut changes the image of each service. The number of ready pods never falls below the disruption
// budget.
func releaseIsRolledOut(e *environment) {
	next := "sha256:" + strings.Repeat("1", 64)

	for _, service := range services() {
		defer e.neverFewer(service, e.minReplicas(service)-1)()

		e.release(service, next)
	}

	e.commit("a release")
	e.healthy(services()...)

	for _, service := range services() {
		e.runs(service, next)
	}
}

// neverFewer fails the test if a service has fewer ready pods before the returned function is called.
func (e *environment) neverFewer(service string, count int) func() {
	return e.holdsUntil(fmt.Sprintf("at least %d pods of %s are ready", count, service), func() (bool, string) {
		pods := e.ready(service)

		return len(pods) >= count || e.t.Context().Err() != nil, images(pods)
	})
}

// brokenChart breaks a service in three ways. Its pods keep running, Argo CD shows the error, and a revert fixes it.
func brokenChart(e *environment) {
	const service = "reservations"

	_, digest, _ := strings.Cut(e.ready(service)[0].Spec.Containers[0].Image, "@")

	defer e.neverFewer(service, e.minReplicas(service))()

	e.write("apps/"+service+"/chart/templates/broken.yaml", `{{ fail "broken on purpose" }}`)
	e.commit("a chart that does not render")
	e.fails(service, "broken on purpose")
	e.revert()

	e.edit(e.values(service), "  min: ", "  mim: 1\n  min: ")
	e.commit("a value that the schema does not know")
	e.fails(service, "mim")
	e.revert()
	e.healthy(service)

	e.release(service, noImage)
	e.commit("an image that does not exist")
	e.await("a pod waits for its image", patience, func() (bool, string) {
		return slices.ContainsFunc(e.pods(service), func(pod corev1.Pod) bool {
			return len(pod.Status.ContainerStatuses) > 0 && pod.Status.ContainerStatuses[0].State.Waiting != nil
		}), summary(e.application(service))
	})
	e.await(service+" is progressing", patience, func() (bool, string) {
		application := e.application(service)

		return field(application, "status.health.status") == "Progressing", summary(application)
	})
	e.revert()
	e.healthy(service)
	e.runs(service, digest)
}

// Digests with a meaning for tools/cluster: the first image does not exist, and the second one's program fails.
const (
	noImage  = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
	badImage = "sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
)

// fails waits until Argo CD shows an error of a service.
func (e *environment) fails(service, message string) {
	e.t.Helper()

	e.await(service+" fails: "+message, patience, func() (bool, string) {
		application := e.application(service)

		return field(application, "status.sync.status") == "Unknown" && strings.Contains(summary(application), message),
			summary(application)
	})
}

// migrationFirst releases flights twice. The first migration runs once, before any new pod. The second one fails, which
// stops the release.
func migrationFirst(e *environment) {
	const service = "flights"

	ctx, cancel := context.WithCancel(e.t.Context())
	defer cancel()

	jobs := e.watchJobs(ctx, service)
	next := "sha256:" + strings.Repeat("2", 64)

	e.release(service, next)
	e.commit("a release with a migration")
	e.healthy(service)
	e.runs(service, next)
	assert.Len(e.t, jobs(), 1, "migrations")

	job, err := e.kube.BatchV1().Jobs(service).Get(e.t.Context(), service+"-migration", metav1.GetOptions{})
	require.NoError(e.t, err)
	require.NotNil(e.t, job.Status.CompletionTime)

	for _, pod := range e.pods(service) {
		created, migrated := pod.CreationTimestamp.Time, job.Status.CompletionTime.Time
		assert.False(e.t, created.Before(migrated), "%s was created before its migration had ended", pod.Name)
	}

	defer e.neverFewer(service, e.minReplicas(service))()

	e.release(service, badImage)
	e.commit("a migration that fails")
	e.await("the migration has failed, and Argo CD shows it", patience, func() (bool, string) {
		seen := summary(e.application(service))

		return strings.Contains(seen, "backoff limit"), seen
	})

	for _, pod := range e.pods(service) {
		assert.True(e.t, strings.HasSuffix(pod.Spec.Containers[0].Image, next), "%s is of the new image", pod.Name)
	}

	e.await("a retry is scheduled", patience, func() (bool, string) {
		application := e.application(service)

		return isWaiting(application), summary(application)
	})
	e.revert()
	e.retryNow()
	e.healthy(service)
	assert.Equal(e.t, int64(1), retries(e.application(service)), "the first retry must deploy the revert")
}

// watchJobs returns a function that returns the jobs that have been created in a namespace since the call.
func (e *environment) watchJobs(ctx context.Context, namespace string) func() []string {
	e.t.Helper()

	existing, err := e.kube.BatchV1().Jobs(namespace).List(ctx, metav1.ListOptions{})
	require.NoError(e.t, err)

	// The API server may close a watch at any time; this one resumes it.
	watched, err := watchtools.NewRetryWatcherWithContext(ctx, existing.ResourceVersion, &cache.ListWatch{
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			return e.kube.BatchV1().Jobs(namespace).Watch(ctx, options)
		},
	})
	require.NoError(e.t, err)

	var (
		mu      sync.Mutex
		created []string
	)

	go func() {
		for event := range watched.ResultChan() {
			if job, ok := event.Object.(metav1.Object); ok && event.Type == watch.Added {
				mu.Lock()

				created = append(created, string(job.GetUID()))

				mu.Unlock()
			}
		}
	}()

	return func() []string {
		mu.Lock()
		defer mu.Unlock()

		return slices.Clone(created)
	}
}
