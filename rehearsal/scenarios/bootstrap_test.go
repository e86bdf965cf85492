package scenarios_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/simulation/account"
)

const bucket = "aws:s3/bucketV2:BucketV2"

// bootstrap rehearses the account's own project.
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
	r.tells(states[0])
	r.holds("A1", "A2", "A3", "A4", "A5")

	t.Log("refresh finds nothing, and a second up changes nothing")
	r.must("refresh")
	assert.Contains(t, r.must("up"), "Nothing changed")

	t.Log("a new service is a line, and a repository with its lifecycle")
	r.configure(func(c config) { c["bootstrap:images"] = []string{"flights", "reservations", "meals"} })
	r.must("up")
	assert.Equal(t, map[string]int{"create": 2}, r.changes())

	t.Log("another environment changes what pipelines may do, and replaces nothing")
	r.configure(func(c config) { c["bootstrap:environments"] = []string{"sandbox", "staging", "production"} })
	r.must("up")
	assert.Equal(t, []string{"delete", "update"}, kinds(r.changes()))

	t.Log("states are protected, and stay whatever happens; those of the next account are elsewhere")

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
		assert.True(t, kept.Type == "aws:kms/key:Key" || strings.HasPrefix(kept.Type, "aws:s3/bucket"), "%s stays", kept.Type)
	}

	r.must("up")
	assert.Equal(t, []string{"create"}, kinds(r.changes()))

	_, held = r.inspect()
	assert.Len(t, named(held, bucket), 2)
}

// tells asserts what the outputs are, of an account that keeps states in the bucket: workflows take them as they are.
func (r *rehearsal) tells(states string) {
	r.t.Helper()

	assert.Contains(r.t, r.shell("pulumi stack output backend"), "s3://"+states+"?region=us-east-1")
	assert.Contains(r.t, r.shell("pulumi stack output roles --json"), "arn:aws:iam::123456789012:role/platform-deploy")

	const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com/platform"

	shown := r.report().Outputs
	assert.Equal(r.t, registry, shown["registry"])
	assert.Equal(r.t, map[string]any{"flights": registry + "/flights", "reservations": registry + "/reservations"},
		shown["images"], "a service's images go to the registry, under its name")
}

// holds asserts that these controls hold in what was deployed, each by its evidence, and that no other applies.
func (r *rehearsal) holds(ids ...string) {
	r.t.Helper()

	var held []string

	for _, found := range r.report().Controls {
		if found.Result == controls.NotApplicable {
			continue
		}

		held = append(held, found.ID)
		assert.Equal(r.t, controls.Pass, found.Result, "%s: %s", found.ID, found.Reason)
		assert.NotEmpty(r.t, found.Evidence, found.ID)
	}

	assert.Equal(r.t, ids, held)
}

func TestAnAccountKeepsWhatItsEnvironmentsNeed(t *testing.T) {
	t.Parallel()

	ours := bootstrap(t)
	ours.must("up")

	theirs := rehearse(t, repository(t), "sandbox")
	theirs.options.Folders.Base = ours.options.Folders.Base
	theirs.must("up")

	ours.options.Confirm = "account"
	printed, err := ours.run("destroy")
	require.Error(t, err)
	assert.Contains(t, printed, "There are active resources in the account")

	theirs.must("destroy")
	ours.must("destroy")
}

func TestAnAccountsMistakesAreToldBeforeAnythingIsCreated(t *testing.T) {
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

// named are the ids of what the account holds of a type, in order.
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
	own := 0

	for _, role := range held {
		if role.Type == "aws:iam/role:Role" {
			assert.Equal(t, "arn:aws:iam::123456789012:policy/boundary", role.Text("permissionsBoundary"), role.ID)

			if strings.Contains(role.URN, "eks:index:Cluster$") {
				own++
			}
		}
	}

	assert.Positive(t, own, "the component makes roles of its own")
	r.must("destroy")
	r.gone()
}

// The roles that pipelines work with may make no role beyond the boundary, which the account has.
func TestAnEnvironmentIsWithinTheBoundaryOfItsAccount(t *testing.T) {
	t.Parallel()

	bounded := set("platform:environment", "permissionsBoundary", "platform-boundary")

	alone := rehearse(t, repository(t), "sandbox")
	alone.configure(func(c config) { c["platform:environment"] = config{} }, bounded)

	printed, err := alone.run("up")
	require.Error(t, err)
	assert.Contains(t, printed, "policy/platform-boundary does not exist", "no account is set up")

	ours := bootstrap(t)
	ours.must("up")

	alone.options.Folders.Base = ours.options.Folders.Base
	alone.must("up")

	_, held := alone.inspect()
	for _, r := range held {
		if r.Type == "aws:iam/role:Role" && strings.HasPrefix(r.ID, "sandbox-") {
			assert.Equal(t, "arn:aws:iam::123456789012:policy/platform-boundary", r.Text("permissionsBoundary"), r.ID)
		}
	}

	alone.must("destroy")
}
