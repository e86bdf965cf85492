package sdk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/catalogue/sdk"
)

// The program is built with the simulated versions: a version is in its go.mod, and once more here.
func TestProgramIsBuiltWithTheSimulatedVersions(t *testing.T) {
	t.Parallel()

	text, err := os.ReadFile("../../../../go.mod")
	require.NoError(t, err)

	for _, module := range sdk.Modules() {
		for line := range strings.Lines(string(text)) {
			if words := strings.Fields(line); len(words) > 1 && words[0] == module.Path {
				assert.Equal(t, words[1], module.Version, module.Path)
			}
		}
	}
}

// The committed catalogues are generated from the SDKs: run `go generate ./...` when this fails.
func TestGeneratedCatalogueIsCommitted(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	require.NoError(t, sdk.Generate(t.Context(), folder))

	for _, module := range sdk.Modules() {
		generated, err := os.ReadFile(filepath.Join(folder, module.Name+".json"))
		require.NoError(t, err)
		committed, err := os.ReadFile(filepath.Join("..", module.Name+".json"))
		require.NoError(t, err)
		assert.Equal(t, string(committed), string(generated), "%s.json is not what the SDK says", module.Name)
	}
}

// read reads an SDK in which box is the text of the type's file.
func read(t *testing.T, token, box string) (*catalogue.Catalogue, error) {
	t.Helper()

	return readFiles(t, sdk.Module{Types: []string{token}}, map[string]string{"db/box.go": "package db\n" + box})
}

// readFiles reads an SDK of these files and those of every SDK.
func readFiles(t *testing.T, module sdk.Module, files map[string]string) (*catalogue.Catalogue, error) {
	t.Helper()

	root := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(root, "go", "small", name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}

	write("provider.go", "package small\ntype providerArgs struct { Region *string `pulumi:\"region\"` }")
	write("README.md", "no Go")
	write("other/other.go", "package other\ntype Thing struct { Weight float64 `pulumi:\"weight\"` }\n"+
		"type Colour string")

	for name, text := range files {
		write(name, text)
	}

	module.Name, module.Path, module.Version, module.Folder = "small", "example.com/sdk", "v1", "go/small"

	return sdk.Read(module, root)
}

const (
	boxToken  = "small:db/box:Box"
	boxOutput = "type Box struct {\n\tArn pulumi.StringOutput `pulumi:\"arn\"`\n\tembedded\n" +
		"\tAll pulumi.StringOutput `pulumi:\"all\"`\n}\n"
)

func TestKinds(t *testing.T) {
	t.Parallel()

	for field, want := range map[string]string{
		"*string":                "string",
		"string":                 "string, required",
		"*int":                   "integer",
		"float64":                "number, required",
		"*bool":                  "boolean",
		"interface{}":            "any",
		"any":                    "any, required",
		"[]string":               "[]string",
		"[][]int":                "[][]integer",
		"map[string]string":      "{}string",
		"map[string][]bool":      "{}[]boolean",
		"map[string]interface{}": "{}any",
		"pulumi.Asset":           "asset, required",
		"[]pulumi.Archive":       "[]asset",
		"*Item":                  "object db.Item",
		"Item":                   "object db.Item, required",
		"[]Item":                 "[]object db.Item",
		"*other.Thing":           "object other.Thing",
		"Size":                   "integer, required",
		"*Size":                  "integer",
		"Names":                  "[]string, required",
		"*other.Colour":          "string",
	} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()

			got, err := read(t, boxToken, `import "example.com/sdk/go/small/other"
`+boxOutput+`type boxArgs struct { It `+field+" `pulumi:\"it\"`"+` }
type Size int
type Names []string
type Item struct { Next *Item `+"`pulumi:\"next\"`"+` }`)
			require.NoError(t, err)
			assert.Equal(t, map[string]string{"it": want}, got.Types[boxToken].Inputs)
		})
	}
}

func TestNestedObjects(t *testing.T) {
	t.Parallel()

	got, err := read(t, boxToken, `import away "example.com/sdk/go/small/other"
`+boxOutput+"type boxArgs struct { Items []Item `pulumi:\"items\"`\n Far *away.Thing `pulumi:\"far\"` }\n"+
		"type Item struct { Next *Item `pulumi:\"next\"`\n Page Leaf `pulumi:\"leaf\"`\n"+
		"hidden int\n Other int `json:\"x\"` }\n"+
		"type Leaf struct {}\n type Unused struct {}")
	require.NoError(t, err)
	assert.Equal(t, map[string]map[string]string{
		"object db.Item":     {"next": "object db.Item", "leaf": "object db.Leaf, required"},
		"object db.Leaf":     {},
		"object other.Thing": {"weight": "number, required"},
	}, got.Objects)
	assert.Equal(t, []string{"all", "arn"}, got.Types[boxToken].Outputs, "sorted, without embedded fields")
	assert.Equal(t, map[string]string{"region": "string"}, got.Configuration)
	assert.Equal(t, "example.com/sdk@v1", got.Module)
}

