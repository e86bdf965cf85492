package sdk

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

// source is an SDK's syntax. It parses folders as they are needed.
type source struct {
	root    string
	folders map[string]*declarations
	objects map[string]map[string]string // nested objects found so far
}

// declarations are the declarations of one Go package.
type declarations struct {
	types     map[string]*ast.TypeSpec
	imports   map[string]map[string]string // type name → its file's imports, name → path
	functions map[string]string            // the bodies of functions
}

func (s *source) folder(name string) (*declarations, error) {
	if known, ok := s.folders[name]; ok {
		return known, nil
	}

	folder := path.Join(s.root, name)
	if _, err := os.Stat(folder); err != nil {
		return nil, fmt.Errorf("listing the SDK's folder %q: %w", name, err)
	}

	files, err := filepath.Glob(path.Join(folder, "*.go"))
	problems := []error{err}
	found := &declarations{
		types:     map[string]*ast.TypeSpec{},
		imports:   map[string]map[string]string{},
		functions: map[string]string{},
	}

	for _, file := range files {
		problems = append(problems, found.add(file))
	}

	s.folders[name] = found

	return found, errors.Join(problems...)
}

func (d *declarations) add(file string) error {
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}

	parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("parsing %s: %w", file, err)
	}

	imports := map[string]string{}

	for _, spec := range parsed.Imports {
		target := strings.Trim(spec.Path.Value, `"`)
		if spec.Name != nil {
			imports[spec.Name.Name] = target
		} else {
			imports[path.Base(target)] = target
		}
	}

	ast.Inspect(parsed, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.TypeSpec:
			d.types[node.Name.Name], d.imports[node.Name.Name] = node, imports
		case *ast.FuncDecl:
			if node.Recv == nil {
				d.functions[node.Name.Name] = string(text[node.Pos()-parsed.FileStart : node.End()-parsed.FileStart])
			}

			return false
		}

		return true
	})

	return nil
}

func (s *source) has(folder, name string) bool {
	declared, err := s.folder(folder)

	return err == nil && declared.types[name] != nil
}

// fields are the pulumi properties of a struct with their types in Go.
func (s *source) fields(folder, name string) (map[string]ast.Expr, error) {
	declared, err := s.folder(folder)
	if err != nil {
		return nil, err
	}

	spec, ok := declared.types[name]
	if !ok {
		return nil, fmt.Errorf("no type %s in folder %q", name, folder)
	}

	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		return nil, fmt.Errorf("type %s in folder %q is no struct", name, folder)
	}

	found := map[string]ast.Expr{}

	for _, field := range structure.Fields.List {
		if field.Tag == nil {
			continue
		}

		if property := reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("pulumi"); property != "" {
			found[property] = field.Type
		}
	}

	return found, nil
}

// properties are the pulumi properties of a struct with their kinds. A field that is neither a pointer nor a collection
// is required.
func (s *source) properties(folder, name string) (map[string]string, error) {
	fields, err := s.fields(folder, name)
	if err != nil {
		return nil, err
	}

	found := map[string]string{}

	for property, field := range fields {
		kind, err := s.kind(folder, name, field)
		if err != nil {
			return nil, fmt.Errorf("property %s: %w", property, err)
		}

		switch field.(type) {
		case *ast.Ident, *ast.SelectorExpr:
			kind += catalogue.Required
		}

		found[property] = kind
	}

	return found, nil
}

// names are the pulumi properties of a struct, sorted.
func (s *source) names(folder, name string) ([]string, error) {
	fields, err := s.fields(folder, name)

	return slices.Sorted(maps.Keys(fields)), err
}
