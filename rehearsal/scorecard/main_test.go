package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
)

func TestThePageIsWhatTheControlsFind(t *testing.T) {
	t.Parallel()

	want, err := generate(os.DirFS(root))
	require.NoError(t, err)

	got, err := os.ReadFile(filepath.Join(root, target))
	require.NoError(t, err)
	assert.Equal(t, want, string(got), "run make generate")
}

func TestEveryEnvironmentIsOnThePage(t *testing.T) {
	t.Parallel()

	goldens, err := filepath.Glob(filepath.Join(root, "stacks", "testdata", "*.json"))
	require.NoError(t, err)

	var environments []string
	for _, file := range goldens {
		environments = append(environments, strings.TrimSuffix(filepath.Base(file), ".json"))
	}

	assert.ElementsMatch(t, environments, names())
}

func TestEveryTestThatIsNamedIsThere(t *testing.T) {
	t.Parallel()

	for _, row := range elsewhere() {
		assert.NotEmpty(t, row.Tests, row.ID)

		for _, named := range row.Tests {
			text, err := os.ReadFile(filepath.Join(root, named.File))
			require.NoError(t, err, row.ID)

			source, err := parser.ParseFile(token.NewFileSet(), named.File, text, parser.SkipObjectResolution)
			require.NoError(t, err, row.ID)

			there := slices.ContainsFunc(source.Decls, func(declared ast.Decl) bool {
				function, is := declared.(*ast.FuncDecl)

				return is && function.Recv == nil && function.Name.Name == named.Function
			})
			assert.True(t, there, "%s: %s in %s", row.ID, named.Function, named.File)
		}
	}
}

func TestAControlStandsInOnePlace(t *testing.T) {
	t.Parallel()

	known, account := read(t)

	found := make(map[string]bool)
	for _, one := range controls.Check(known["sandbox"]) {
		found[one.ID] = true
	}

	for _, row := range elsewhere() {
		assert.False(t, found[row.ID], "%s is held twice", row.ID)
		found[row.ID] = true
	}

	c := check(known, account)
	for _, row := range slices.Concat(c.Rows, c.Account) {
		delete(found, row.ID)
	}

	assert.Len(t, found, len(elsewhere()), "each other control is shown")
}

// read reads the environments and the account of the repository.
func read(t *testing.T) (map[string]controls.Environment, controls.Environment) {
	t.Helper()

	known, err := readEnvironments(os.DirFS(root))
	require.NoError(t, err)

	account, err := readAccount(os.DirFS(root))
	require.NoError(t, err)

	return known, account
}

func TestWhatFailsIsToldWithItsReason(t *testing.T) {
	t.Parallel()

	known, account := read(t)

	for _, r := range known["staging"].State.Resources {
		if r.URN.Name() == "database-instance" {
			r.Inputs["storageEncrypted"] = false
		}
	}

	for _, r := range account.State.Resources {
		if r.URN.Name() == "images-flights" {
			r.Inputs["imageTagMutability"] = "MUTABLE"
		}
	}

	text, err := page(check(known, account))
	require.NoError(t, err)

	for _, part := range []string{
		"| pass | fail | sandbox: `database-instance`: `kmsKeyId`, `storageEncrypted`<br>staging: `database-instance`:" +
			" `storageEncrypted` |\n",
		"| D2 | staging | fail | database-instance: its disk is not encrypted |\n",
		"staging: 36 pass, 1 fail,",
		"| fail | `images-flights`: `imageTagMutability` |\n", "| A4 | account | fail | images-flights:",
	} {
		assert.Contains(t, text, part)
	}
}

func TestEvidenceIsToldOnce(t *testing.T) {
	t.Parallel()

	of := func(name, property string) controls.Evidence {
		return controls.Evidence{URN: resource.NewURN("s", "p", "", tokens.Type("a:b:C"), name), Property: property}
	}

	assert.Equal(t, "`disk`: `ebs.size`; `net-<zone>`, `vpc`: `cidr`, `id`", evidence([]controls.Evidence{
		of("vpc", "id"), of("vpc", "cidr"), of("net-b", "id"), of("net-a", "cidr"), of("net-a", "id"),
		of("disk", "ebs[0].size"), of("disk", "ebs[12].size"),
	}))
	assert.Empty(t, evidence(nil))

	assert.Equal(t, "alike", together(names(), []string{"alike", "alike"}))
	assert.Equal(t, "one", together(names(), []string{"", "one"}))
	assert.Empty(t, together(names(), []string{"", ""}))
	assert.Equal(t, "sandbox: one<br>staging: other", together(names(), []string{"one", "other"}))
}

func TestWhatAnEnvironmentIsMustBeSaid(t *testing.T) {
	t.Parallel()

	const said = "package stacks\n\nfunc s() policy {" +
		" return policy{highlyAvailable: true, keepsData: false, openAPI: false} }\n"

	repository := func() fstest.MapFS {
		files := make(fstest.MapFS)
		for _, name := range names() {
			files["stacks/"+name+".go"] = &fstest.MapFile{Data: []byte(said)}
			files["stacks/testdata/"+name+".json"] = &fstest.MapFile{Data: []byte("{}")}
		}

		return files
	}

	known, err := readEnvironments(repository())
	require.NoError(t, err)
	assert.True(t, known["staging"].HighlyAvailable)
	assert.False(t, known["staging"].KeepsData)
	assert.Len(t, known["staging"].Others, 1)

	for says, change := range map[string]func(fstest.MapFS){
		"does not say whether it is keepsData": func(files fstest.MapFS) {
			files["stacks/staging.go"].Data = []byte(strings.ReplaceAll(said, "keepsData: false, ", ""))
		},
		"reading what an environment is: stacks/staging.go": func(files fstest.MapFS) {
			files["stacks/staging.go"].Data = []byte("stacks")
		},
		"reading what an environment is: open": func(files fstest.MapFS) { delete(files, "stacks/staging.go") },
		"the golden graph stacks/testdata/staging.json": func(files fstest.MapFS) {
			files["stacks/testdata/staging.json"].Data = []byte("[")
		},
		"stacks/testdata/sandbox.json: file":  func(files fstest.MapFS) { delete(files, "stacks/testdata/sandbox.json") },
		"account/testdata/account.json: file": func(fstest.MapFS) {},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()

			files := repository()
			change(files)

			_, err := generate(fs.FS(files))
			assert.ErrorContains(t, err, says)
		})
	}
}
