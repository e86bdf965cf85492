package main

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shop returns a repository with a component, a package below it, and graphs with one resource per zone.
func shop() fstest.MapFS {
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
		"internal/nodes/nodes.go":      file("package nodes\n"),
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

func TestReferenceDescribesAComponent(t *testing.T) {
	t.Parallel()

	page, err := reference(shop())
	require.NoError(t, err)

	for _, line := range []string{
		"- [shop](#shop) sells.",
		"`shop` sells. It is open.",
		"### Inputs: `shop.Args`\n\nAll are required but for Tags.",
		"| `Tags` | map of string | Tags, as in \"a\\*b\\<c>\\|d\", are put on it. |",
		"| `Shelves` | list of [shelves.Shelf](#shelvesshelf) | Shelves are where goods are. |",
		"### `shelves.Shelf`\n\nShelf is where goods are.",
		"| `Top` | `\"top\"` | Top is hard to reach. |",
		"### Outputs: `shop.Shop`\n\nShop is a shop.",
		"| `ARN` | string output | ARN is the shop's. |",
		"### `shop.Good`",
		"| `New(ctx, args)` | New opens a shop. |",
		"| `Shop.Buy(good)` | Buy takes money. |",
		"| `Port` | `80` | Port is where it listens. |",
		"| Type | sandbox | staging | Names |",
		"| `aws:a/b:C` | 1 | 2 | `shop-<zone>` |",
		"| `aws:a/b:D` | 0 | 0 | `shop-<zone>` |",
	} {
		assert.Contains(t, string(page), line+"\n")
	}

	for _, word := range []string{"hidden", "ResourceState", "Other"} {
		assert.NotContains(t, string(page), word)
	}
}

func TestReferenceFailsOnBadFiles(t *testing.T) {
	t.Parallel()

	const source = "components/shop/shop.go"

	tests := map[string]struct{ file, old, replacement, mentioned string }{
		"unknown type":            {source, "map[string]string", "chan string", "no plain name for the type chan string"},
		"no Args":                 {source, "type Args", "type Input", "no type Args"},
		"no component":            {source, "pulumi.ResourceState", "pulumi.Other", "no type that embeds"},
		"invalid code":            {source, "package shop", "shop", "components/shop"},
		"invalid golden graph":    {"stacks/testdata/staging.json", "{", "", "staging"},
		"invalid component graph": {"components/shop/testdata/shop.json", "{", "", "shop.json"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			files := shop()
			text := strings.ReplaceAll(string(files[test.file].Data), test.old, test.replacement)
			files[test.file] = &fstest.MapFile{Data: []byte(text)}

			_, err := reference(files)
			assert.ErrorContains(t, err, test.mentioned)
		})
	}

	_, err := reference(fstest.MapFS{})
	require.ErrorContains(t, err, "listing the components")
}
