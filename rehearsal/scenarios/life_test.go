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

// exported returns the names of every environment's outputs.
func exported() []string {
	return []string{
		"argocd", "cacheEndpoint", "clusterEndpoint", "clusterName", "dataSubnetIds", "databaseEndpoint", "environment",
		"exceptions", "kubeconfig", "loadBalancerHostname", "nodeGroups", "policy", "privateSubnetIds", "publicSubnetIds",
		"tryIt", "vpcId", "zones",
	}
}

func TestLifeOfASandbox(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.copyCheckout()

	r.must("up")
	assert.NotZero(t, r.changes()["create"], "the first up creates")

	known, _ := r.inspect()
	assert.Equal(t, exported(), outputs(known))
	r.assertControlsPass("K1")
	r.assertFast()

	t.Log("refresh and a second up change nothing")
	r.must("refresh")
	assert.Contains(t, r.must("up"), "Nothing changed")
	assert.Empty(t, r.changes())

	t.Log("a release is a commit that does not affect the program")
	r.release("flights", "sha256:"+strings.Repeat("ab", 32))
	assert.Contains(t, r.shell("pulumi preview --expect-no-changes"), "unchanged")

	t.Log("a tag updates resources and replaces nothing")
	r.configure(tag("Owner", "platform-team"))
	r.must("up")
	assert.Equal(t, []string{"update"}, kinds(r.changes()))

	t.Log("another zone creates and updates resources, and replaces nothing")
	r.configure(tag("Owner", "platform-team"), network("zones", []string{"c", "a", "b"}))
	r.must("up")
	assert.Equal(t, []string{"create", "update"}, kinds(r.changes()))

	r.assertNetworkIsFixed()

	r.must("destroy")
	r.gone()

	t.Log("after a destroy, up imports the log groups that AWS services created again, and updates them")
	r.must("up")
	assert.Equal(t, []string{"create", "import", "update"}, kinds(r.changes()))

	for _, group := range []string{"/aws/eks/sandbox/cluster", "/aws/rds/instance/sandbox-database/error"} {
		r.assertWeekOfLogs(group)
	}

	assert.Contains(t, r.shell("pulumi preview --expect-no-changes"), "unchanged")
	r.must("destroy")
	r.gone()
}

// assertNetworkIsFixed asserts that neither a zone nor the range can be removed from an environment in zones a, b and
// c.
func (r *rehearsal) assertNetworkIsFixed() {
	r.t.Helper()

	for path, edit := range map[string]func(config){
		"platform:network.zones[2]": network("zones", []string{"b", "c"}),
		"platform:network.cidr":     network("cidr", "10.99.0.0/16"),
	} {
		r.configure(edit)

		printed, err := r.run("up")
		require.ErrorIs(r.t, err, launcher.ErrEngine)
		assert.Contains(r.t, printed, path)
	}

	r.configure()

	printed, err := r.run("up")
	require.ErrorIs(r.t, err, launcher.ErrEngine)
	assert.Contains(r.t, printed, "platform:network.zones[2]", "the committed file has two zones")
}

// assertWeekOfLogs asserts that a log group has the environment's retention, key and tags.
func (r *rehearsal) assertWeekOfLogs(name string) {
	r.t.Helper()

	_, held := r.inspect()
	index := slices.IndexFunc(held, func(h account.Resource) bool { return h.ID == name })
	require.GreaterOrEqual(r.t, index, 0, name)
	assert.InDelta(r.t, 7, held[index].Outputs["retentionInDays"], 0, name)
	assert.NotEmpty(r.t, held[index].Text("kmsKeyId"), name)
	assert.Contains(r.t, held[index].Outputs["tags"], "ManagedBy", name)
}

