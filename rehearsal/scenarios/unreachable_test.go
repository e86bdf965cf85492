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

// Nothing that is in a cluster is asked for when the cluster goes: nobody waits for a finalizer whose controller is
// gone, nor for an API server that does not answer.
func TestADestroyAsksNothingOfTheCluster(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")

	t.Log("everything in the cluster has a finalizer")
	r.must("up")

	for _, resourceType := range inCluster(r) {
		r.byHand(resourceType, func(properties map[string]any) {
			metadata, _ := properties["metadata"].(map[string]any)
			if metadata != nil {
				metadata["finalizers"] = []any{"example.com/nobody-removes-it"}
			}
		})
	}

	r.must("destroy")
	r.gone()

	t.Log("the API server does not answer: a refresh loses nothing, and a destroy needs nothing of it")
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

func TestAClusterThatSomebodyDeletedComesBackOrGoes(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.must("up")

	_, held := r.inspect()

	t.Log("gone, it comes back: the person says that what is out of reach is gone")
	r.deleteCluster()

	_, err := r.run("refresh")
	require.ErrorIs(t, err, launcher.ErrEngine)

	forgetful := exec.CommandContext(t.Context(), filepath.Join(r.options.Folders.Bin, "rehearsal"), "refresh")
	forgetful.Dir = r.options.Folders.Project
	forgetful.Env = append(os.Environ(), launcher.FolderVariable+"="+r.options.Folders.Base,
		"STACK="+r.options.Stack, "PULUMI_K8S_DELETE_UNREACHABLE=true")

	text, err := forgetful.CombinedOutput()
	require.NoError(t, err, "%s", text)
	assert.Empty(t, inCluster(r))

	r.must("up")

	_, now := r.inspect()
	assert.Equal(t, typesOf(held), typesOf(now))

	t.Log("gone again, the rest goes too")
	r.deleteCluster()
	r.must("destroy")
	r.gone()
}

// inCluster returns the types of what the state has in the cluster.
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

// deleteCluster deletes by hand what EKS holds, and with it what is in the cluster and what the cluster and its node
// groups have made: a security group, and nodes.
func (r *rehearsal) deleteCluster() {
	r.t.Helper()

	session, end := r.open()
	defer end()

	require.NoError(r.t, session.Account().Change(func(transaction *account.Transaction) error {
		gone := transaction.Find(func(h account.Resource) bool {
			return strings.HasPrefix(h.Type, "aws:eks/") || strings.HasPrefix(h.Type, "kubernetes:") ||
				strings.HasPrefix(h.OwnerType, "aws:eks/")
		})
		for _, held := range gone {
			transaction.Delete(held.Key)
		}

		return nil
	}))
}
