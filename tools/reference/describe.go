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

// table has a heading, a text, and rows below a head.
type table struct {
	Title, Text string
	Head        []string
	Rows        [][]string
}

// Purpose goes on from the component's name: what it is.
func (c *component) Purpose() string { return strings.TrimPrefix(c.Doc, "Package "+c.Name+" ") }

// describe makes the tables: what the component takes and gives, the types of that, and what it can do.
func (c *component) describe() error {
	itself := slices.IndexFunc(c.Types, isComponent)
	if itself < 0 || c.types[c.Name+".Args"] == nil {
		return errors.New("got a package without Args or without a component, want both")
	}

	c.named = []string{c.Name + ".Args", c.Name + "." + c.Types[itself].Name}
	functions := c.functions(c.Types[itself])

	for len(c.Tables) < len(c.named) { // each table may name more
		described, err := c.table(c.named[len(c.Tables)])
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
		c.Tables = append(c.Tables, table{Title: "Constants", Head: []string{"Name", "Value", "What it is"}, Rows: rows})
	}

	return nil
}

// functions describes what the component and its package can do, and names the types that this takes and gives.
func (c *component) functions(itself *doc.Type) table {
	t := table{Title: "Functions", Head: []string{"Function", "What it does"}}

	for _, function := range slices.Concat(itself.Funcs, itself.Methods, c.Funcs) {
		var parameters []string

		name := function.Name
		if function.Recv != "" {
			name = itself.Name + "." + name
		}

		ast.Inspect(function.Decl.Type, func(node ast.Node) bool {
			if field, is := node.(*ast.Field); is {
				c.name(c.Name, field.Type)

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

// table describes a type: a struct by its fields, a text by what it can be.
func (c *component) table(name string) (table, error) {
	described, pkg := c.types[name], strings.Split(name, ".")[0]
	t := table{Title: code(name), Text: described.Doc, Head: []string{"Name", "Type", "What it is"}}

	for _, field := range fields(described) {
		if field.Names == nil {
			continue
		}

		word, err := c.word(pkg, field.Type)
		if err != nil {
			return table{}, fmt.Errorf("%s: %w", name, err)
		}

		t.Rows = append(t.Rows, []string{names(field.Names), word, cell(field.Doc.Text())})
	}

	if fields(described) == nil {
		t.Head[1], t.Rows = "Value", constants(described.Consts)
	}

	return t, nil
}

// constants are rows of them, each with its value.
func constants(groups []*doc.Value) [][]string {
	var rows [][]string

	for _, group := range groups {
		for _, spec := range group.Decl.Specs {
			constant, _ := spec.(*ast.ValueSpec)
			value, about := types.ExprString(constant.Values[0]), cmp.Or(constant.Doc.Text(), group.Doc)
			rows = append(rows, []string{names(constant.Names), code(value), cell(about)})
		}
	}

	return rows
}
