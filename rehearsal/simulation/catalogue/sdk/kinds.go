package sdk

import (
	"fmt"
	"go/ast"
	"path"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

// kind returns a field's Go type in the catalogue's notation, and gathers its objects.
func (s *source) kind(folder, owner string, expression ast.Expr) (string, error) {
	switch expression := expression.(type) {
	case *ast.StarExpr:
		return s.kind(folder, owner, expression.X)
	case *ast.ArrayType:
		element, err := s.kind(folder, owner, expression.Elt)

		return catalogue.List + element, err
	case *ast.MapType:
		element, err := s.kind(folder, owner, expression.Value)

		return catalogue.Map + element, err
	case *ast.InterfaceType:
		return catalogue.Any, nil
	case *ast.SelectorExpr:
		return s.foreign(folder, owner, expression)
	case *ast.Ident:
		return s.named(folder, expression.Name)
	}

	return "", fmt.Errorf("field of %[2]s: unexpected syntax %[1]T", expression, owner)
}

// foreign is the kind of another package's type: an asset, or an object of a sibling folder.
func (s *source) foreign(folder, owner string, selector *ast.SelectorExpr) (string, error) {
	qualifier, ok := selector.X.(*ast.Ident)
	if !ok {
		return "", fmt.Errorf("the selector of %s in %s is not a package", selector.Sel.Name, owner)
	}

	if qualifier.Name == "pulumi" {
		return catalogue.Asset, nil
	}

	target := s.folders[folder].imports[owner][qualifier.Name]

	_, inside, found := strings.Cut(target, "/"+path.Base(s.root)+"/")
	if !found {
		return "", fmt.Errorf("package %s of %s.%s is not part of the SDK", target, qualifier.Name, selector.Sel.Name)
	}

	return s.named(inside, selector.Sel.Name)
}

// named is the kind of a basic type, an enumeration, or an object of the same folder.
func (s *source) named(folder, name string) (string, error) {
	if kind, ok := basic()[name]; ok {
		return kind, nil
	}

	declared, err := s.folder(folder)
	if err != nil {
		return "", err
	}

	if spec, ok := declared.types[name]; ok {
		if _, isStruct := spec.Type.(*ast.StructType); !isStruct {
			return s.kind(folder, name, spec.Type)
		}
	}

	return s.object(folder, name)
}

func (s *source) object(folder, name string) (string, error) {
	label := catalogue.Object + strings.TrimPrefix(folder+"."+name, ".")
	if _, seen := s.objects[label]; seen {
		return label, nil
	}

	s.objects[label] = nil // an object can contain itself

	properties, err := s.properties(folder, name)
	if err != nil {
		return "", fmt.Errorf("object %s: %w", label, err)
	}

	s.objects[label] = properties

	return label, nil
}

// basic are the kinds of Go's basic types.
func basic() map[string]string {
	return map[string]string{
		"string": catalogue.String, "int": catalogue.Integer, "float64": catalogue.Number, "bool": catalogue.Boolean,
		"any": catalogue.Any,
	}
}
