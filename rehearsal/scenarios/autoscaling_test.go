package scenarios_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
)

const (
	machine  = "aws:ec2/instance:Instance"
	nodePool = "kubernetes:karpenter.sh/v1:NodePool"
)

// launch adds an instance to the account as Karpenter launches it: like another node, but in no node group.
func (r *rehearsal) launch(id string) {
	r.t.Helper()
	r.change(func(transaction *account.Transaction) {
		node := transaction.Find(func(h account.Resource) bool { return h.Type == machine })[0]
		node.ID, node.Owner, node.OwnerType = id, "", ""
		node.Outputs = maps.Clone(node.Outputs)
		node.Outputs["id"] = id
		node.Outputs["tags"] = map[string]any{
			"eks:eks-cluster-name": "sandbox", "kubernetes.io/cluster/sandbox": "owned", "karpenter.sh/nodepool": "services",
		}
		transaction.Put(node)
	})
}

// machines returns the ids of the instances in the account.
func (r *rehearsal) machines() []string {
	r.t.Helper()

	session, end := r.open()
	defer end()

	var found []string
	for _, held := range session.Account().Find(func(h account.Resource) bool { return h.Type == machine }) {
		found = append(found, held.ID)
	}

	return found
}

func TestADestroyTerminatesTheNodesThatKarpenterLaunched(t *testing.T) {
	t.Parallel()

	const id = "i-0123456789abcdef0"

	r := rehearse(t, repository(t), "sandbox")
	r.must("up")
	r.launch(id)
	require.Contains(t, r.machines(), id)

	t.Log("without pools in the settings, the nodes are gone, and Karpenter with all that belongs to it")

	r.configure(set("platform:cluster", "autoscaling", nil))
	r.must("up")
	assert.Equal(t, []string{"delete"}, slices.Collect(maps.Keys(r.changes())))
	assert.NotContains(t, r.machines(), id)
	assert.Contains(t, r.must("up"), "Nothing changed")

	t.Log("a destroy deletes the pool while Karpenter runs")

	r.configure(set("platform:cluster", "autoscaling", map[string]any{"services": map[string]any{
		"instanceFamilies": []string{"m7g"}, "maxVcpus": 8, "maxMemoryGiB": 32,
	}}))
	r.must("up")
	r.launch(id)
	r.must("destroy")
	r.gone()
}

// Instances that outlive their pool hold their subnet.
func TestNodesOfALostPoolStopADestroyUntilTheyAreTerminated(t *testing.T) {
	t.Parallel()

	const id = "i-0123456789abcdef0"

	r := rehearse(t, repository(t), "sandbox")
	r.must("up")
	r.launch(id)
	r.deleteByHand(func(h account.Resource) bool { return h.Type == nodePool })

	printed, err := r.run("destroy")
	require.Error(t, err)
	assert.Contains(t, printed, "DependencyViolation")
	assert.Contains(t, r.machines(), id)

	t.Log("the user terminates it, as tools/sweep.sh does")

	r.deleteByHand(func(h account.Resource) bool { return h.ID == id })
	r.must("destroy")
	r.gone()
}
