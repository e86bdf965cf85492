package scenarios_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
)

const (
	instance = "aws:rds/instance:Instance"
	nodes    = "aws:elasticache/replicationGroup:ReplicationGroup"
)

// outlived asserts that the data of a staging that is up outlives it, and that no secret of it is where people look.
func (r *rehearsal) outlived() {
	t := r.t
	t.Helper()
	t.Log("no secret that the account knows is in the state, nor in what is printed, nor in a report")

	_, held := r.inspect()
	r.hides(secretsOf(held))

	t.Log("what is protected stays until that is given up")

	_, err := r.run("destroy")
	require.Error(t, err)

	for _, named := range []string{"network-vpc", "database-instance", "cache-nodes", "cluster-eksCluster"} {
		require.ErrorContains(t, err, named)
	}

	require.ErrorContains(t, err, "pulumi config set --stack staging --path platform:environment.protect false")

	_, still := r.inspect()
	assert.Equal(t, typesOf(held), typesOf(still), "nothing was touched")

	r.elsewhere()

	t.Log("given up, all goes but a snapshot of each store and the key that reads them, time after time")

	r.options.Confirm = "staging"

	for times := 1; times <= 2; times++ {
		r.must("destroy")

		known, left := r.inspect()
		assert.Empty(t, known.Resources, "the state is empty")
		assert.Equal(t, map[string]int{
			"aws:elasticache/snapshot:Snapshot": times, "aws:kms/key:Key": times, "aws:rds/snapshot:Snapshot": times,
		}, typesOf(left))

		if times == 1 {
			r.must("up")
		}
	}
}

// hides asserts that secrets of a staging that is up are nowhere where people look: in the state, in what commands
// print, and in the reports of them.
func (r *rehearsal) hides(secrets []string) {
	r.t.Helper()
	require.NotEmpty(r.t, secrets, "the account has the admin's password")

	exported := r.shell("pulumi stack export --show-secrets")
	assert.Contains(r.t, exported, "staging-database")

	texts := []string{exported, r.must("refresh"), r.must("up"), r.shell("pulumi preview --diff --show-sames")}

	reports, err := filepath.Glob(filepath.Join(r.options.Folders.Out, r.options.Stack, "*"))
	require.NoError(r.t, err)
	require.NotEmpty(r.t, reports)

	for _, report := range reports {
		text, err := os.ReadFile(filepath.Clean(report))
		require.NoError(r.t, err)

		texts = append(texts, string(text))
	}

	for _, text := range texts {
		assert.NotEmpty(r.t, text)

		for _, secret := range secrets {
			assert.NotContains(r.t, text, secret)
		}
	}
}

// A snapshot has the name of its store's group, which outlives a store that is destroyed alone: the database, and by
// the destroy that ends there, the cache.
func TestAStoreThatIsDestroyedAloneGetsAnotherGroup(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "staging")
	r.configure(set("platform:environment", "protect", false))
	r.options.Confirm = "staging" // the shell has the repository's settings, by which it is protected again
	r.must("up")
	r.shell("pulumi destroy --yes --skip-preview --target '**database-instance' --target-dependents")
	r.must("up")

	_, err := r.run("destroy")
	require.Error(t, err)
	assert.Contains(t, r.printed.String(), "DBSnapshotAlreadyExists")

	r.must("up")
	r.shell("pulumi up --yes --skip-preview --replace '**::database-access' --replace '**::cache-access'")
	r.must("destroy")

	_, left := r.inspect()
	assert.Equal(t, map[string]int{
		"aws:elasticache/snapshot:Snapshot": 2, "aws:kms/key:Key": 1, "aws:rds/snapshot:Snapshot": 2,
	}, typesOf(left))
}

// Where a zone has no room for a standby, AWS says nothing, and makes none.
func TestAStandbyThatAWSDoesNotMakeIsFoundByRefresh(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "staging")
	r.options.Faults = "lack create " + instance + " multiAz"
	r.must("up")

	r.options.Faults = ""
	assert.Contains(t, r.must("refresh"), "1 updated")
	r.must("up")
	assert.Equal(t, map[string]int{"update": 1}, r.changes(), "the standby is asked for again")
	assert.Contains(t, r.must("refresh"), "unchanged")

	known, _ := r.inspect()
	assert.Equal(t, true, only(t, known, instance).Outputs["multiAz"])
}

// elsewhere asserts that another range of addresses is refused: the cluster cannot move to another VPC.
func (r *rehearsal) elsewhere() {
	r.t.Helper()

	as := r.options.StackFile
	r.configure(network("cidr", "10.40.0.0/16"))

	printed, err := r.run("preview")
	require.Error(r.t, err)
	assert.Contains(r.t, printed, "platform:network.cidr")

	r.options.StackFile = as
}

// set changes a setting of a section.
func set(section, name string, value any) func(config) {
	return func(c config) {
		if _, there := c[section]; !there {
			c[section] = config{}
		}

		c.object(section)[name] = value
	}
}

// ids are those of what holds data, and of what that is in.
func (r *rehearsal) ids() []string {
	r.t.Helper()

	known, _ := r.inspect()

	return slices.Concat(names(known, instance), names(known, nodes), names(known, "aws:ec2/vpc:Vpc"),
		names(known, cluster), names(known, "aws:kms/key:Key"))
}

// secretsOf are the values that only the account knows.
func secretsOf(held []account.Resource) []string {
	var secrets []string

	for _, r := range held {
		for name, value := range r.Private {
			if name == "password" {
				secrets = append(secrets, value)
			}
		}
	}

	return secrets
}

// typesOf counts resources by type, without what services have left behind.
func typesOf(held []account.Resource) map[string]int {
	counted := make(map[string]int)

	for _, r := range held {
		if !r.IsLeftover() {
			counted[r.Type]++
		}
	}

	return counted
}
