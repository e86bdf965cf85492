package scenarios_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/simulation/account"
)

const bucket = "aws:s3/bucketV2:BucketV2"

// bootstrap prepares a rehearsal of the account's project.
func bootstrap(t *testing.T) *rehearsal {
	t.Helper()

	r := rehearse(t, filepath.Join(repository(t), "infra", "bootstrap"), "account")
	r.options.Make = "make bootstrap DO="

	return r
}

func TestLifeOfAnAccount(t *testing.T) {
	t.Parallel()

	r := bootstrap(t)
	assert.Contains(t, r.must("up"), "make bootstrap DO=preview")
	assert.NotZero(t, r.changes()["create"], "the first up creates")

	known, held := r.inspect()
	assert.Equal(t, []string{"backend", "images", "permissionsBoundary", "registry", "roles", "secretsProvider"},
		outputs(known))

	states := named(held, bucket)
	require.Len(t, states, 1)
	r.assertOutputs(states[0])
	r.assertControls("A1", "A2", "A3", "A4", "A5", "A6")

	t.Log("refresh and a second up change nothing")
	r.must("refresh")
	assert.Contains(t, r.must("up"), "Nothing changed")

	t.Log("a new service adds a repository and its lifecycle policy")
	r.configure(func(c config) { c["bootstrap:images"] = []string{"flights", "reservations", "meals"} })
	r.must("up")
	assert.Equal(t, map[string]int{"create": 2}, r.changes())
	assert.Equal(t, []report.Count{{Component: "images", Before: 4, After: 6}}, r.report().Differences.Resources)

	t.Log("another environment changes the permissions of pipelines and replaces nothing")
	r.configure(func(c config) { c["bootstrap:environments"] = []string{"sandbox", "staging", "production"} })
	r.must("up")
	assert.Equal(t, []string{"delete", "update"}, kinds(r.changes()))

	t.Log("destroy keeps the states, and the next up creates another bucket")

	r.options.StackFile = ""

	_, err := r.run("destroy")
	require.ErrorContains(t, err, "pulumi config set --stack account --path bootstrap:state.protect false")
	require.ErrorContains(t, err, "make bootstrap DO=destroy CONFIRM=account")

	r.options.Confirm = "account"
	r.must("destroy")

	known, held = r.inspect()
	assert.Empty(t, known.Resources, "the state is empty")
	assert.Equal(t, states, named(held, bucket))

	for _, kept := range held {
		assert.True(t, kept.Type == "aws:kms/key:Key" || strings.HasPrefix(kept.Type, "aws:s3/bucket"), kept.Type)
	}

	r.must("up")
	assert.Equal(t, []string{"create"}, kinds(r.changes()))

	_, held = r.inspect()
	assert.Len(t, named(held, bucket), 2)
}

// assertOutputs asserts the outputs of an account that keeps states in the bucket. Workflows depend on them.
func (r *rehearsal) assertOutputs(states string) {
	r.t.Helper()

	assert.Contains(r.t, r.shell("pulumi stack output backend"), "s3://"+states+"?region=us-east-1")
	assert.Contains(r.t, r.shell("pulumi stack output roles --json"), "arn:aws:iam::123456789012:role/platform-deploy")

	const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com/platform"

	outputs := r.report().Outputs
	assert.Equal(r.t, registry, outputs["registry"])
	assert.Equal(r.t, map[string]any{"flights": registry + "/flights", "reservations": registry + "/reservations"},
		outputs["images"])
}

// assertControls asserts that these controls pass in the deployed account, with evidence, and that no other applies.
func (r *rehearsal) assertControls(ids ...string) {
	r.t.Helper()

	var applied []string

	for _, found := range r.report().Controls {
		if found.Result == controls.NotApplicable {
			continue
		}

		applied = append(applied, found.ID)
		assert.Equal(r.t, controls.Pass, found.Result, "%s: %s", found.ID, found.Reason)
		assert.NotEmpty(r.t, found.Evidence, found.ID)
	}

	assert.Equal(r.t, ids, applied)
}

func TestAnAccountWithAnEnvironmentIsNotDestroyed(t *testing.T) {
	t.Parallel()

	project := bootstrap(t)
	project.must("up")

	sandbox := rehearse(t, repository(t), "sandbox")
	sandbox.options.Folders.Base = project.options.Folders.Base
	sandbox.must("up")

	project.options.Confirm = "account"
	printed, err := project.run("destroy")
	require.Error(t, err)
	assert.Contains(t, printed, "There are active resources in the account")

	sandbox.must("destroy")
	project.must("destroy")
}

func TestBadAccountSettingsAreRefusedBeforeAnythingIsCreated(t *testing.T) {
	t.Parallel()

	r := bootstrap(t)
	r.configure(
		func(c config) { c.object("bootstrap:github")["deployers"] = []string{"branch/*"} },
		func(c config) { c["bootstrap:image"] = []string{"flights"} },
	)

	printed, err := r.run("up")
	require.Error(t, err)
	assert.Contains(t, printed, "bootstrap:github.deployers[0]")
	assert.Contains(t, printed, "pulumi config rm --stack account --path 'bootstrap:image'")
	r.gone()
}

// named returns the ids of the resources of a type, in order.
func named(held []account.Resource, resourceType string) []string {
	var ids []string

	for _, r := range held {
		if r.Type == resourceType {
			ids = append(ids, r.ID)
		}
	}

	slices.Sort(ids)

	return ids
}

func TestRolesOfAPackagedComponentAreWithinTheBoundary(t *testing.T) {
	t.Parallel()

	r := rehearse(t, filepath.Join(repository(t), "stacks", "testdata", "bounded"), "trial")
	r.must("up")

	_, held := r.inspect()
	component := 0

	for _, role := range held {
		if role.Type == "aws:iam/role:Role" {
			assert.Equal(t, "arn:aws:iam::123456789012:policy/boundary", role.Text("permissionsBoundary"), role.ID)

			if strings.Contains(role.URN, "eks:index:Cluster$") {
				component++
			}
		}
	}

	assert.Positive(t, component, "roles of the component")
	r.must("destroy")
	r.gone()
}

// Pipelines may only create roles with the permissions boundary, which is in the account.
func TestAnEnvironmentIsWithinTheBoundaryOfItsAccount(t *testing.T) {
	t.Parallel()

	bounded := set("platform:environment", "permissionsBoundary", "platform-boundary")

	sandbox := rehearse(t, repository(t), "sandbox")
	sandbox.configure(bounded)

	printed, err := sandbox.run("up")
	require.Error(t, err)
	assert.Contains(t, printed, "policy/platform-boundary does not exist", "the account is empty")

	project := bootstrap(t)
	project.must("up")

	sandbox.options.Folders.Base = project.options.Folders.Base
	sandbox.must("up")

	_, held := sandbox.inspect()
	for _, r := range held {
		if r.Type == "aws:iam/role:Role" && strings.HasPrefix(r.ID, "sandbox-") {
			assert.Equal(t, "arn:aws:iam::123456789012:policy/platform-boundary", r.Text("permissionsBoundary"), r.ID)
		}
	}

	sandbox.must("destroy")
}
