package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// words names the types of other packages.
func words() map[string]string {
	return map[string]string{
		"any":                      "value",
		"bool":                     "boolean",
		"int":                      "number",
		"string":                   "string",
		"netip.Prefix":             "CIDR",
		"policy.Conditions":        "conditions of IAM",
		"scope.Place":              "partition, region and account",
		"kubernetes.Provider":      "Kubernetes provider",
		"pulumi.Map":               "map of values or outputs",
		"pulumi.Resource":          "resource",
		"pulumi.StringInput":       "string or output",
		"pulumi.StringArrayInput":  "strings or output",
		"pulumi.StringOutput":      "string output",
		"pulumi.StringArrayOutput": "strings output",
	}
}

// typeName returns the plain name of a type, which is a link if the page describes the type.
func (c *component) typeName(pkg string, expr ast.Expr) (string, error) {
	switch composed := expr.(type) {
	case *ast.StarExpr:
		return c.typeName(pkg, composed.X)
	case *ast.ArrayType:
		element, err := c.typeName(pkg, composed.Elt)

		return "list of " + element, err
	case *ast.MapType:
		element, err := c.typeName(pkg, composed.Value)

		return "map of " + element, err
	}

	if word, known := words()[types.ExprString(expr)]; known {
		return word, nil
	}

	if name, ok := c.mention(pkg, expr); ok {
		return fmt.Sprintf("[%s](#%s)", name, strings.ToLower(strings.ReplaceAll(name, ".", ""))), nil
	}

	return "", fmt.Errorf("no plain name for the type %s: add one to tools/docs/words.go", types.ExprString(expr))
}

// mention returns the name of a type and whether it is one of the component's, which the page then describes.
func (c *component) mention(pkg string, expr ast.Expr) (string, bool) {
	name := strings.TrimPrefix(types.ExprString(expr), "*")
	if !strings.Contains(name, ".") {
		name = pkg + "." + name
	}

	_, ok := c.types[name]
	if ok && !slices.Contains(c.mentioned, name) {
		c.mentioned = append(c.mentioned, name)
	}

	return name, ok
}

// identifiers formats the names that share one declaration.
func identifiers(declared []*ast.Ident) string {
	all := make([]string, 0, len(declared))
	for _, identifier := range declared {
		all = append(all, code(identifier.Name))
	}

	return strings.Join(all, ", ")
}

func code(text string) string { return "`" + text + "`" }

// prose escapes the characters of a comment that Markdown would interpret. In code, only a table interprets one.
func prose(comment string) string {
	parts := strings.Split(strings.ReplaceAll(strings.TrimSpace(comment), "|", `\|`), "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.NewReplacer("*", `\*`, "<", `\<`).Replace(parts[i])
	}

	return strings.Join(parts, "`")
}

// cell formats a comment for a table cell.
func cell(comment string) string { return strings.Join(strings.Fields(prose(comment)), " ") }