func TestLifeOfStaging(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "staging")
	r.must("up")

	known, _ := r.inspect()
	assert.Equal(t, exported(), outputs(known))
	r.assertControlsPass()
	r.assertFast()

	t.Log("refresh finds a rule that was added by hand, and up removes it")

	const group = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"

	r.byHand(group, func(inputs map[string]any) {
		inputs["ingress"] = []any{map[string]any{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "self": true}}
	})
	assert.Contains(t, r.must("refresh"), "1 updated")
	r.must("up")
	assert.Equal(t, map[string]int{"update": 1}, r.changes())

	r.assertDataOutlives()
}

// copyCheckout makes the rehearsal use a checkout with a copy of the applications' files, which a test may change. The
// other files are links to the repository's.
func (r *rehearsal) copyCheckout() {
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

// release writes the digest of an application's image, as the commit of a release does.
func (r *rehearsal) release(application, digest string) {
	r.t.Helper()

	file := filepath.Join(r.options.Folders.Project, "apps", application, "environments", r.options.Stack+".yaml")
	require.NoError(r.t, os.MkdirAll(filepath.Dir(file), 0o700))
	require.NoError(r.t, os.WriteFile(file, []byte("image:\n  digest: "+digest+"\n"), 0o600))
}

// assertControlsPass asserts that the report of the deployed environment has no failed control, and only these
// exceptions. Unlike the golden graph, the state contains the children of packaged components.
func (r *rehearsal) assertControlsPass(exceptions ...string) {
	r.t.Helper()

	var (
		passed   int
		excepted []string
	)

	for _, found := range r.report().Controls {
		assert.NotEqual(r.t, controls.Fail, found.Result, "%s: %s", found.ID, found.Reason)
		assert.NotEqual(r.t, controls.Unknown, found.Result, "%s: %s", found.ID, found.Reason)

		switch found.Result {
		case controls.Pass:
			passed++
		case controls.Exception:
			excepted = append(excepted, found.ID)
		case controls.Fail, controls.NotApplicable, controls.Unknown, controls.Tested:
		}
	}

	assert.Greater(r.t, passed, 20, "controls that pass")
	assert.Equal(r.t, exceptions, excepted)
}

// assertFast asserts that the last run, which created the environment, would take at most 5% longer on AWS than what
// properties and AWS's rules require. The program may not wait for nothing.
func (r *rehearsal) assertFast() {
	r.t.Helper()

	estimated := r.report().Time
	assert.Greater(r.t, estimated.LimitSeconds, 600.0, "the cluster and its nodes take longer")
	assert.LessOrEqual(r.t, estimated.MedianSeconds, 1.05*estimated.LimitSeconds, "%v", estimated.Delays)
}

func TestAFailedCreateIsResumed(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.options.Faults = "fail create aws:ec2/natGateway:NatGateway"

	printed, err := r.run("up")
	require.ErrorIs(t, err, launcher.ErrEngine)
	assert.Contains(t, printed, "network-nat-a", "the error names the resource")
	r.inspect()

	t.Log("a gateway that AWS accepted and that failed then is replaced")

	r.options.Faults = "break create aws:ec2/natGateway:NatGateway"

	printed, err = r.run("up")
	require.ErrorIs(t, err, launcher.ErrEngine)
	assert.Contains(t, printed, "unexpected state 'failed'")

	broken := r.gateways()
	require.Len(t, broken, 1)

	r.options.Faults = ""
	r.must("up")
	assert.Contains(t, kinds(r.changes()), "create", "the other resources")
	require.Len(t, r.gateways(), 1)
	assert.NotEqual(t, broken, r.gateways())
	r.inspect()
	r.must("destroy")
	r.gone()
}

func TestUnknownStacksAndFaultsAreRefused(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "nowhere")
	_, err := r.run("up")
	require.ErrorContains(t, err, `"nowhere"`)
	require.ErrorContains(t, err, "sandbox, staging")

	r = rehearse(t, repository(t), "sandbox")
	r.options.Faults = "fail create aws:ec2/natGatway:NatGatway"

	_, err = r.run("up")
	require.ErrorContains(t, err, "aws:ec2/natGateway:NatGateway", "the most similar type")

	r.options.Faults = ""
	r.gone()
}
