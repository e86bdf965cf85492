package main

import (
	"errors"
	"fmt"
	"go/build"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// module is the one whose packages are drawn.
const module = "github.com/msur/platform/"

// imports are the packages of the module that each of them imports, named without the module.
type imports map[string][]string

// list finds the packages of the program and of the account's, as `go list` does. It asks no process, so that a test
// that calls it runs anew once an import has changed.
func list(root string) (imports, error) {
	packages := make(imports)

	for _, folder := range []string{"infra", "stacks", "components"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil || !entry.IsDir():
				return err
			case entry.Name() == "testdata":
				return fs.SkipDir
			}

			return packages.add(root, name)
		})
		if err != nil {
			return nil, fmt.Errorf("listing the packages of %s: %w", folder, err)
		}
	}

	return packages, nil
}

// add takes in the package in a folder, if there is one.
func (packages imports) add(root, folder string) error {
	found, err := build.ImportDir(folder, 0)

	if _, none := errors.AsType[*build.NoGoError](err); none {
		return nil
	}

	if err != nil {
		return fmt.Errorf("reading the package in %s: %w", folder, err)
	}

	name, err := filepath.Rel(root, folder)
	if err != nil {
		return fmt.Errorf("naming the package in %s: %w", folder, err)
	}

	packages[filepath.ToSlash(name)] = nil

	for _, imported := range found.Imports {
		if ours, is := strings.CutPrefix(imported, module); is {
			packages[filepath.ToSlash(name)] = append(packages[filepath.ToSlash(name)], ours)
		}
	}

	return nil
}

// layer is a folder, around whose packages there is a frame.
type layer struct{ folder, title string }

// layers are from the top to the bottom; a package is in the first that holds it.
func layers() []layer {
	return []layer{
		{"infra/bootstrap", "infra/bootstrap: the account's program"},
		{"infra", "infra: the program"},
		{"stacks", "stacks: what an environment is"},
		{"components/internal", "components/internal: what they share"},
		{"components", "components: one for each concern"},
	}
}

// drawImports draws a box for each package and an arrow for each import. Packages that are for tests alone have no
// arrows, and are left out.
func drawImports(packages imports) string {
	f := newFlowchart("LR")
	drawn := connected(packages)

	for _, layer := range layers() {
		f.frame("in "+layer.folder, layer.title, func() {
			for _, name := range drawn {
				if layerOf(name) == layer {
					f.node(name, strings.TrimPrefix(name, layer.folder+"/"))
				}
			}
		})
	}

	for _, name := range drawn {
		for _, imported := range packages[name] {
			f.arrow(name, imported, "")
		}
	}

	return f.String()
}

// connected are the packages that import another or are imported, in the order of their names.
func connected(packages imports) []string {
	var all []string

	for name, imported := range packages {
		if len(imported) > 0 {
			all = append(append(all, name), imported...)
		}
	}

	slices.Sort(all)

	return slices.Compact(all)
}

func layerOf(name string) layer {
	for _, layer := range layers() {
		if strings.HasPrefix(name+"/", layer.folder+"/") {
			return layer
		}
	}

	return layer{folder: "", title: ""} // list asks for no others
}
