package main

import (
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

// readComponent reads a component's package and the packages below it.
func readComponent(files fs.FS, name string) (*component, error) {
	c := &component{Package: &doc.Package{Name: name}, types: make(map[string]*doc.Type)}
	set := token.NewFileSet()
	packages := make(map[string][]*ast.File) // by folder

	err := fs.WalkDir(files, "components/"+name, func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}

		content, err := fs.ReadFile(files, file)
		if err != nil {
			return err
		}

		source, err := parser.ParseFile(set, file, content, parser.ParseComments)
		packages[path.Dir(file)] = append(packages[path.Dir(file)], source)

		return err
	})
	if err != nil {
		return nil, err
	}

	for folder, sources := range packages {
		pkg, err := doc.NewFromFiles(set, sources, folder)
		if err != nil {
			return nil, fmt.Errorf("reading the comments in %s: %w", folder, err)
		}

		if pkg.Name == name {
			c.Package = pkg
		}

		for _, t := range pkg.Types {
			c.types[pkg.Name+"."+t.Name] = t
		}
	}

	return c, nil
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
