package main

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// module is the main module. This test enforces the import rules of all modules, which docs/architecture.md explains.
const module = "github.com/msur/platform/"

// imports lists, for each layer, the packages of this module that the layer may import. In addition, a package may
// import the packages of its own unit: its component, or its layer if the layer has no components. Only tests may
// import components/graphtest.
func imports() map[string][]string {
	return map[string][]string{
		"infra":      {"stacks", "components", "internal"},
		"stacks":     {"components", "internal"},
		"components": {"components/internal", "internal/nodes", "internal/policy", "internal/scope"},
		"internal":   {},
		"tools":      {"infra/bootstrap", "internal", "stacks/settings", "tools/internal"},
	}
}

// mayImport reports whether the rules allow a package to import another. Packages are named without their module.
func mayImport(from, to string) bool {
	if isIn(to, "components/graphtest") || isIn(to, "components/internal") && !isIn(from, "components") {
		return isIn(from, "components/graphtest") && isIn(to, "components/graphtest")
	}

	layer, _, _ := strings.Cut(from, "/")

	return isIn(to, unit(from)) ||
		slices.ContainsFunc(imports()[layer], func(allowed string) bool { return isIn(to, allowed) })
}

// unit returns the folder of a component, or of another package that imports no package of its layer.
func unit(name string) string {
	parts := strings.Split(name, "/")
	if slices.Contains([]string{"components", "internal", "tools"}, parts[0]) {
		return strings.Join(parts[:min(2, len(parts))], "/")
	}

	return parts[0]
}

// isIn reports whether a package is in a folder or below it.
func isIn(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()

	checked := 0

	for _, pkg := range list(t, "./...") {
		from, ours := strings.CutPrefix(pkg.ImportPath, module)
		if !ours {
			continue
		}

		checked++

		for _, to := range within(pkg.Imports) {
			assert.True(t, mayImport(from, to), "%s must not import %s: see docs/architecture.md", from, to)
		}

		for _, to := range within(slices.Concat(pkg.TestImports, pkg.XTestImports)) {
			allowed := from == to || isIn(to, "components/graphtest") || mayImport(from, to)
			assert.True(t, allowed, "tests of %s must not import %s: see docs/architecture.md", from, to)
		}
	}

	assert.Greater(t, checked, 5, "go list returns the packages of the module")
}

func TestTheImportRule(t *testing.T) {
	t.Parallel()

	for pair, allowed := range map[[2]string]bool{
		{"infra", "stacks"}:                                    true,
		{"infra", "stacks/settings"}:                           true,
		{"infra/bootstrap/state", "internal/policy"}:           true,
		{"stacks", "components/network"}:                       true,
		{"stacks", "stacks/settings"}:                          true,
		{"stacks/settings", "components/network/layout"}:       true,
		{"stacks/settings", "internal/config"}:                 true,
		{"components/network", "components/network/layout"}:    true,
		{"components/network", "components/internal/logs"}:     true,
		{"components/network/layout", "internal/policy"}:       true,
		{"stacks", "infra"}:                                    false,
		{"components/network", "stacks"}:                       false,
		{"components/network", "stacks/settings"}:              false,
		{"components/network", "internal/config"}:              false,
		{"components/network", "components/encryption"}:        false,
		{"components/encryption", "components/network/layout"}: false,
		{"components/networks", "components/network"}:          false,
		{"components/internal/logs", "components/network"}:     false,
		{"stacks", "components/internal/logs"}:                 false,
		{"components/network", "components/graphtest"}:         false,
		{"stacks", "components/graphtest"}:                     false,
		{"components/graphtest", "components/network"}:         false,
		{"internal/policy", "components/network"}:              false,
		{"internal/policy", "internal/config"}:                 false,
		{"tools/environment", "stacks/settings"}:               true,
		{"tools/environment", "stacks"}:                        false,
		{"tools/environment", "tools/service"}:                 false,
		{"tools/reference", "components/network"}:              false,
		{"infra", "rehearsal/controls"}:                        false,
		{"stacks", "apps/flights/service"}:                     false,
		{"other", "components/network"}:                        false,
	} {
		assert.Equal(t, allowed, mayImport(pair[0], pair[1]), "%s imports %s", pair[0], pair[1])
	}
}

// required matches a module of this repository in a go.mod file.
var required = regexp.MustCompile(`(?m)^(?:require)?\s+github\.com/msur/platform(/\S+)? v`)

// No other module imports the main module: the simulation and the services do not need the program's code. Services
// import the chassis.
func TestModulesAreIndependent(t *testing.T) {
	t.Parallel()

	checked := 0

	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", ".rehearsal", "node_modules", "out"}, entry.Name()):
			return fs.SkipDir
		case entry.Name() != "go.mod":
			return nil
		}

		text, err := os.ReadFile(filepath.Join("..", path))
		for _, match := range required.FindAllStringSubmatch(string(text), -1) {
			assert.True(t, isIn(path, "apps") && isIn(match[1], "/apps"), "%s must not require %s%s", path, module, match[1])
		}

		checked++

		return err
	})
	require.NoError(t, err)
	assert.Greater(t, checked, 5, "the modules of the repository are found")
}

// maxKubernetesPackages bounds the linked packages of pulumi-kubernetes. Its helm/v3 and yaml/v2 alone import
// every API group: most of a cold build, and of a link that needs 4.5 GB.
const maxKubernetesPackages = 20

func TestTheProgramImportsNoLargeUnusedPackage(t *testing.T) {
	t.Parallel()

	var linked []string

	packages := list(t, "./infra")
	for _, pkg := range packages {
		if isIn(pkg.ImportPath, "github.com/pulumi/pulumi-kubernetes/sdk") {
			linked = append(linked, pkg.ImportPath)
		}
	}

	assert.Greater(t, len(packages), maxKubernetesPackages, "go list returns the linked packages")
	assert.LessOrEqual(t, len(linked), maxKubernetesPackages, linked)
}

// listed is a package in the output of `go list`.
type listed struct {
	ImportPath   string   `json:"importPath"`
	Imports      []string `json:"imports"`
	TestImports  []string `json:"testImports"`
	XTestImports []string `json:"xTestImports"`
}

// list returns the packages of the module that match a pattern, and their dependencies.
func list(t *testing.T, pattern string) []listed {
	t.Helper()

	command := exec.CommandContext(
		t.Context(), "go", "list", "-deps", "-json=ImportPath,Imports,TestImports,XTestImports", pattern)
	command.Dir = ".."

	text, err := command.Output()
	require.NoError(t, err, "go list %s", pattern)

	var packages []listed

	for decoder := json.NewDecoder(strings.NewReader(string(text))); ; {
		var pkg listed

		err := decoder.Decode(&pkg)
		if errors.Is(err, io.EOF) {
			return packages
		}

		require.NoError(t, err, "reading the output of go list %s", pattern)

		packages = append(packages, pkg)
	}
}

// within returns the packages of the repository, without its name.
func within(packages []string) []string {
	var ours []string

	for _, name := range packages {
		if name, found := strings.CutPrefix(name, module); found {
			ours = append(ours, name)
		}
	}

	return ours
}
