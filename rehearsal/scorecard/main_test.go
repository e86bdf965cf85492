package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
)

func TestThePageIsUpToDate(t *testing.T) {
	t.Parallel()

	want, err := generate(os.DirFS(root))
	require.NoError(t, err)

	got, err := os.ReadFile(filepath.Join(root, target))
	require.NoError(t, err)
	assert.Equal(t, want, string(got), "run make generate")
}

func TestEveryListedTestExists(t *testing.T) {
	t.Parallel()

	for id, tests := range controls.Charts() {
		assert.NotEmpty(t, tests, id)

		for _, test := range tests {
			text, err := os.ReadFile(filepath.Join(root, test.File))
			require.NoError(t, err, id)

			source, err := parser.ParseFile(token.NewFileSet(), test.File, text, parser.SkipObjectResolution)
			require.NoError(t, err, id)

			exists := slices.ContainsFunc(source.Decls, func(declaration ast.Decl) bool {
				function, ok := declaration.(*ast.FuncDecl)

				return ok && function.Recv == nil && function.Name.Name == test.Function
			})
			assert.True(t, exists, "%s: %s is not in %s", id, test.Function, test.File)
		}
	}
}

func TestEveryControlHasARow(t *testing.T) {
	t.Parallel()

	environments, account := readRepository(t)

	found := make(map[string]bool)
	for _, finding := range controls.Check(environments["sandbox"]) {
		found[finding.ID] = true
	}

	p := check(environments, account)
	for _, row := range slices.Concat(p.Rows, p.Account) {
		delete(found, row.ID)
	}

	assert.Empty(t, found)
}

func readRepository(t *testing.T) (map[string]controls.Environment, controls.Environment) {
	t.Helper()

	environments, account, err := read(os.DirFS(root))
	require.NoError(t, err)

	return environments, account
}

func TestAFailureIsShownWithItsReason(t *testing.T) {
	t.Parallel()

	environments, account := readRepository(t)
	maps.DeleteFunc(environments, func(name string, _ controls.Environment) bool {
		return name != "sandbox" && name != "staging"
	})

	for _, r := range environments["staging"].State.Resources {
		if r.URN.Name() == "database-instance" {
			r.Inputs["storageEncrypted"] = false
		}
	}

	for _, r := range account.State.Resources {
		if r.URN.Name() == "images-flights" {
			r.Inputs["imageTagMutability"] = "MUTABLE"
		}
	}

	text, err := render(check(environments, account))
	require.NoError(t, err)

	for _, part := range []string{
		"| pass | fail | sandbox: `database-instance`: `kmsKeyId`, `storageEncrypted`<br>staging: `database-instance`:" +
			" `storageEncrypted` |\n",
		"| D2 | staging | fail | database-instance (storageEncrypted): ",
		"staging: 47 pass, 1 fail,",
		"| fail | `images-flights`: `imageTagMutability` |\n",
		"| A4 | account | fail | images-flights (imageTagMutability): ",
	} {
		assert.Contains(t, text, part)
	}
}

func TestEvidenceIsMerged(t *testing.T) {
	t.Parallel()

	property := func(name, property string) controls.Evidence {
		return controls.Evidence{URN: resource.NewURN("s", "p", "", tokens.Type("a:b:C"), name), Property: property}
	}

	assert.Equal(t, "`disk`: `ebs.size`; `net-<zone>`, `vpc`: `cidr`, `id`", evidence([]controls.Evidence{
		property("vpc", "id"), property("vpc", "cidr"), property("net-b", "id"), property("net-a", "cidr"),
		property("net-a", "id"), property("disk", "ebs[0].size"), property("disk", "ebs[12].size"),
	}))
	assert.Empty(t, evidence(nil))

	places := []string{"sandbox", "staging"}
	assert.Equal(t, "same", merge(places, []string{"same", "same"}))
	assert.Equal(t, "one", merge(places, []string{"", "one"}))
	assert.Empty(t, merge(places, []string{"", ""}))
	assert.Equal(t, "sandbox: one<br>staging: other", merge(places, []string{"one", "other"}))
}

func TestAnUnreadableGraphIsAnError(t *testing.T) {
	t.Parallel()

	repository := func() fstest.MapFS {
		files := make(fstest.MapFS)
		for _, name := range []string{"sandbox", "staging"} {
			files["Pulumi."+name+".yaml"] = &fstest.MapFile{}
			files["stacks/testdata/"+name+".json"] = &fstest.MapFile{Data: []byte(`{"deployment": {"resources": [` +
				`{"urn": "s", "type": "pulumi:pulumi:Stack", "outputs": {"policy": {"highlyAvailable": true}}}]}}`)}
		}

		return files
	}

	environments, err := controls.ReadGoldens(repository(), asOf())
	require.NoError(t, err)
	assert.Len(t, environments, 2)

	for _, environment := range environments {
		assert.True(t, environment.HighlyAvailable)
		assert.False(t, environment.KeepsData)
	}

	for message, change := range map[string]func(fstest.MapFS){
		"the repository has none; expected Pulumi.<environment>.yaml": func(files fstest.MapFS) { clear(files) },
		"the golden graph of staging has no policy; run: make golden": func(files fstest.MapFS) {
			files["stacks/testdata/staging.json"].Data = []byte("{}")
		},
		"golden graph stacks/testdata/staging.json": func(files fstest.MapFS) {
			files["stacks/testdata/staging.json"].Data = []byte("[")
		},
		"stacks/testdata/sandbox.json: file":  func(files fstest.MapFS) { delete(files, "stacks/testdata/sandbox.json") },
		"account/testdata/account.json: file": func(fstest.MapFS) {},
	} {
		t.Run(message, func(t *testing.T) {
			t.Parallel()

			files := repository()
			change(files)

			_, err := generate(files)
			assert.ErrorContains(t, err, message)
		})
	}
}
