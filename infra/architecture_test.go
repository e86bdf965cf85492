package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// module is the one whose architecture is tested; the others of the repository have rules of their own.
const module = "github.com/msur/platform/"

// kubernetesPackages is how many packages of pulumi-kubernetes may be linked. Its helm/v3 and yaml/v2 alone
// pull in every API group: most of a cold build, and of a link that needs 4.5 GB.
const kubernetesPackages = 20

// listed is what `go list` says of a package.
type listed struct {
	ImportPath   string   `json:"importPath"`
	Imports      []string `json:"imports"`
	TestImports  []string `json:"testImports"`
	XTestImports []string `json:"xTestImports"`
}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()

	checked := 0

	for _, one := range list(t, "./...") {
		from, ours := strings.CutPrefix(one.ImportPath, module)
		if !ours {
			continue
		}

		checked++

		for _, to := range within(one.Imports) {
			assert.True(t, mayImport(from, to), "%s imports %s", from, to)
		}

		for _, to := range within(slices.Concat(one.TestImports, one.XTestImports)) {
			ofTests := from == to || isIn(to, "components/graphtest")
			assert.True(t, ofTests || mayImport(from, to), "tests of %s import %s", from, to)
		}
	}

	assert.Greater(t, checked, 5, "the packages of the module are listed")
}

func TestTheRuleOfImports(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		from, to string
		want     bool
	}{
		"infra wires stacks":                     {"infra", "stacks", true},
		"infra reads settings":                   {"infra", "stacks/settings", true},
		"stacks compose components":              {"stacks", "components/network", true},
		"settings know what components accept":   {"stacks/settings", "components/network/layout", true},
		"stacks have settings":                   {"stacks", "stacks/settings", true},
		"a component has its own parts":          {"components/network", "components/network/layout", true},
		"components share what is internal":      {"components/network", "components/internal/policy", true},
		"a part shares it too":                   {"components/network/layout", "components/internal/policy", true},
		"stacks know nothing of infra":           {"stacks", "infra", false},
		"components know nothing of stacks":      {"components/network", "stacks", false},
		"components know nothing of settings":    {"components/network", "stacks/settings", false},
		"what is internal knows no component":    {"components/internal/policy", "components/network", false},
		"components know nothing of one another": {"components/network", "components/encryption", false},
		"nor of the parts of another":            {"components/encryption", "components/network/layout", false},
		"a longer name is another component":     {"components/networks", "components/network", false},
		"stacks use internal parts of none":      {"stacks", "components/internal/policy", false},
		"graphtest is for tests":                 {"components/network", "components/graphtest", false},
		"for tests of stacks too":                {"stacks", "components/graphtest", false},
		"graphtest knows no component":           {"components/graphtest", "components/network", false},
		"nothing imports the rehearsal":          {"infra", "rehearsal/controls", false},
		"nothing imports the apps":               {"stacks", "apps/flights/service", false},
		"nothing comes from elsewhere":           {"other", "components/network", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, mayImport(test.from, test.to))
		})
	}
}

func TestTheProgramIsCheapToCompile(t *testing.T) {
	t.Parallel()

	var linked []string

	packages := list(t, "./infra")
	for _, one := range packages {
		if isIn(one.ImportPath, "github.com/pulumi/pulumi-kubernetes/sdk") {
			linked = append(linked, one.ImportPath)
		}
	}

	assert.Greater(t, len(packages), kubernetesPackages, "what is linked is listed")
	assert.LessOrEqual(t, len(linked), kubernetesPackages, linked)
}

// mayImport is the rule: infra → stacks → components → components/internal, never upwards, never sideways.
// Packages are named without their module.
func mayImport(from, to string) bool {
	switch {
	case isIn(to, "components/graphtest"):
		return isIn(from, "components/graphtest")
	case isIn(to, "components/internal"):
		return isIn(from, "components")
	case isIn(to, "components"):
		return isIn(from, component(to)) || isIn(from, "stacks") || isIn(from, "infra")
	case isIn(to, "stacks"):
		return isIn(from, "stacks") || isIn(from, "infra")
	case isIn(to, "infra"):
		return isIn(from, "infra")
	}

	return false
}

// component is the package at the top of the component that a package belongs to.
func component(name string) string {
	const levels = 2

	parts := strings.Split(name, "/")

	return strings.Join(parts[:min(levels, len(parts))], "/")
}

// isIn reports whether a package is the folder's or below it.
func isIn(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

// within returns those packages that are in the repository, without its name.
func within(packages []string) []string {
	var ours []string

	for _, one := range packages {
		if name, found := strings.CutPrefix(one, module); found {
			ours = append(ours, name)
		}
	}

	return ours
}

// list returns the packages that match a pattern in the module, and all that they depend on.
func list(t *testing.T, pattern string) []listed {
	t.Helper()

	command := exec.CommandContext(
		t.Context(), "go", "list", "-deps", "-json=ImportPath,Imports,TestImports,XTestImports", pattern)
	command.Dir = ".."

	text, err := command.Output()
	require.NoError(t, err, "go list %s", pattern)

	var packages []listed

	for decoder := json.NewDecoder(strings.NewReader(string(text))); ; {
		var one listed

		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return packages
		}

		require.NoError(t, err, "reading what go list %s says", pattern)

		packages = append(packages, one)
	}
}
