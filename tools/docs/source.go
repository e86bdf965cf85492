package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"strings"
)

// component is the exported code of a component.
type component struct {
	*doc.Package

	// types are those of the component's packages, by names such as "nodes.Kind".
	types map[string]*doc.Type
	// mentioned are the types to describe: Args, then the component, then those that they mention.
	mentioned []string
	Tables    []table
}

// readComponent reads a component's package, the packages below it, and the description of nodes, which several
// components mention.
func readComponent(files fs.FS, name string) (*component, error) {
	c := &component{Package: &doc.Package{Name: name}, types: make(map[string]*doc.Type)}

	read := func(folder string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}

		pkg, err := readPackage(files, folder)
		if err != nil {
			return err
		}

		if pkg.Name == name {
			c.Package = pkg
		}

		for _, t := range pkg.Types {
			c.types[pkg.Name+"."+t.Name] = t
		}

		return nil
	}

	return c, errors.Join(
		fs.WalkDir(files, "components/"+name, read), fs.WalkDir(files, "internal/nodes", read))
}

// readPackage reads the exported code in a folder, without its tests.
func readPackage(files fs.FS, folder string) (*doc.Package, error) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil, fmt.Errorf("listing the code: %w", err)
	}

	var sources []*ast.File

	set := token.NewFileSet()

	for _, entry := range entries {
		file := path.Join(folder, entry.Name())
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			continue
		}

		content, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("reading the code: %w", err)
		}

		source, err := parser.ParseFile(set, file, content, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("parsing the code: %w", err)
		}

		sources = append(sources, source)
	}

	pkg, err := doc.NewFromFiles(set, sources, folder)
	if err != nil {
		return nil, fmt.Errorf("reading the comments in %s: %w", folder, err)
	}

	return pkg, nil
}

// fields returns the fields of a struct, and nil for another type.
func fields(t *doc.Type) []*ast.Field {
	spec, _ := t.Decl.Specs[0].(*ast.TypeSpec)
	if structure, ok := spec.Type.(*ast.StructType); ok {
		return structure.Fields.List
	}

	return nil
}

// isComponent reports whether a type is a component resource.
func isComponent(t *doc.Type) bool {
	list := fields(t)

	return len(list) > 0 && types.ExprString(list[0].Type) == "pulumi.ResourceState"
}
