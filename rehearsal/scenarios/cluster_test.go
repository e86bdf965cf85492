package scenarios_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/state"
)

const (
	cluster   = "aws:eks/cluster:Cluster"
	component = "eks:index:Cluster"
	nodeGroup = "aws:eks/nodeGroup:NodeGroup"
)

// recorder runs the component's process, and writes each resource that it registers to a file.
const recorder = `
const real = %[1]q, log = %[2]q;
const runtime = require(real + "/@pulumi/pulumi/runtime/resource");
const register = runtime.registerResource;
runtime.registerResource = (res, parent, type, name, ...rest) => {
	require("fs").appendFileSync(log, type + "::" + name + "\n");
	return register(res, parent, type, name, ...rest);
};
require(real + "/@pulumi/eks/cmd/provider/index.js");
`

func TestTheRealComponentCreatesTheCluster(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	log := r.recordRegistrations()
	r.must("up")

	known, _ := r.inspect()
	parent := only(t, known, component)

	var children []string

	for _, child := range known.Resources {
		if strings.HasPrefix(string(child.URN.QualifiedType()), string(parent.URN.QualifiedType())+"$") {
			children = append(children, string(child.Type)+"::"+child.URN.Name())
		}
	}

	assert.Greater(t, len(children), 10)

	text, err := os.ReadFile(log)
	require.NoError(t, err)

	registered := strings.Fields(string(text))
	for _, child := range children {
		assert.Contains(t, registered, child, "registered by the component's process")
	}

	t.Log("the program's transform applies to the component's cluster")

	inputs := resource.NewProperty(resource.NewPropertyMapFromMap(only(t, known, cluster).Inputs))

	for path, want := range map[string]any{
		"accessConfig.bootstrapClusterCreatorAdminPermissions": false,
		"bootstrapSelfManagedAddons":                           false,
		"upgradePolicy.supportType":                            "STANDARD",
	} {
		parsed, err := resource.ParsePropertyPath(path)
		require.NoError(t, err)

		value, found := parsed.Get(inputs)
		require.True(t, found, path)
		assert.Equal(t, want, value.Mappable(), path)
	}

	t.Log("a viewer who becomes an admin keeps the access entry: EKS has one for each principal")
	r.configure(
		set("platform:cluster", "admins", []string{"role/platform-deploy", "role/platform-preview"}),
		set("platform:cluster", "viewers", []string{}),
	)
	r.must("up")
	assert.Equal(t, map[string]int{"replace": 1}, r.changes(), "the association with a policy")

	r.must("destroy")
	r.gone()
}

// Pools come first: docs/decisions/0030.
func TestReplacingTheClusterRestoresEverything(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.configure(set("platform:cluster", "autoscaling", nil))
	r.must("up")

	before, held := r.inspect()

	r.shell("pulumi up --yes --skip-preview --config-file '" + r.options.StackFile +
		"' --replace '" + string(only(t, before, cluster).URN) + "'")

	after, now := r.inspect()
	assert.Len(t, now, len(held), "resources in the account")
	assert.Len(t, after.Resources, len(before.Resources))
	assert.NotEqual(t, only(t, before, cluster).Outputs["endpoint"], only(t, after, cluster).Outputs["endpoint"])
	assert.Empty(t, both(ids(before, nodeGroup), ids(after, nodeGroup)), "node groups of both clusters")

	assert.Contains(t, r.must("up"), "Nothing changed")
	r.must("destroy")
	r.gone()
}

// recordRegistrations replaces the component's process by the recorder, and returns the file that it writes.
func (r *rehearsal) recordRegistrations() string {
	r.t.Helper()

	bin, folder := r.options.Folders.Bin, r.t.TempDir()
	log := filepath.Join(folder, "registered")

	for _, tool := range []string{"pulumi", "pulumi-language-go", "programs"} {
		require.NoError(r.t, os.Symlink(filepath.Join(bin, tool), filepath.Join(folder, tool)))
	}

	installed := filepath.Join(bin, "components", "node_modules")
	npm := filepath.Join(folder, "components", "node_modules", "@pulumi", "eks")
	require.NoError(r.t, os.MkdirAll(filepath.Join(npm, "cmd", "provider"), 0o700))
	require.NoError(r.t, os.Symlink(filepath.Join(installed, "@pulumi", "eks", "package.json"),
		filepath.Join(npm, "package.json")))
	require.NoError(r.t, os.WriteFile(filepath.Join(npm, "cmd", "provider", "index.js"),
		fmt.Appendf(nil, recorder, installed, log), 0o600))

	r.options.Folders.Bin = folder

	return log
}

// only returns the one resource of a type.
func only(t *testing.T, known *state.State, resourceType string) state.Resource {
	t.Helper()

	found := slices.DeleteFunc(slices.Clone(known.Resources), func(r state.Resource) bool {
		return string(r.Type) != resourceType
	})
	require.Len(t, found, 1, "one %s", resourceType)

	return found[0]
}

// ids returns the ids of a type's resources.
func ids(known *state.State, resourceType string) []string {
	var found []string

	for _, r := range known.Resources {
		if string(r.Type) == resourceType {
			found = append(found, string(r.ID))
		}
	}

	return found
}

// both returns the elements that are in both lists.
func both(one, other []string) []string {
	return slices.DeleteFunc(slices.Clone(one), func(element string) bool { return !slices.Contains(other, element) })
}
