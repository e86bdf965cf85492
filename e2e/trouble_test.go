package e2e_test

import (
	"os/exec"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// killedServer kills the control plane when a sync has started, and starts it again.
func killedServer(e *environment) {
	next := "sha256:" + strings.Repeat("3", 64)

	for _, service := range services() {
		e.release(service, next)
	}

	e.commit("a release during which the API server dies")
	e.awaitSync(services()...)
	e.plane.kill()
	e.startPlane()
	e.healthy(services()...)

	for _, service := range services() {
		e.runs(service, next)

		replicas, err := e.kube.AppsV1().ReplicaSets(service).List(e.t.Context(), metav1.ListOptions{})
		require.NoError(e.t, err)

		current := 0

		for _, set := range replicas.Items {
			if *set.Spec.Replicas > 0 {
				current++
			}
		}

		assert.Equal(e.t, 1, current, "active ReplicaSets of %s", service)
	}

	jobs, err := e.kube.BatchV1().Jobs("flights").List(e.t.Context(), metav1.ListOptions{})
	require.NoError(e.t, err)
	assert.Len(e.t, jobs.Items, 1)
}

// awaitSync waits until Argo CD has started to deploy the last commit.
func (e *environment) awaitSync(names ...string) {
	e.t.Helper()

	head := e.head()

	e.await("a sync has started", patience, func() (bool, string) {
		for _, name := range names {
			application := e.application(name)
			if field(application, "status.operationState.phase") == "Running" &&
				field(application, "status.operationState.operation.sync.revision") == head {
				return true, ""
			}
		}

		return false, summary(e.application(names[0]))
	})
}

// third is a service that scenarios create.
const third = "baggage"

// thirdService creates a service with tools/service, deploys it, and removes it.
func thirdService(e *environment) {
	e.addService()
	e.removeService()
}

func (e *environment) addService() {
	e.t.Helper()

	create := exec.CommandContext(e.t.Context(), "go", "run", "./tools/service", "-name", third, "-needs", "redis")
	create.Dir = e.checkout

	printed, err := create.CombinedOutput()
	require.NoError(e.t, err, "%s", printed)

	digest := "sha256:" + strings.Repeat("4", 64)
	e.release(third, digest)
	e.commit("a third service")
	e.must("up")
	e.healthy(append(services(), third)...)
	e.runs(third, digest)
}

func (e *environment) removeService() {
	e.t.Helper()

	git(e, e.checkout, "revert", "--no-edit", "HEAD")
	e.must("up")
	e.await(third+" and its namespace are deleted", patience, func() (bool, string) {
		_, err := e.kube.CoreV1().Namespaces().Get(e.t.Context(), third, metav1.GetOptions{})
		application := e.application(third)

		return apierrors.IsNotFound(err) && application.GetName() == "", summary(application)
	})
	git(e, e.checkout, "push", "--quiet", "origin", "HEAD")
	e.healthy(services()...)
}

// destroyedDuringSync destroys the environment when a sync has started. Its Applications have finalizers, which no
// controller removes any more.
func destroyedDuringSync(e *environment) {
	e.release("flights", "sha256:"+strings.Repeat("5", 64))
	e.commit("a release before the destroy")
	e.awaitSync("flights")
	require.NotEmpty(e.t, e.application("flights").GetFinalizers())
	e.destroy()
}

// destroyedWithoutCluster destroys the environment after the API server has stopped. Before, a preview finds no change,
// and a refresh fails unless its user has confirmed that the objects are gone. A preview of the real provider reads the
// charts, and here their repositories end with the API server.
func destroyedWithoutCluster(e *environment) {
	const confirm = "PULUMI_K8S_DELETE_UNREACHABLE"

	e.plane.kill()

	if !isReal() {
		e.unchanged()
	}

	printed, err := e.rehearse("", "refresh")
	require.Error(e.t, err)
	assert.Contains(e.t, printed, confirm)

	printed, err = e.rehearse("pulumi refresh --preview-only\n", "shell", confirm+"=true")
	require.NoError(e.t, err, "%s", printed)
	assert.Contains(e.t, printed, "12 to delete", "four namespaces, four releases, and four objects")

	// Pools must be deleted before their cluster: decision 0030.
	printed, err = e.rehearse("", "destroy", "CONFIRM="+e.stack)
	require.Error(e.t, err)
	assert.Contains(e.t, printed, "autoscaling-pool-services")
	assert.Contains(e.t, printed, confirm)

	e.destroy(confirm + "=true")
}

// destroy destroys the environment, and checks that nothing remains.
func (e *environment) destroy(variables ...string) {
	e.t.Helper()

	start := time.Now()
	printed := e.must("destroy", append(variables, "CONFIRM="+e.stack)...)
	assert.Contains(e.t, printed, "of "+e.stack+" remains, neither in the state nor in the account")
	assert.Less(e.t, time.Since(start), time.Minute, "duration of the destroy")
}
