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

// manyRetries are more than anybody would wait for: 1,000 take the best part of a day.
const manyRetries = 1000

// outlivedOutage releases flights while its database is unavailable, for longer than any number of retries. The old
// pods serve on, and the release is deployed when the database is back, without another commit.
func outlivedOutage(e *environment) {
	const service = "flights"

	next := "sha256:" + strings.Repeat("7", 64)

	defer e.neverFewer(service, e.least(service))()

	end := e.outage(service)

	e.release(service, next)
	e.commit("a release during an outage of the database")
	e.retries(service)
	e.await(fmt.Sprintf("retry %d has failed, and another comes", manyRetries), patience, func() (bool, string) {
		application := e.application(service)
		if waits(application) && retries(application) < manyRetries {
			e.patch(service, fmt.Sprintf(`{"retryCount":%d,"finishedAt":%q}`, manyRetries, longAgo()))
		}

		return waits(application) && retries(application) > manyRetries, summary(application)
	})

	end()
	e.retriesNow(service)
	e.healthy(service)
	e.runs(service, next)
}

// changedSettings changes a setting while a sync is retried: each retry has the values with which the sync began. The
// command of docs/gitops.md ends it, and the next sync has the new ones.
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
	e.retries(service)

	e.edit(file, path, changed)
	e.must("up")
	e.retriesNow(service)
	e.await("a retry has the values of before", patience, func() (bool, string) {
		application := e.application(service)
		spec, operation := field(application, "spec.source.helm.values"),
			field(application, "status.operationState.operation.sync.source.helm.values")

		return strings.Contains(spec, "/journeys") && strings.Contains(operation, "/flights") && waits(application), operation
	})

	e.patch(service, `{"phase":"Terminating"}`)
	e.await("the next sync has those of now", patience, func() (bool, string) {
		application := e.application(service)

		return strings.Contains(field(application, "status.operationState.operation.sync.source.helm.values"), "/journeys"),
			summary(application)
	})

	end()
	e.retriesNow(service)
	e.healthy(service)

	e.edit(file, changed, path)
	e.must("up")
	e.healthy(service)
}

// outage makes the database of a service unavailable, until the function that it returns is called.
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

// retries waits until the migration of the last commit has failed, and Argo CD is to try again.
func (e *environment) retries(service string) {
	e.t.Helper()

	head := e.head()

	e.await("the migration has failed, and is to be tried again", patience, func() (bool, string) {
		application := e.application(service)
		seen := summary(application)

		return strings.Contains(seen, "backoff limit") && waits(application) &&
			field(application, "status.operationState.syncResult.revision") == head, seen
	})
}

// retriesNow makes the next retry come at once, and waits until it has begun.
func (e *environment) retriesNow(service string) {
	e.t.Helper()

	before := retries(e.application(service))

	e.await("the next retry has begun", patience, func() (bool, string) {
		application := e.application(service)
		if waits(application) && retries(application) == before {
			e.patch(service, fmt.Sprintf(`{"finishedAt":%q}`, longAgo()))
		}

		return !waits(application) || retries(application) != before, summary(application)
	})
}

// patch changes the state of an Application's operation, which is no subresource.
func (e *environment) patch(service, state string) {
	e.t.Helper()

	_, err := e.objects.Resource(applicationsResource()).Namespace("argocd").Patch(e.t.Context(), service,
		types.MergePatchType, []byte(`{"status":{"operationState":`+state+`}}`), metav1.PatchOptions{})
	require.NoError(e.t, err)
}

// waits reports whether a sync of an Application has failed and is to be retried: it runs, and has ended.
func waits(application *unstructured.Unstructured) bool {
	return field(application, "status.operationState.phase") == "Running" &&
		field(application, "status.operationState.finishedAt") != ""
}

// retries are how often the sync of an Application was tried again.
func retries(application *unstructured.Unstructured) int64 {
	count, _, _ := unstructured.NestedInt64(application.Object, "status", "operationState", "retryCount")

	return count
}

// longAgo is a time since which every break between retries is over.
func longAgo() string { return time.Now().Add(-time.Hour).UTC().Format(time.RFC3339) }
