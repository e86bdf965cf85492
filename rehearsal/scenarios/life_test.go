package scenarios_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/launcher"
	"github.com/msur/platform/rehearsal/simulation/account"
)

// exported are the outputs of every environment.
func exported() []string {
	return []string{
		"argocd", "cacheEndpoint", "clusterEndpoint", "clusterName", "dataSubnetIds", "databaseEndpoint", "environment",
		"kubeconfig", "loadBalancerHostname", "nodeGroups", "policy", "privateSubnetIds", "publicSubnetIds", "tryIt",
		"vpcId", "zones",
	}
}

func TestLifeOfASandbox(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.checkOut()

	r.must("up")
	assert.NotZero(t, r.changes()["create"], "the first up creates")

	known, _ := r.inspect()
	assert.Equal(t, exported(), outputs(known))
	r.controlled("K1")

	t.Log("refresh finds nothing, and a second up changes nothing and says so")
	r.must("refresh")
	assert.Contains(t, r.must("up"), "Nothing changed")
	assert.Empty(t, r.changes())

	t.Log("a release is a commit, and nothing to the program")
	r.release("flights", "sha256:"+strings.Repeat("ab", 32))
	assert.Contains(t, r.shell("pulumi preview --expect-no-changes"), "unchanged")

	t.Log("a tag updates, and replaces nothing")
	r.configure(tag("Owner", "platform-team"))
	r.must("up")
	assert.Equal(t, []string{"update"}, kinds(r.changes()))

	t.Log("a zone creates, updates what lists zones, and replaces nothing")
	r.configure(tag("Owner", "platform-team"), network("zones", []string{"c", "a", "b"}))
	r.must("up")
	assert.Equal(t, []string{"create", "update"}, kinds(r.changes()))

	r.staysWhereItIs()

	r.must("destroy")
	r.gone()

	t.Log("down, then up, then down: the log groups that services made again are imported, and made ours")
	r.must("up")
	assert.Equal(t, []string{"create", "import", "update"}, kinds(r.changes()))

	for _, group := range []string{"/aws/eks/sandbox/cluster", "/aws/rds/instance/sandbox-database/error"} {
		r.keepsLogsForAWeek(group)
	}

	assert.Contains(t, r.shell("pulumi preview --expect-no-changes"), "unchanged")
	r.must("destroy")
	r.gone()
}

// staysWhereItIs asserts that neither a zone nor the range of what is deployed, in the zones a, b and c, can go.
func (r *rehearsal) staysWhereItIs() {
	r.t.Helper()

	for path, edit := range map[string]func(config){
		"platform:network.zones[2]": network("zones", []string{"b", "c"}),
		"platform:network.cidr":     network("cidr", "10.90.0.0/16"),
	} {
		r.configure(edit)

		printed, err := r.run("up")
		require.ErrorIs(r.t, err, launcher.ErrEngine)
		assert.Contains(r.t, printed, path)
	}

	r.configure()

	printed, err := r.run("up")
	require.ErrorIs(r.t, err, launcher.ErrEngine)
	assert.Contains(r.t, printed, "platform:network.zones[2]", "as committed, it has two zones")
}

// keepsLogsForAWeek asserts that a log group has the environment's retention, key and tags.
func (r *rehearsal) keepsLogsForAWeek(name string) {
	r.t.Helper()

	_, held := r.inspect()
	at := slices.IndexFunc(held, func(h account.Resource) bool { return h.ID == name })
	require.GreaterOrEqual(r.t, at, 0, name)
	assert.InDelta(r.t, 7, held[at].Outputs["retentionInDays"], 0, name)
	assert.NotEmpty(r.t, held[at].Text("kmsKeyId"), name)
	assert.Contains(r.t, held[at].Outputs["tags"], "ManagedBy", name)
}

func TestLifeOfStaging(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "staging")
	r.must("up")

	known, _ := r.inspect()
	assert.Equal(t, exported(), outputs(known))
	r.controlled()

	t.Log("a rule that somebody adds by hand is found by refresh, and taken away by up")

	const group = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"

	r.byHand(group, func(inputs map[string]any) {
		inputs["ingress"] = []any{map[string]any{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "self": true}}
	})
	assert.Contains(t, r.must("refresh"), "1 updated")
	r.must("up")
	assert.Equal(t, map[string]int{"update": 1}, r.changes())

	r.outlived()
}

// checkOut has the rehearsal run in a checkout of its own, whose files may be changed: all but the applications'
// are the repository's.
func (r *rehearsal) checkOut() {
	r.t.Helper()

	project := r.t.TempDir()

	entries, err := os.ReadDir(r.options.Folders.Project)
	require.NoError(r.t, err)

	for _, entry := range entries {
		from, to := filepath.Join(r.options.Folders.Project, entry.Name()), filepath.Join(project, entry.Name())
		if entry.Name() == "apps" {
			require.NoError(r.t, os.CopyFS(to, os.DirFS(from)))
		} else {
			require.NoError(r.t, os.Symlink(from, to))
		}
	}

	r.options.Folders.Project = project
}

// release writes what a release of an application commits: the digest of its image.
func (r *rehearsal) release(application, digest string) {
	r.t.Helper()

	file := filepath.Join(r.options.Folders.Project, "apps", application, "environments", r.options.Stack+".yaml")
	require.NoError(r.t, os.MkdirAll(filepath.Dir(file), 0o700))
	require.NoError(r.t, os.WriteFile(file, []byte("image:\n  digest: "+digest+"\n"), 0o600))
}

// controlled asserts that every control that applies holds in what the engine has deployed, by the report of it: the
// component's children are there, which the program's own graph lacks. The exceptions are those that it claims.
func (r *rehearsal) controlled(exceptions ...string) {
	r.t.Helper()

	var (
		held    int
		claimed []string
	)

	for _, found := range r.report().Controls {
		assert.NotEqual(r.t, controls.Fail, found.Result, "%s: %s", found.ID, found.Reason)

		switch found.Result {
		case controls.Pass:
			held++
		case controls.Exception:
			claimed = append(claimed, found.ID)
		case controls.Fail, controls.NotApplicable:
		}
	}

	assert.Greater(r.t, held, 20, "controls hold")
	assert.Equal(r.t, exceptions, claimed)
}

func TestAFailedCreateIsResumed(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.options.Faults = "fail create aws:ec2/natGateway:NatGateway"

	printed, err := r.run("up")
	require.ErrorIs(t, err, launcher.ErrEngine)
	assert.Contains(t, printed, "network-nat-a", "the error names the resource")
	r.inspect()

	r.options.Faults = ""
	r.must("up")
	assert.Contains(t, kinds(r.changes()), "create", "what was missing is made")
	r.inspect()
	r.must("destroy")
	r.gone()
}

func TestUnknownStacksAndFaultsAreRefused(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "production")
	_, err := r.run("up")
	require.ErrorContains(t, err, `"production"`)
	require.ErrorContains(t, err, "sandbox, staging")

	r = rehearse(t, repository(t), "sandbox")
	r.options.Faults = "fail create aws:ec2/natGatway:NatGatway"

	_, err = r.run("up")
	require.ErrorContains(t, err, "aws:ec2/natGateway:NatGateway", "the nearest type is named")

	r.options.Faults = ""
	r.gone()
}
