package scenarios_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
)

// An environment whose API server is private gets a runner after its first up, and loses it with everything else.
func TestARunnerIsAddedToAPrivateEnvironment(t *testing.T) {
	t.Parallel()

	private := func(c config) { delete(c.object("platform:cluster"), "publicAccessCidrs") }
	runner := set("platform:runner", "repository", "https://github.com/msur/platform")

	r := rehearse(t, repository(t), "sandbox")
	r.configure(private)
	r.must("up")

	r.configure(private, runner)
	r.must("up")
	assert.Equal(t, map[string]int{"create": 9}, r.changes(), "the component and its resources, and nothing else")
	r.controlled()

	t.Log("the secret between GitHub and CodeBuild is a secret in the state")

	_, held := r.inspect()
	at := slices.IndexFunc(held, func(h account.Resource) bool { return h.Type == "aws:codebuild/webhook:Webhook" })
	require.GreaterOrEqual(t, at, 0)

	secret := held[at].Text("secret")
	require.NotEmpty(t, secret)
	assert.NotContains(t, r.shell("pulumi stack export"), secret)

	r.must("preview")
	assert.Empty(t, r.changes(), "a second preview changes nothing")

	r.must("destroy")
	r.gone()
}
