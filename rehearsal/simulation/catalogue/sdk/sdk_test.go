package sdk_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/catalogue/sdk"
)

// The committed catalogues are what the SDKs say: `go generate ./...` when this fails.
func TestTheCommittedCataloguesAreUpToDate(t *testing.T) {
	t.Parallel()

	for _, module := range sdk.Modules() {
		t.Run(module.Name, func(t *testing.T) {
			root, err := sdk.Download(t.Context(), module)
			require.NoError(t, err)
			read, err := sdk.Read(module, root)
			require.NoError(t, err)
			text, err := read.Encode()
			require.NoError(t, err)
			committed, err := os.ReadFile(filepath.Join("..", module.Name+".json"))
			require.NoError(t, err)
			assert.Equal(t, string(committed), string(text))
		})
	}
}

// small is an SDK with one of everything the reader has to understand.
func small(t *testing.T, token string) (*catalogue.Catalogue, error) {
	t.Helper()

	root := t.TempDir()
	for name, text := range map[string]string{
		"go/small/provider.go": `package small
type providerArgs struct { Region *string ` + "`pulumi:\"region\"`" + ` }`,
		"go/small/db/box.go": `package db
import "example.com/sdk/go/small/other"
type Box struct {
	Arn pulumi.StringOutput ` + "`pulumi:\"arn\"`" + `
	embedded
}
type boxArgs struct {
	Size              ` + "`pulumi:\"size\"`" + `
	Name  *string           ` + "`pulumi:\"name\"`" + `
	Items []Item            ` + "`pulumi:\"items\"`" + `
	Far   *other.Thing      ` + "`pulumi:\"far\"`" + `
	Free  map[string]interface{} ` + "`pulumi:\"free\"`" + `
	Files []pulumi.Asset    ` + "`pulumi:\"files\"`" + `
}
type Size int
type Item struct { Next *Item ` + "`pulumi:\"next\"`" + `; Deep map[string][]bool ` + "`pulumi:\"deep\"`" + ` }
func NewBox(args *BoxArgs) error {
	if args.Name == nil { return nil, errors.New("missing") }
	if args.Free == nil { args.Free = x }
	secrets := pulumi.AdditionalSecretOutputs([]string{"password"})
	return nil
}`,
		"go/small/other/other.go": `package other
type Thing struct { Weight float64 ` + "`pulumi:\"weight\"`" + ` }`,
	} {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}

	return sdk.Read(sdk.Module{Name: "small", Path: "example.com/sdk", Version: "v1", Folder: "go/small", Types: []string{token}}, root)
}

func TestRead(t *testing.T) {
	t.Parallel()

	read, err := small(t, "small:db/box:Box")
	require.NoError(t, err)
	assert.Equal(t, catalogue.Type{
		Inputs: map[string]string{
			"size": "integer, required", "name": "string, required", "items": "[]object db.Item",
			"far": "object other.Thing", "free": "{}any", "files": "[]asset",
		},
		Outputs: []string{"arn"},
		Secrets: []string{"password"},
	}, read.Types["small:db/box:Box"])
	assert.Equal(t, map[string]map[string]string{
		"object db.Item":     {"next": "object db.Item", "deep": "{}[]boolean"},
		"object other.Thing": {"weight": "number, required"},
	}, read.Objects)
	assert.Equal(t, map[string]string{"region": "string"}, read.Configuration)
	assert.Equal(t, "example.com/sdk@v1", read.Module)
}

func TestReadNamesWhatIsNotThere(t *testing.T) {
	t.Parallel()

	for token, want := range map[string]string{
		"small:db/bag:Bag":      "type small:db/bag:Bag: no type bagArgs in folder \"db\"",
		"small:none/v1:Nothing": "none/v1",
	} {
		_, err := small(t, token)
		assert.ErrorContains(t, err, want)
	}
}
