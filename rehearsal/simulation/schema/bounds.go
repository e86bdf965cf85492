package schema

import (
	"fmt"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Bounds are the least and the most of a number; either can be missing.
type Bounds [2]*float64

// String is the bounds in words.
func (b Bounds) String() string {
	switch {
	case b[1] == nil:
		return "at least " + decimal(*b[0])
	case b[0] == nil:
		return "at most " + decimal(*b[1])
	case *b[0] == *b[1]:
		return decimal(*b[0])
	}

	return decimal(*b[0]) + " to " + decimal(*b[1])
}

func (b Bounds) given() bool { return b[0] != nil || b[1] != nil }

func (b Bounds) contain(number float64) bool {
	return (b[0] == nil || number >= *b[0]) && (b[1] == nil || number <= *b[1])
}

func decimal(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }

// Patterns are regular expressions.
type Patterns []*regexp.Regexp

// UnmarshalYAML reads one expression or a list.
func (p *Patterns) UnmarshalYAML(node *yaml.Node) error {
	var texts []string
	if node.Kind == yaml.ScalarNode {
		texts = []string{node.Value}
	} else if err := node.Decode(&texts); err != nil {
		return fmt.Errorf("line %d: %w", node.Line, err)
	}

	for _, text := range texts {
		expression, err := regexp.Compile(text)
		if err != nil {
			return fmt.Errorf("line %d: %w", node.Line, err)
		}

		*p = append(*p, expression)
	}

	return nil
}
