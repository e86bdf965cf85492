package policy_test

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

// severalVersions are prefixes of the dependencies that may have several versions, with the reason.
func severalVersions() map[string]string {
	return map[string]string{
		"github.com/msur/platform/": "a module of this repository, which a replace directive finds in the checkout",
		"k8s.io/":                   "clients follow the clusters, schemas the newest version, and the control plane Argo CD",
	}
}

// Different versions of one dependency would be tested together nowhere.
func TestADependencyHasOneVersionInAllModules(t *testing.T) {
	t.Parallel()

	versions := make(map[string]map[string][]string) // by dependency and version, the modules that require it

	for file, content := range modules(t) {
		for _, required := range requirements(t, file, content) {
			if required.Indirect {
				continue
			}

			if versions[required.Mod.Path] == nil {
				versions[required.Mod.Path] = make(map[string][]string)
			}

			at := versions[required.Mod.Path]
			at[required.Mod.Version] = append(at[required.Mod.Version], path.Dir(file))
		}
	}

	assert.Greater(t, len(versions), 50, "too few dependencies found")

	for dependency, found := range versions {
		if !severallyVersioned(dependency) {
			assert.Len(t, found, 1, "%s has several versions: run `go get %[1]s@<version>` in the modules that are behind",
				dependency)
		}
	}
}

// `make up` compiles these modules. With other versions of what the Pulumi SDK imports, it would compile the SDK again,
// which takes half a minute.
func TestTheProgramTheRehearsalAndTheCLICompileTheSameSDK(t *testing.T) {
	t.Parallel()

	all, program := modules(t), make(map[string]string)
	for _, required := range requirements(t, "go.mod", all["go.mod"]) {
		program[required.Mod.Path] = required.Mod.Version
	}

	for _, module := range []string{"rehearsal", "tools/pins/pulumi"} {
		for _, required := range requirements(t, module+"/go.mod", all[module+"/go.mod"]) {
			dependency, version := required.Mod.Path, required.Mod.Version
			if other, shared := program[dependency]; shared && !severallyVersioned(dependency) {
				assert.Equal(t, other, version, "%s and the program need one version of %s: run `go get %[2]s@<the later one>` "+
					"in the other module", module, dependency)
			}
		}
	}
}

// requirements returns a module's dependencies, direct and indirect.
func requirements(t *testing.T, file string, content []byte) []*modfile.Require {
	t.Helper()
	require.NotEmpty(t, content, file)

	parsed, err := modfile.Parse(file, content, nil)
	require.NoError(t, err)

	return parsed.Require
}

func severallyVersioned(dependency string) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(severalVersions())), func(prefix string) bool {
		return strings.HasPrefix(dependency, prefix)
	})
}

// modules returns the content of every go.mod of the repository.
func modules(t *testing.T) map[string][]byte {
	t.Helper()

	files := make(map[string][]byte)

	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}

		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && name != "." || entry.Name() == "testdata") {
			return fs.SkipDir
		}

		if entry.Name() == "go.mod" {
			files[name] = []byte(read(t, name))
		}

		return nil
	}))

	return files
}
