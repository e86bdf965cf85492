package scenarios_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/plan"
)

// holding are what holds data, and what that is in, by the names that stacks/testdata/moved has given them.
func holding() []string {
	return []string{
		"vpc-vpc (aws:ec2/vpc:Vpc)", "eks-eksCluster (aws:eks/cluster:Cluster)",
		"mysql-instance (" + instance + ")", "valkey-nodes (" + nodes + ")",
	}
}

// The names that the program had before are others without an alias, as they are after a rename.
func TestAPlanThatLosesWhatHoldsDataIsRefused(t *testing.T) {
	t.Parallel()

	r := rehearse(t, filepath.Join(repository(t), "stacks", "testdata", "moved"), "trial")
	r.configure(func(c config) { c["moved:moved"] = "true" })
	r.must("up")
	r.must("preview")

	t.Log("where they are replaced, pulumi's own preview tells it")

	file, replaced := filepath.Join(t.TempDir(), "plan.json"), make([]string, 0, len(holding()))

	for _, held := range holding() {
		name, _, _ := strings.Cut(held, " ")
		replaced = append(replaced, "--replace '**::"+name+"'")
	}

	r.shell("pulumi preview --json -c moved:moved=true " + strings.Join(replaced, " ") + " >" + file)
	r.refused(plan.CheckFile(file), "replaced")

	t.Log("a component of another name is another one, and what it held goes")
	r.configure()

	_, err := r.run("preview")
	r.refused(err, "deleted")

	previewed := r.report()
	assert.Equal(t, "preview", previewed.Operation)
	assert.True(t, slices.ContainsFunc(previewed.Plan, plan.Step.Loses), "the report of the preview states what is lost")

	r.must("destroy")
	r.gone()
}

// refused asserts that a plan is, for each of those that it loses.
func (r *rehearsal) refused(err error, fate string) {
	r.t.Helper()

	for _, held := range holding() {
		require.ErrorContains(r.t, err, held+" "+fate)
	}
}
