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
	set := token.NewFileSet()

	folders, err := parse(files, set, "components/"+name)
	if err != nil {
		return nil, err
	}

	c := &component{Package: &doc.Package{Name: name}, types: make(map[string]*doc.Type)}

	for folder, sources := range folders {
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

// parse parses the code in a folder, without its tests. The result is by the folder of the package.
func parse(files fs.FS, set *token.FileSet, folder string) (map[string][]*ast.File, error) {
	parsed := make(map[string][]*ast.File)

	err := fs.WalkDir(files, folder, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}

		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}

		source, err := parser.ParseFile(set, name, content, parser.ParseComments)
		parsed[path.Dir(name)] = append(parsed[path.Dir(name)], source)

		return err
	})
	if err != nil {
		return nil, fmt.Errorf("parsing %s: %w", folder, err)
	}

	return parsed, nil
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