func TestConstructors(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		body    string
		name    string // kind of the input
		secrets []string
	}{
		"required":       {body: `if args.Name == nil { return nil, errors.New("missing") }`, name: "string, required"},
		"a default":      {body: `if args.Name == nil { args.Name = x }`, name: "string"},
		"nothing inside": {body: `if args.Name == nil { }`, name: "string"},
		"the contrary":   {body: `if args.Name != nil { return nil }`, name: "string"},
		"another":        {body: `if args.Other == nil { return nil, x }`, name: "string"},
		"no field":       {body: `if args == nil { return nil, x }`, name: "string"},
		"no comparison":  {body: `if ok { return nil, x }`, name: "string"},
		"secrets": {
			body: `s := pulumi.AdditionalSecretOutputs([]string{"password", "key"})`, name: "string",
			secrets: []string{"password", "key"},
		},
		"other options": {body: `s := pulumi.ReplaceOnChanges([]string{"password"})`, name: "string"},
		"secrets from elsewhere": {
			body: `s := pulumi.AdditionalSecretOutputs(names); t := pulumi.AdditionalSecretOutputs([]string{x})`, name: "string",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := read(t, boxToken, boxOutput+"type boxArgs struct { Name *string `pulumi:\"name\"` }\n"+
				"func (b *Box) NewBox() {}\n func NewBox(args *BoxArgs) error {\n"+test.body+"\n}")
			require.NoError(t, err)
			assert.Equal(t, map[string]string{"name": test.name}, got.Types[boxToken].Inputs)
			assert.Equal(t, test.secrets, got.Types[boxToken].Secrets)
		})
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()

	thing := func(folder string) string {
		return "package " + folder + "\ntype Thing struct {}\n" +
			"type thingArgs struct { In *string `pulumi:\"" + folder + "\"` }"
	}

	for token, want := range map[string]string{
		"small:one/thing:Thing":          "one",
		"small:one/v1:Thing":             "v1",
		"small:one.example.com/v1:Thing": "v1",
		"small:index/thing:Thing":        "small",
	} {
		t.Run(token, func(t *testing.T) {
			t.Parallel()

			got, err := readFiles(t, sdk.Module{Types: []string{token}}, map[string]string{
				"one/thing.go": thing("one"), "one/v1/thing.go": thing("v1"), "thing.go": thing("small"),
			})
			require.NoError(t, err)
			assert.Equal(t, map[string]string{want: "string"}, got.Types[token].Inputs)
		})
	}
}

func TestFunctions(t *testing.T) {
	t.Parallel()

	module := sdk.Module{Functions: []string{
		"small:db/getBox:getBox", "small:db/getLid:getLid", "small:index/getAll:getAll",
	}}
	files := map[string]string{
		"db/getBox.go": "package db\n" +
			"type GetBoxArgs struct { Name string `pulumi:\"name\"`\n Size *int `pulumi:\"size\"` }\n" +
			"type GetBoxResult struct { Id string `pulumi:\"id\"` }",
		"db/getLid.go": "package db\n" +
			"type LookupLidArgs struct { Name string `pulumi:\"name\"` }\n" +
			"type LookupLidResult struct { Id string `pulumi:\"id\"` }",
		"getAll.go": "package small\ntype GetAllResult struct { Ids []string `pulumi:\"ids\"` }",
	}
	got, err := readFiles(t, module, files)
	require.NoError(t, err)
	assert.Equal(t, map[string]catalogue.Function{
		"small:db/getBox:getBox": {
			Arguments: map[string]string{"name": "string, required", "size": "integer"}, Outputs: []string{"id"},
		},
		"small:db/getLid:getLid":    {Arguments: map[string]string{"name": "string, required"}, Outputs: []string{"id"}},
		"small:index/getAll:getAll": {Outputs: []string{"ids"}},
	}, got.Functions)

	delete(files, "getAll.go")
	files["db/getBox.go"] += "\ntype Odd chan int"
	_, err = readFiles(t, module, files)
	require.ErrorContains(t, err, "function small:index/getAll:getAll: no type GetAllResult")
	assert.NotContains(t, err.Error(), "getBox")
}

func TestReadRefusals(t *testing.T) {
	t.Parallel()

	args := func(field string) string {
		return boxOutput + "type boxArgs struct { It " + field + " `pulumi:\"it\"` }\n"
	}

	for name, test := range map[string]struct{ token, box, want string }{
		"no such type":   {"small:db/bag:Bag", boxOutput, `type small:db/bag:Bag: no type bagArgs in folder "db"`},
		"no such folder": {"small:none/v1:Nothing", boxOutput, "none/v1"},
		"no outputs":     {boxToken, "type boxArgs struct {}", `type small:db/box:Box: no type Box in folder "db"`},
		"no struct":      {boxToken, boxOutput + "type boxArgs int", "type boxArgs in folder \"db\" is no struct"},
		"no Go":          {boxToken, "type", "parsing "},
		"a channel": {
			boxToken, args("chan int"), "property it: field of boxArgs: unexpected syntax *ast.ChanType",
		},
		"in a list": {boxToken, args("[]func()"), "field of boxArgs: unexpected syntax *ast.FuncType"},
		"in a map":  {boxToken, args("map[string]chan int"), "field of boxArgs: unexpected syntax *ast.ChanType"},
		"in an object": {
			boxToken, args("Item") + "type Item struct { C chan int `pulumi:\"c\"` }", "db.Item: property c",
		},
		"another's type": {
			boxToken, `import "example.com/far"` + "\n" + args("*far.Thing"),
			"package example.com/far of far.Thing is not part of the SDK",
		},
		"an unknown type": {boxToken, args("*Nothing"), `no type Nothing in folder "db"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := read(t, test.token, test.box)
			require.ErrorContains(t, err, "reading the SDK example.com/sdk@v1")
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestReadReportsEverythingAtOnce(t *testing.T) {
	t.Parallel()

	_, err := readFiles(t, sdk.Module{
		Types: []string{"small:other/a:A", "small:other/b:B"}, Functions: []string{"small:other/getC:getC"},
	}, map[string]string{"provider.go": "package small"})
	for _, want := range []string{"no type aArgs", "no type bArgs", "no type GetCResult", "no type providerArgs"} {
		require.ErrorContains(t, err, want)
	}
}
