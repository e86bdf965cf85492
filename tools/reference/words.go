package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// words are plain names of the types that fields are of.
func words() map[string]string {
	return map[string]string{
		"any":                      "value",
		"bool":                     "yes or no",
		"int":                      "number",
		"string":                   "text",
		"netip.Prefix":             "CIDR",
		"kubernetes.Provider":      "Kubernetes provider",
		"pulumi.Map":               "value or output by name",
		"pulumi.Resource":          "resource",
		"pulumi.StringInput":       "text or output",
		"pulumi.StringArrayInput":  "text list or output",
		"pulumi.StringOutput":      "output of text",
		"pulumi.StringArrayOutput": "output of a text list",
	}
}

// word is the plain name of a type, or a link to what is said of it where it is one of ours.
func (c *component) word(pkg string, expr ast.Expr) (string, error) {
	switch composed := expr.(type) {
	case *ast.StarExpr:
		return c.word(pkg, composed.X)
	case *ast.ArrayType:
		element, err := c.word(pkg, composed.Elt)

		return element + " list", err
	case *ast.MapType:
		element, err := c.word(pkg, composed.Value)

		return element + " by name", err
	}

	if word, known := words()[types.ExprString(expr)]; known {
		return word, nil
	}

	if name, ours := c.name(pkg, expr); ours {
		return fmt.Sprintf("[%s](#%s)", name, strings.ToLower(strings.ReplaceAll(name, ".", ""))), nil
	}

	return "", fmt.Errorf("no word for the type %s: add one to tools/reference/words.go", types.ExprString(expr))
}

// name is that of a type, and whether it is one of ours, of which something is to be said then.
func (c *component) name(pkg string, expr ast.Expr) (string, bool) {
	name := strings.TrimPrefix(types.ExprString(expr), "*")
	if !strings.Contains(name, ".") {
		name = pkg + "." + name
	}

	_, ours := c.types[name]
	if ours && !slices.Contains(c.named, name) {
		c.named = append(c.named, name)
	}

	return name, ours
}

// names are those of what is told of together.
func names(identifiers []*ast.Ident) string {
	all := make([]string, 0, len(identifiers))
	for _, identifier := range identifiers {
		all = append(all, code(identifier.Name))
	}

	return strings.Join(all, ", ")
}

func code(text string) string { return "`" + text + "`" }

// prose is a comment, without what Markdown would take for its own.
func prose(comment string) string {
	return strings.NewReplacer("*", `\*`, "<", `\<`, "|", `\|`).Replace(strings.TrimSpace(comment))
}

// cell is a comment in one line.
func cell(comment string) string { return strings.Join(strings.Fields(prose(comment)), " ") }
