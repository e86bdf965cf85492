package scenarios_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/simulation/account"
)

const (
	instance = "aws:rds/instance:Instance"
	nodes    = "aws:elasticache/replicationGroup:ReplicationGroup"
)

// What holds data, and what that is in, takes every change of the settings that people make while it lives.
func TestChangesUpdateWhatHoldsDataAndReplaceNothing(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.must("up")

	before := r.ids()
	edits := []func(config){}

	for name, changes := range map[string][]func(config){
		"machines": {
			set("platform:database", "instanceClass", "db.m7g.large"), set("platform:cache", "nodeType", "cache.m7g.large"),
		},
		"storage": {set("platform:database", "storageGiB", 50), set("platform:database", "maxStorageGiB", 200)},
		"zones":   {set("platform:database", "multiAz", true), set("platform:cache", "replicas", 1)},
		"a parameter and a certificate": {
			set("platform:database", "parameters", config{"max_connections": "50"}),
			set("platform:ingress", "certificateArn",
				"arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"),
		},
	} {
		edits = append(edits, changes...)
		r.configure(edits...)
		r.must("up")
		assert.Equal(t, []string{"update"}, kinds(r.changes()), name)
	}

	assert.Equal(t, before, r.ids())

	r.elsewhere()

	previewed := r.report()
	assert.Equal(t, "preview", previewed.Operation)
	assert.True(t, slices.ContainsFunc(previewed.Plan, plan.Step.Loses), "the report of the preview tells what is lost")

	r.must("destroy")
	r.gone()
}

// outlived asserts that the data of a staging that is up outlives it, and that no secret of it is where people look.
func (r *rehearsal) outlived() {
	t := r.t
	t.Helper()
	t.Log("no secret that the account knows is in the state, nor in what is printed")

	_, held := r.inspect()
	secrets := secretsOf(held)
	require.NotEmpty(t, secrets, "the account has the admin's password")

	exported := r.shell("pulumi stack export --show-secrets")
	assert.Contains(t, exported, "staging-database")

	for _, secret := range secrets {
		assert.NotContains(t, exported, secret)
	}

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

// elsewhere asserts that the preview of another range of addresses fails, and names the VPC that would be replaced with
// all that is in it: the engine refuses where it is protected, a look at the plan where it is not.
func (r *rehearsal) elsewhere() {
	r.t.Helper()

	as := r.options.StackFile
	r.configure(network("cidr", "10.40.0.0/16"))

	printed, err := r.run("preview")
	require.Error(r.t, err)
	assert.Contains(r.t, printed+err.Error(), "network-vpc")

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

// typesOf counts resources by type.
func typesOf(held []account.Resource) map[string]int {
	counted := make(map[string]int)
	for _, r := range held {
		counted[r.Type]++
	}

	return counted
}
