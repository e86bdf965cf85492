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

// component is what the code of one exports.
type component struct {
	*doc.Package

	// types are its own and those of the packages in it, by names such as "nodes.Kind".
	types map[string]*doc.Type
	// named are the types that there is something to say of, Args and the component itself first.
	named  []string
	Tables []table
}

// readComponent reads the package of a component, and those in it.
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
			return nil, fmt.Errorf("comments in %s: %w", folder, err)
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

// parse reads the code in a folder, without its tests, by the folder of the package.
func parse(files fs.FS, set *token.FileSet, folder string) (map[string][]*ast.File, error) {
	parsed := make(map[string][]*ast.File)

	err := fs.WalkDir(files, folder, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}

		text, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("opening a file: %w", err)
		}

		source, err := parser.ParseFile(set, name, text, parser.ParseComments)
		if err != nil {
			return fmt.Errorf("parsing a file: %w", err)
		}

		parsed[path.Dir(name)] = append(parsed[path.Dir(name)], source)

		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the code of %s: %w", folder, err)
	}

	return parsed, nil
}

// fields are those of a struct; another type has none.
func fields(t *doc.Type) []*ast.Field {
	spec, _ := t.Decl.Specs[0].(*ast.TypeSpec)
	if structure, is := spec.Type.(*ast.StructType); is {
		return structure.Fields.List
	}

	return nil
}

// isComponent reports whether a type is a component's own: a resource.
func isComponent(t *doc.Type) bool {
	list := fields(t)

	return len(list) > 0 && types.ExprString(list[0].Type) == "pulumi.ResourceState"
}
