package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

func TestThePageIsWhatTheCodeSays(t *testing.T) {
	t.Parallel()

	want, err := generate(os.DirFS(root), order())
	require.NoError(t, err)

	got, err := os.ReadFile(filepath.Join(root, target))
	require.NoError(t, err)
	assert.True(t, bytes.Equal(want, got), "%s is not what the code says: run make generate", target)
}

func TestEveryComponentIsOnThePage(t *testing.T) {
	t.Parallel()

	var components []string

	entries, err := os.ReadDir(filepath.Join(root, "components"))
	require.NoError(t, err)

	for _, entry := range entries {
		if name := entry.Name(); name != "graphtest" && name != "internal" {
			components = append(components, name)
		}
	}

	assert.ElementsMatch(t, components, order())
}

func TestEveryResourceOfAComponentIsCounted(t *testing.T) {
	t.Parallel()

	made, err := readGoldens(os.DirFS(root))
	require.NoError(t, err)

	for _, environment := range environments() {
		counted, components := 0, make(map[string]bool)

		for at, names := range made {
			assert.Contains(t, order(), at.component)

			if at.environment == environment {
				counted += len(names)
				components[at.component] = true
			}
		}

		text, err := fs.ReadFile(os.DirFS(root), "stacks/testdata/"+environment+".json")
		require.NoError(t, err)

		providerOfAll := 1
		assert.Equal(t, strings.Count(string(text), `"urn":`), counted+len(components)+providerOfAll)
	}
}

// repository has a component with a part, and graphs in which it makes a thing in each zone.
func repository() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	thing := func(zone string) string {
		const under = "urn:pulumi:x::platform::platform:shop:Shop"

		return `{"urn": "` + under + `$aws:a/b:C::shop-` + zone + `", "type": "aws:a/b:C", "parent": "` + under + `::shop"}`
	}

	return fstest.MapFS{
		"components/shop/shop.go": file(`// Package shop sells. It is open.
package shop

// Port is where it listens.
const Port = 80

// Args are the inputs of a Shop. All are required but for Tags.
type Args struct {
	// Tags, as in "a*b<c>|d",
	// are put on it.
	Tags map[string]string
	// Shelves are where goods are.
	Shelves []*shelves.Shelf
	hidden  int
}

// Shop is a shop.
type Shop struct {
	pulumi.ResourceState

	// ARN is the shop's.
	ARN pulumi.StringOutput
}

// New opens a shop.
func New(ctx *pulumi.Context, args *Args) (*Shop, error) { return nil, nil }

// Buy takes money.
func (s *Shop) Buy(good Good) {}

// Good is what is sold.
type Good struct{}
`),
		"components/shop/shop_test.go": file("package shop_test\n\nfunc Other() {}\n"),
		"components/shop/shelves/shelves.go": file(`package shelves

// Shelf is where goods are.
type Shelf string

const (
	// Top is hard to reach.
	Top Shelf = "top"
)
`),
		"components/shop/testdata/shop.json": file(
			`{"deployment": {"resources": [` + strings.ReplaceAll(thing("a"), "aws:a/b:C", "aws:a/b:D") + `]}}`),
		"stacks/testdata/sandbox.json": file(`{"deployment": {"resources": [` + thing("a") + `]}}`),
		"stacks/testdata/staging.json": file(`{"deployment": {"resources": [` + thing("a") + `,` + thing("b") + `]}}`),
	}
}

func TestWhatThePageSaysOfAComponent(t *testing.T) {
	t.Parallel()

	text, err := generate(repository(), []string{"shop"})
	require.NoError(t, err)

	page := string(text)

	for _, line := range []string{
		"- [shop](#shop) sells.",
		"`shop` sells. It is open.",
		"### Inputs: `shop.Args`\n\nAll are required but for Tags.",
		"| `Tags` | text by name | Tags, as in \"a\\*b\\<c>\\|d\", are put on it. |",
		"| `Shelves` | [shelves.Shelf](#shelvesshelf) list | Shelves are where goods are. |",
		"### `shelves.Shelf`\n\nShelf is where goods are.",
		"| `Top` | `\"top\"` | Top is hard to reach. |",
		"### Outputs: `shop.Shop`\n\nShop is a shop.",
		"| `ARN` | output of text | ARN is the shop's. |",
		"### `shop.Good`",
		"| `New(ctx, args)` | New opens a shop. |",
		"| `Shop.Buy(good)` | Buy takes money. |",
		"| `Port` | `80` | Port is where it listens. |",
		"| Type | sandbox | staging | Names |",
		"| `aws:a/b:C` | 1 | 2 | `shop-<zone>` |",
		"| `aws:a/b:D` | 0 | 0 | `shop-<zone>` |",
	} {
		assert.Contains(t, page, line+"\n")
	}

	for _, word := range []string{"hidden", "ResourceState", "Other"} {
		assert.NotContains(t, page, word)
	}
}

func TestThePageIsTheSameEachTime(t *testing.T) {
	t.Parallel()

	pages := make(map[string]bool)

	for range 5 {
		text, err := generate(os.DirFS(root), order())
		require.NoError(t, err)

		pages[string(text)] = true
	}

	assert.Len(t, slices.Collect(maps.Keys(pages)), 1)
}

func TestWhatThePageCannotSayIsAnError(t *testing.T) {
	t.Parallel()

	const source = "components/shop/shop.go"

	tests := map[string]struct{ file, old, replacement, says string }{
		"a type without a word": {source, "map[string]string", "chan string", "Args: no word for the type chan string"},
		"no inputs":             {source, "type Args", "type Input", "without Args"},
		"no component":          {source, "pulumi.ResourceState", "pulumi.Other", "without a component"},
		"code that is none":     {source, "package shop", "shop", "components/shop"},
		"a graph that is none":  {"stacks/testdata/staging.json", "{", "", "staging"},
		"a component's, too":    {"components/shop/testdata/shop.json", "{", "", "shop.json"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			files := repository()
			text := strings.ReplaceAll(string(files[test.file].Data), test.old, test.replacement)
			files[test.file] = &fstest.MapFile{Data: []byte(text)}

			_, err := generate(files, []string{"shop"})
			assert.ErrorContains(t, err, test.says)
		})
	}

	_, err := generate(repository(), []string{"other"})
	require.Error(t, err, "a component that is not there")

	_, err = generate(fstest.MapFS{}, nil)
	require.Error(t, err, "no golden graphs")
}
