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

// assertDataOutlives asserts that the data of a deployed staging outlives it, and that no secret is visible.
func (r *rehearsal) assertDataOutlives() {
	t := r.t
	t.Helper()
	t.Log("no secret of the account is in the state, in output, or in a report")

	_, held := r.inspect()
	r.assertHidden(secretsOf(held))

	t.Log("destroy refuses protected resources")

	_, err := r.run("destroy")
	require.Error(t, err)

	for _, name := range []string{"network-vpc", "database-instance", "cache-nodes", "cluster-eksCluster"} {
		require.ErrorContains(t, err, name)
	}

	require.ErrorContains(t, err, "pulumi config set --stack staging --path platform:environment.protect false")

	_, still := r.inspect()
	assert.Equal(t, typesOf(held), typesOf(still), "the account is unchanged")

	r.assertRangeIsFixed()

	t.Log("without protection, each destroy leaves a snapshot of each store and its key")

	r.options.Confirm = "staging"

	for count := 1; count <= 2; count++ {
		r.must("destroy")

		known, remaining := r.inspect()
		assert.Empty(t, known.Resources, "the state is empty")
		assert.Equal(t, map[string]int{
			"aws:elasticache/snapshot:Snapshot": count, "aws:kms/key:Key": count, "aws:rds/snapshot:Snapshot": count,
		}, typesOf(remaining))

		if count == 1 {
			r.must("up")
		}
	}
}

// assertHidden asserts that secrets of a deployed staging are not in the state, in the output of commands, or in
// reports.
func (r *rehearsal) assertHidden(secrets []string) {
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

// A snapshot has the name of its store's security group. A store that is destroyed alone needs another group before the
// next snapshot: here the database, and the cache, which the failed destroy has deleted.
func TestAStoreThatIsDestroyedAloneGetsAnotherGroup(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "staging")
	r.configure(set("platform:environment", "protect", false))
	r.options.Confirm = "staging" // the shell uses the repository's settings, which protect the stores again
	r.must("up")
	r.shell("pulumi destroy --yes --skip-preview --target '**database-instance' --target-dependents")
	r.must("up")

	_, err := r.run("destroy")
	require.Error(t, err)
	assert.Contains(t, r.printed.String(), "DBSnapshotAlreadyExists")

	r.must("up")
	r.shell("pulumi up --yes --skip-preview --replace '**::database-access' --replace '**::cache-access'")
	r.must("destroy")

	_, remaining := r.inspect()
	assert.Equal(t, map[string]int{
		"aws:elasticache/snapshot:Snapshot": 2, "aws:kms/key:Key": 1, "aws:rds/snapshot:Snapshot": 2,
	}, typesOf(remaining))
}

// If a zone has no capacity for a standby, AWS creates the database without one and reports no error.
func TestRefreshFindsAMissingStandby(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "staging")
	r.options.Faults = "lack create " + instance + " multiAz"
	r.must("up")

	r.options.Faults = ""
	assert.Contains(t, r.must("refresh"), "1 updated")
	r.must("up")
	assert.Equal(t, map[string]int{"update": 1}, r.changes(), "the standby")
	assert.Contains(t, r.must("refresh"), "unchanged")

	known, _ := r.inspect()
	assert.Equal(t, true, only(t, known, instance).Outputs["multiAz"])
}

// assertRangeIsFixed asserts that another address range is refused: the cluster cannot move to another VPC.
func (r *rehearsal) assertRangeIsFixed() {
	r.t.Helper()

	before := r.options.StackFile
	r.configure(network("cidr", "10.44.0.0/16"))

	printed, err := r.run("preview")
	require.Error(r.t, err)
	assert.Contains(r.t, printed, "platform:network.cidr")

	r.options.StackFile = before
}

// set returns an edit that sets a setting of a section.
func set(section, name string, value any) func(config) {
	return func(c config) {
		if _, ok := c[section]; !ok {
			c[section] = config{}
		}

		c.object(section)[name] = value
	}
}

// protectedIDs returns the ids of the stores and of the resources that contain them.
func (r *rehearsal) protectedIDs() []string {
	r.t.Helper()

	known, _ := r.inspect()

	return slices.Concat(ids(known, instance), ids(known, nodes), ids(known, "aws:ec2/vpc:Vpc"),
		ids(known, cluster), ids(known, "aws:kms/key:Key"))
}

// secretsOf returns the passwords that AWS generated.
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

// typesOf counts resources by type, without leftovers of AWS services.
func typesOf(held []account.Resource) map[string]int {
	counts := make(map[string]int)

	for _, r := range held {
		if !r.IsLeftover() {
			counts[r.Type]++
		}
	}

	return counts
}
