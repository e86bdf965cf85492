package e2e_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// manyRetries take most of a day.
const manyRetries = 1000

// longOutage releases flights while its database is unavailable for many retries. The old pods keep running, and the
// release is deployed after the outage without another commit.
func longOutage(e *environment) {
	const service = "flights"

	next := "sha256:" + strings.Repeat("7", 64)

	defer e.neverFewer(service, e.minReplicas(service))()

	end := e.outage(service)

	e.release(service, next)
	e.commit("a release during an outage of the database")
	e.awaitRetry(service)
	e.await(fmt.Sprintf("retry %d has failed, another is scheduled", manyRetries), patience, func() (bool, string) {
		application := e.application(service)
		if isWaiting(application) && retries(application) < manyRetries {
			e.patch(service, fmt.Sprintf(`{"retryCount":%d,"finishedAt":%q}`, manyRetries, longAgo()))
		}

		return isWaiting(application) && retries(application) > manyRetries, summary(application)
	})

	end()
	e.retryNow()
	e.healthy(service)
	e.runs(service, next)
}

// changedSettings changes a setting while a sync is retried. Each retry uses the values of the sync's start. The
// command of docs/gitops.md ends the sync, and the next one uses the new values.
func changedSettings(e *environment) {
	const (
		service = "flights"
		file    = "Pulumi.sandbox.yaml"
		path    = "path: /flights"
		changed = "path: /journeys"
	)

	end := e.outage(service)

	e.release(service, "sha256:"+strings.Repeat("8", 64))
	e.commit("a release during another outage of the database")
	e.awaitRetry(service)

	e.edit(file, path, changed)
	e.must("up")
	e.retryNow()
	e.await("a retry uses the old values", patience, func() (bool, string) {
		application := e.application(service)
		spec, operation := field(application, "spec.source.helm.values"),
			field(application, "status.operationState.operation.sync.source.helm.values")

		return strings.Contains(spec, "/journeys") && strings.Contains(operation, "/flights") &&
			isWaiting(application), operation
	})

	e.patch(service, `{"phase":"Terminating"}`)
	e.await("the next sync uses the new values", patience, func() (bool, string) {
		application := e.application(service)

		return strings.Contains(field(application, "status.operationState.operation.sync.source.helm.values"), "/journeys"),
			summary(application)
	})

	end()
	e.retryNow()
	e.healthy(service)

	e.edit(file, changed, path)
	e.must("up")
	e.healthy(service)
}

// outage makes the database of a service unavailable until the returned function is called.
func (e *environment) outage(service string) func() {
	e.t.Helper()

	host := variable(e.ready(service)[0], "MYSQL_HOST")
	require.NotEmpty(e.t, host)

	stores := e.kube.CoreV1().ConfigMaps(service)

	_, err := stores.Create(e.t.Context(), &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: "outage", Labels: map[string]string{"rehearsal/unavailable": "true"}},
		Data:       map[string]string{"host": host},
	}, metav1.CreateOptions{})
	require.NoError(e.t, err)

	return func() {
		e.t.Helper()
		require.NoError(e.t, stores.Delete(e.t.Context(), "outage", metav1.DeleteOptions{}))
	}
}

// awaitRetry waits until the migration of the last commit has failed, and Argo CD has scheduled a retry.
func (e *environment) awaitRetry(service string) {
	e.t.Helper()

	head := e.head()

	e.await("the migration has failed, and a retry is scheduled", patience, func() (bool, string) {
		application := e.application(service)
		seen := summary(application)

		return strings.Contains(seen, "backoff limit") && isWaiting(application) &&
			field(application, "status.operationState.syncResult.revision") == head, seen
	})
}

// retryNow makes the next retry of flights start immediately, and waits until it has started.
func (e *environment) retryNow() {
	e.t.Helper()

	const service = "flights" // the service with a migration

	before := retries(e.application(service))

	e.await("the next retry has started", patience, func() (bool, string) {
		application := e.application(service)
		if isWaiting(application) && retries(application) == before {
			e.patch(service, fmt.Sprintf(`{"finishedAt":%q}`, longAgo()))
		}

		return !isWaiting(application) || retries(application) != before, summary(application)
	})
}

// patch changes the operation state of an Application, which is not a subresource.
func (e *environment) patch(service, state string) {
	e.t.Helper()

	_, err := e.objects.Resource(applicationsResource()).Namespace("argocd").Patch(e.t.Context(), service,
		types.MergePatchType, []byte(`{"status":{"operationState":`+state+`}}`), metav1.PatchOptions{})
	require.NoError(e.t, err)
}

// isWaiting reports whether an Application waits for a retry: its sync is running, and has an end time.
func isWaiting(application *unstructured.Unstructured) bool {
	return field(application, "status.operationState.phase") == "Running" &&
		field(application, "status.operationState.finishedAt") != ""
}

// retries returns the number of retries of an Application's sync.
func retries(application *unstructured.Unstructured) int64 {
	count, _, _ := unstructured.NestedInt64(application.Object, "status", "operationState", "retryCount")

	return count
}

// longAgo returns a time before which every delay between retries is over.
func longAgo() string { return time.Now().Add(-time.Hour).UTC().Format(time.RFC3339) }
