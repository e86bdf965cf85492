package sdk

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"reflect"
	"sort"
	"strconv"
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
	functions map[string]*ast.FuncDecl
}

func newSource(root string) *source {
	return &source{root: root, folders: map[string]*declarations{}, objects: map[string]map[string]string{}}
}

func (s *source) folder(name string) (*declarations, error) {
	if known, ok := s.folders[name]; ok {
		return known, nil
	}

	entries, err := os.ReadDir(path.Join(s.root, name))
	if err != nil {
		return nil, fmt.Errorf("listing the SDK's folder %q: %w", name, err)
	}

	found := &declarations{
		types:     map[string]*ast.TypeSpec{},
		imports:   map[string]map[string]string{},
		functions: map[string]*ast.FuncDecl{},
	}

	var problems []error

	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".go") {
			problems = append(problems, found.add(path.Join(s.root, name, entry.Name())))
		}
	}

	s.folders[name] = found

	return found, errors.Join(problems...)
}

func (d *declarations) add(file string) error {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("parsing %s: %w", file, err)
	}

	imports := map[string]string{}

	for _, spec := range parsed.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err == nil && spec.Name != nil {
			imports[spec.Name.Name] = target
		} else if err == nil {
			imports[path.Base(target)] = target
		}
	}

	for _, declaration := range parsed.Decls {
		switch declaration := declaration.(type) {
		case *ast.FuncDecl:
			if declaration.Recv == nil {
				d.functions[declaration.Name.Name] = declaration
			}
		case *ast.GenDecl:
			d.addTypes(declaration, imports)
		}
	}

	return nil
}

func (d *declarations) addTypes(declaration *ast.GenDecl, imports map[string]string) {
	for _, spec := range declaration.Specs {
		if spec, ok := spec.(*ast.TypeSpec); ok {
			d.types[spec.Name.Name] = spec
			d.imports[spec.Name.Name] = imports
		}
	}
}

func (s *source) has(folder, name string) bool {
	declared, err := s.folder(folder)

	return err == nil && declared.types[name] != nil
}

func (s *source) structure(folder, name string) (*ast.StructType, error) {
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

	return structure, nil
}

// properties are the pulumi properties of a struct with their kinds. A field that is neither a pointer nor a collection
// is required.
func (s *source) properties(folder, name string) (map[string]string, error) {
	structure, err := s.structure(folder, name)
	if err != nil {
		return nil, err
	}

	found := map[string]string{}

	for _, field := range structure.Fields.List {
		property := tag(field)
		if property == "" {
			continue
		}

		kind, err := s.kind(folder, name, field.Type)
		if err != nil {
			return nil, fmt.Errorf("property %s: %w", property, err)
		}

		switch field.Type.(type) {
		case *ast.Ident, *ast.SelectorExpr:
			kind += catalogue.Required
		}

		found[property] = kind
	}

	return found, nil
}

// names are the pulumi properties of a struct, sorted.
func (s *source) names(folder, name string) ([]string, error) {
	structure, err := s.structure(folder, name)
	if err != nil {
		return nil, err
	}

	var names []string

	for _, field := range structure.Fields.List {
		if property := tag(field); property != "" {
			names = append(names, property)
		}
	}

	sort.Strings(names)

	return names, nil
}

func tag(field *ast.Field) string {
	if field.Tag == nil {
		return ""
	}

	text, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		return ""
	}

	return reflect.StructTag(text).Get("pulumi")
}
