package aws_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/aws"
	"github.com/msur/platform/rehearsal/simulation/catalogue/sdk"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
	"github.com/msur/platform/rehearsal/simulation/schema"
)

// The rules refuse none of the resources in the SDK's documentation. What only the simulation does not know, and values
// that it requires, do not count.
func TestTheExamplesOfTheSDKAreAccepted(t *testing.T) {
	t.Parallel()

	root, err := sdk.Download(t.Context(), sdk.Modules()[0])
	require.NoError(t, err)

	checked, facts := 0, aws.Schema()

	for token := range facts {
		for _, inputs := range examplesOf(t, root, token) {
			checked++

			assert.Empty(t, refusals(facts, token, inputs), token)
		}
	}

	assert.Greater(t, checked, 150)
}

// named has an unknown name where the provider makes one.
func named(described *schema.Type, inputs resource.PropertyMap) resource.PropertyMap {
	for name, p := range described.Properties {
		if key := resource.PropertyKey(name); p.AutoName != nil && inputs[key].IsNull() {
			inputs[key] = enginetest.Unknown()
		}
	}

	return inputs
}

// goExample is a program in the documentation of a resource.
var goExample = regexp.MustCompile("(?s)```go\n(.*?)```")

// examplesOf are the inputs of a type's resources in the documentation of the type.
func examplesOf(t *testing.T, root, of string) []resource.PropertyMap {
	t.Helper()

	parts := strings.Split(of, ":")
	if len(parts) == 1 {
		return nil
	}

	folder, file := path.Split(parts[1])
	text, err := os.ReadFile(filepath.Join(root, "go/aws", folder, file+".go"))
	require.NoError(t, err)

	var (
		found  []resource.PropertyMap
		plain  = strings.ReplaceAll(strings.ReplaceAll(string(text), "\n// ", "\n"), "\n//\t", "\n")
		wanted = strings.TrimSuffix(folder, "/") + "." + parts[2] + "Args"
	)

	for _, example := range goExample.FindAllStringSubmatch(strings.ReplaceAll(plain, "\n//\n", "\n\n"), -1) {
		parsed, err := parser.ParseFile(token.NewFileSet(), "example.go", example[1], parser.SkipObjectResolution)
		if err != nil {
			continue // an excerpt
		}

		ast.Inspect(parsed, func(node ast.Node) bool {
			if literal, ok := node.(*ast.CompositeLit); ok && nameOf(literal.Type) == wanted {
				found = append(found, object(literal))
			}

			return true
		})
	}

	return found
}

// nameOf is "ec2.VpcArgs" of such a type.
func nameOf(expression ast.Expr) string {
	selector, ok := expression.(*ast.SelectorExpr)
	if !ok {
		return ""
	}

	of, _ := selector.X.(*ast.Ident)
	if of == nil {
		return ""
	}

	return of.Name + "." + selector.Sel.Name
}

// object is a literal of a struct or a map.
func object(literal *ast.CompositeLit) resource.PropertyMap {
	result := resource.PropertyMap{}

	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}

		switch key := pair.Key.(type) {
		case *ast.Ident:
			name := strings.ToLower(key.Name[:1]) + key.Name[1:]
			result[resource.PropertyKey(name)] = value(pair.Value)
		case *ast.BasicLit:
			name, _ := strconv.Unquote(key.Value)
			result[resource.PropertyKey(name)] = value(pair.Value)
		}
	}

	return result
}

// value is a literal, or unknown.
func value(expression ast.Expr) resource.PropertyValue {
	switch expression := expression.(type) {
	case *ast.BasicLit:
		return scalar(expression)
	case *ast.Ident:
		if yes, err := strconv.ParseBool(expression.Name); err == nil {
			return resource.NewBoolProperty(yes)
		}
	case *ast.UnaryExpr:
		return value(expression.X)
	case *ast.CallExpr:
		if strings.HasPrefix(nameOf(expression.Fun), "pulumi.") && len(expression.Args) == 1 {
			return value(expression.Args[0])
		}
	case *ast.CompositeLit:
		return composite(expression)
	}

	return enginetest.Unknown()
}

func composite(literal *ast.CompositeLit) resource.PropertyValue {
	if !strings.HasSuffix(nameOf(literal.Type), "Array") {
		return resource.NewObjectProperty(object(literal))
	}

	var elements []resource.PropertyValue
	for _, element := range literal.Elts {
		elements = append(elements, value(element))
	}

	return resource.NewArrayProperty(elements)
}

func scalar(literal *ast.BasicLit) resource.PropertyValue {
	if text, err := strconv.Unquote(literal.Value); err == nil {
		return resource.NewStringProperty(text)
	}

	number, err := strconv.ParseFloat(literal.Value, 64)
	if err != nil {
		return enginetest.Unknown()
	}

	return resource.NewNumberProperty(number)
}
