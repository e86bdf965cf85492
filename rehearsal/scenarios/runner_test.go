package scenarios_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
)

// A runner is added to an environment with a private API server after its first up, and is deleted with it.
func TestARunnerIsAddedToAPrivateEnvironment(t *testing.T) {
	t.Parallel()

	private := func(c config) { delete(c.object("platform:cluster"), "publicAccessCidrs") }
	runner := set("platform:runner", "repository", "https://github.com/msur/platform")

	r := rehearse(t, repository(t), "sandbox")
	r.configure(private)
	r.must("up")

	r.configure(private, runner)
	r.must("up")
	assert.Equal(t, map[string]int{"create": 9}, r.changes(), "the component and its resources")
	r.assertControlsPass()

	t.Log("the state does not show the secret of GitHub's webhook")

	_, held := r.inspect()
	index := slices.IndexFunc(held, func(h account.Resource) bool { return h.Type == "aws:codebuild/webhook:Webhook" })
	require.GreaterOrEqual(t, index, 0)

	secret := held[index].Text("secret")
	require.NotEmpty(t, secret)
	assert.NotContains(t, r.shell("pulumi stack export"), secret)

	r.must("preview")
	assert.Empty(t, r.changes(), "a second preview changes nothing")

	r.must("destroy")
	r.gone()
}
