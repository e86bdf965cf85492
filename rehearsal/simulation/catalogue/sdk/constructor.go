package sdk

import (
	"go/ast"
	"go/token"
	"strconv"
)

// constructor is the information that only the body of an SDK's New function contains.
type constructor struct {
	required map[string]bool // properties refused when they are nil
	secrets  []string        // outputs that are secret whatever the inputs are
}

// constructor reads the function's checks, `if args.VpcId == nil { return nil, … }`. A check whose body assigns is a
// default and no requirement.
func (s *source) constructor(folder, name string) constructor {
	found := constructor{required: map[string]bool{}}

	declared, err := s.folder(folder)
	if err != nil || declared.functions[name] == nil {
		return found
	}

	ast.Inspect(declared.functions[name].Body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.IfStmt:
			if field := comparedToNil(node.Cond); field != "" && returns(node.Body) {
				found.required[lowerFirst(field)] = true
			}
		case *ast.CallExpr:
			found.secrets = append(found.secrets, secretOutputs(node)...)
		}

		return true
	})

	return found
}

func comparedToNil(condition ast.Expr) string {
	comparison, ok := condition.(*ast.BinaryExpr)
	if !ok || comparison.Op != token.EQL {
		return ""
	}

	selector, ok := comparison.X.(*ast.SelectorExpr)
	if !ok {
		return ""
	}

	return selector.Sel.Name
}

func returns(body *ast.BlockStmt) bool {
	if len(body.List) == 0 {
		return false
	}

	_, ok := body.List[0].(*ast.ReturnStmt)

	return ok
}

func secretOutputs(call *ast.CallExpr) []string {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "AdditionalSecretOutputs" || len(call.Args) != 1 {
		return nil
	}

	list, ok := call.Args[0].(*ast.CompositeLit)
	if !ok {
		return nil
	}

	var names []string

	for _, element := range list.Elts {
		if literal, ok := element.(*ast.BasicLit); ok {
			if name, err := strconv.Unquote(literal.Value); err == nil {
				names = append(names, name)
			}
		}
	}

	return names
}
