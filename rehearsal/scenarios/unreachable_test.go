package scenarios_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/launcher"
	"github.com/msur/platform/rehearsal/simulation/account"
)

// Objects in a cluster are deleted with the cluster, without requests to it: no destroy waits for a finalizer whose
// controller is deleted, or for an API server that does not answer.
// Pools are the exception: docs/decisions/0030.
func TestDestroySendsNoRequestToTheCluster(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.configure(set("platform:cluster", "autoscaling", nil))

	t.Log("all objects in the cluster have a finalizer")
	r.must("up")

	for _, resourceType := range inCluster(r) {
		r.byHand(resourceType, func(properties map[string]any) {
			metadata, _ := properties["metadata"].(map[string]any)
			if metadata != nil {
				metadata["finalizers"] = []any{"example.com/without-controller"}
			}
		})
	}

	r.must("destroy")
	r.gone()

	t.Log("without an answer from the API server, refresh loses nothing and destroy succeeds")
	r.must("up")

	before := inCluster(r)

	r.byHand(cluster, func(properties map[string]any) { properties["status"] = "FAILED" })

	printed, err := r.run("refresh")
	require.ErrorIs(t, err, launcher.ErrEngine)
	assert.Contains(t, printed, "PULUMI_K8S_DELETE_UNREACHABLE")
	assert.Equal(t, before, inCluster(r))

	r.must("destroy")
	r.gone()
}

func TestAClusterThatWasDeletedByHandIsCreatedAgainOrDestroyed(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.must("up")

	_, held := r.inspect()

	t.Log("up creates it again, after a refresh in which the user declares unreachable objects deleted")
	r.deleteCluster()

	_, err := r.run("refresh")
	require.ErrorIs(t, err, launcher.ErrEngine)

	r.declaringObjectsDeleted("refresh")
	assert.Empty(t, inCluster(r))

	r.must("up")

	_, now := r.inspect()
	assert.Equal(t, typesOf(held), typesOf(now))

	t.Log("destroy deletes the remaining resources, after the same declaration: pools come first")
	r.deleteCluster()

	printed, err := r.run("destroy")
	require.ErrorIs(t, err, launcher.ErrEngine)
	assert.Contains(t, printed, "PULUMI_K8S_DELETE_UNREACHABLE")

	r.declaringObjectsDeleted("destroy")
	r.gone()
}

// declaringObjectsDeleted runs a command whose user declares unreachable objects deleted.
func (r *rehearsal) declaringObjectsDeleted(command string) {
	r.t.Helper()

	run := exec.CommandContext(r.t.Context(), filepath.Join(r.options.Folders.Bin, "rehearsal"), command)
	run.Dir = r.options.Folders.Project
	run.Env = append(os.Environ(), launcher.FolderVariable+"="+r.options.Folders.Base, "STACK="+r.options.Stack,
		"PULUMI_K8S_DELETE_UNREACHABLE=true")

	text, err := run.CombinedOutput()
	require.NoError(r.t, err, "%s", text)
}

// inCluster returns the types of the state's resources in the cluster.
func inCluster(r *rehearsal) []string {
	r.t.Helper()

	known, _ := r.inspect()

	var types []string

	for _, resource := range known.Resources {
		if strings.HasPrefix(string(resource.Type), "kubernetes:") {
			types = append(types, string(resource.Type))
		}
	}

	return types
}

// deleteCluster deletes the cluster and its objects by hand, with the resources that EKS created for it: a security
// group and nodes.
func (r *rehearsal) deleteCluster() {
	r.t.Helper()
	r.deleteByHand(func(h account.Resource) bool {
		return strings.HasPrefix(h.Type, "aws:eks/") || strings.HasPrefix(h.Type, "kubernetes:") ||
			strings.HasPrefix(h.OwnerType, "aws:eks/")
	})
}
