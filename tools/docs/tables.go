package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/doc"
	"go/types"
	"slices"
	"strings"
)

// table is a heading, a paragraph and a table with a head.
type table struct {
	Title, Text string
	Head        []string
	Rows        [][]string
}

// Purpose returns the package documentation without "Package <name>".
func (c *component) Purpose() string { return strings.TrimPrefix(c.Doc, "Package "+c.Name+" ") }

// describe fills the component's tables: its inputs and outputs, the types that they mention, its functions and its
// constants.
func (c *component) describe() error {
	resource := slices.IndexFunc(c.Types, isComponent)
	if resource < 0 || c.types[c.Name+".Args"] == nil {
		return errors.New("the package has no type Args, or no type that embeds pulumi.ResourceState; expected both")
	}

	c.mentioned = []string{c.Name + ".Args", c.Name + "." + c.Types[resource].Name}
	functions := c.functions(c.Types[resource])

	for len(c.Tables) < len(c.mentioned) { // a table may mention more types
		described, err := c.typeTable(c.mentioned[len(c.Tables)])
		if err != nil {
			return err
		}

		c.Tables = append(c.Tables, described)
	}

	inputs := &c.Tables[0]
	inputs.Title, inputs.Text = "Inputs: "+inputs.Title, strings.TrimPrefix(inputs.Text, c.Synopsis(inputs.Text))
	c.Tables[1].Title = "Outputs: " + c.Tables[1].Title
	c.Tables = append(c.Tables, functions)

	if rows := constants(c.Consts); rows != nil {
		c.Tables = append(c.Tables, table{Title: "Constants", Head: []string{"Name", "Value", "Description"}, Rows: rows})
	}

	return nil
}

// functions describes the functions and methods of a component, and notes the types that they mention.
func (c *component) functions(resource *doc.Type) table {
	t := table{Title: "Functions", Head: []string{"Function", "Description"}}

	for _, function := range slices.Concat(resource.Funcs, resource.Methods, c.Funcs) {
		var parameters []string

		name := function.Name
		if function.Recv != "" {
			name = resource.Name + "." + name
		}

		ast.Inspect(function.Decl.Type, func(node ast.Node) bool {
			if field, ok := node.(*ast.Field); ok {
				c.mention(c.Name, field.Type)

				for _, parameter := range field.Names { // results have no names
					parameters = append(parameters, parameter.Name)
				}
			}

			return true
		})

		call := name + "(" + strings.Join(parameters, ", ") + ")"
		t.Rows = append(t.Rows, []string{code(call), cell(function.Doc)})
	}

	return t
}

// typeTable describes a struct by its fields, and another type by its constants.
func (c *component) typeTable(name string) (table, error) {
	described, pkg := c.types[name], strings.Split(name, ".")[0]
	t := table{Title: code(name), Text: described.Doc, Head: []string{"Name", "Type", "Description"}}

	for _, field := range fields(described) {
		if field.Names == nil {
			continue
		}

		word, err := c.typeName(pkg, field.Type)
		if err != nil {
			return table{}, fmt.Errorf("%s: %w", name, err)
		}

		t.Rows = append(t.Rows, []string{identifiers(field.Names), word, cell(field.Doc.Text())})
	}

	if fields(described) == nil {
		t.Head[1], t.Rows = "Value", constants(described.Consts)
	}

	return t, nil
}

// constants returns a row for each constant.
func constants(groups []*doc.Value) [][]string {
	var rows [][]string

	for _, group := range groups {
		for _, spec := range group.Decl.Specs {
			constant, _ := spec.(*ast.ValueSpec)
			value, about := types.ExprString(constant.Values[0]), cmp.Or(constant.Doc.Text(), group.Doc)
			rows = append(rows, []string{identifiers(constant.Names), code(value), cell(about)})
		}
	}

	return rows
}
