package scenarios_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/plan"
)

// protected returns the stores, and the resources that contain them, of the program in stacks/testdata/moved.
func protected() []string {
	return []string{
		"vpc-vpc (aws:ec2/vpc:Vpc)", "eks-eksCluster (aws:eks/cluster:Cluster)",
		"mysql-instance (" + instance + ")", "valkey-nodes (" + nodes + ")",
	}
}

func TestAPlanThatLosesDataIsRefused(t *testing.T) {
	t.Parallel()

	r := rehearse(t, filepath.Join(repository(t), "stacks", "testdata", "moved"), "trial")
	r.configure(func(c config) { c["moved:moved"] = "true" })
	r.must("up")
	r.must("preview")

	t.Log("a replacement in a file with pulumi's own preview")

	file, replaced := filepath.Join(t.TempDir(), "plan.json"), make([]string, 0, len(protected()))

	for _, resource := range protected() {
		name, _, _ := strings.Cut(resource, " ")
		replaced = append(replaced, "--replace '**::"+name+"'")
	}

	r.shell("pulumi preview --json -c moved:moved=true " + strings.Join(replaced, " ") + " >" + file)
	r.assertLost(plan.CheckFile(file), "replaced")

	t.Log("a renamed component without an alias, which would be deleted")
	r.configure()

	_, err := r.run("preview")
	r.assertLost(err, "deleted")

	previewed := r.report()
	assert.Equal(t, "preview", previewed.Operation)
	assert.True(t, slices.ContainsFunc(previewed.Plan, plan.Step.Loses), "the report of the preview shows the loss")

	r.must("destroy")
	r.gone()
}

// What make score reads of pulumi's own preview: ids and outputs come from before, dependencies from after.
func TestControlsHaveTheSameResultsInAPreviewAndInTheState(t *testing.T) {
	t.Parallel()

	r := rehearse(t, filepath.Join(repository(t), "stacks", "testdata", "moved"), "trial")
	r.must("up")

	folder := t.TempDir()
	r.shell("pulumi preview --json --show-sames >" + folder + "/all && pulumi preview --json >" + folder + "/changes")

	result, _, err := plan.ReadResult([]byte(readText(t, folder+"/all")))
	require.NoError(t, err)

	known, _ := r.inspect()
	want := controls.Check(controls.NewEnvironment(known, os.DirFS(repository(t)), time.Now()))

	for i, found := range controls.Check(controls.NewEnvironment(result, os.DirFS(repository(t)), time.Now())) {
		assert.Equal(t, want[i].Result, found.Result, "%s: %s", found.ID, found.Reason)
		assert.Len(t, found.Evidence, len(want[i].Evidence), found.ID)
	}

	_, _, err = plan.ReadResult([]byte(readText(t, folder+"/changes")))
	require.ErrorContains(t, err, "--show-sames")
}

// assertLost asserts that the error of a refused plan names all protected resources.
func (r *rehearsal) assertLost(err error, fate string) {
	r.t.Helper()

	for _, resource := range protected() {
		require.ErrorContains(r.t, err, resource+" "+fate)
	}
}

// Physical names do not contain the component's name, so that a renamed component needs only an alias.
func TestARenamedAndMovedComponentKeepsItsResources(t *testing.T) {
	t.Parallel()

	r := rehearse(t, filepath.Join(repository(t), "stacks", "testdata", "moved"), "trial")
	r.must("up")

	_, before := r.inspect()

	r.configure(func(c config) { c["moved:moved"] = "true" })
	r.must("up")
	assert.Equal(t, map[string]int{"create": 1}, r.changes(), "the new parent")

	known, after := r.inspect()
	for _, moved := range known.Resources {
		assert.NotContains(t, []string{"encryption", "network", "database", "cache", "cluster"}, moved.URN.Name())
	}

	assert.Len(t, after, len(before))

	for i := range after {
		assert.Equal(t, before[i].Key, after[i].Key)
	}

	r.must("destroy")
	r.gone()
}
