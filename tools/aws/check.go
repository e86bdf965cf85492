package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// option is an option of a command, with its values.
type option struct {
	name   string
	values []argument
}

// check returns the parts of a command that AWS would refuse, or whose answer AWS does not have.
func (a apis) check(c command) error {
	operation, err := a.operation(c)
	if err != nil {
		return fmt.Errorf("%s: %w", c.at, err)
	}

	options, err := c.options()

	problems := []error{err}
	given := map[string]bool{}

	for _, o := range options {
		given[o.name] = true

		problems = append(problems, operation.check(c.name(), o))
	}

	for _, name := range operation.Required {
		if !given[name] && !c.mentioned {
			problems = append(problems, fmt.Errorf("expected --%s, which the operation requires", name))
		}
	}

	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("%s: aws %s: %w", c.at, c.name(), err)
	}

	return nil
}

// operation returns the operation that a command calls.
func (a apis) operation(c command) (operation, error) {
	if custom, found := customs()[c.name()]; found {
		return custom, nil
	}

	name := c.name()
	if waiter, waits := c.waiter(); waits {
		name = c.service + " " + a.Waiters[c.service+" "+waiter]
	}

	found, ok := a.Operations[name]
	if !ok {
		return operation{}, fmt.Errorf("aws %s is not in %s: run make generate, which looks for it in AWS's models",
			c.name(), target)
	}

	return found, nil
}

// options returns the options of a command. The words up to the next option are an option's values.
func (c command) options() ([]option, error) {
	arguments := c.arguments[min(positional()[c.name()], len(c.arguments)):]

	var all []option

	for _, word := range arguments {
		name, isOption := strings.CutPrefix(word.text, "--")

		switch {
		case isOption && !word.quoted:
			name, value, hasValue := strings.Cut(name, "=")
			all = append(all, option{name: name})

			if hasValue {
				all[len(all)-1].values = []argument{{text: value, expands: word.expands}}
			}
		case len(all) == 0:
			return nil, fmt.Errorf("got %q, expected an option", word.text)
		default:
			last := &all[len(all)-1]
			last.values = append(last.values, word)
		}
	}

	return all, nil
}

// check checks an option of a command.
func (op operation) check(command string, o option) error {
	s, known := op.Options[o.name]
	if !known {
		s, known = globals()[o.name]
	}

	if positive, negates := strings.CutPrefix(o.name, "no-"); !known && negates {
		s = op.Options[positive]
		known = s.Type == boolean
	}

	if !known {
		return fmt.Errorf("got --%s, expected one of --%s", o.name,
			strings.Join(slices.Sorted(maps.Keys(op.Options)), ", --"))
	}

	if values := documented()[command+" "+o.name]; values != nil {
		s.Enum = values
	}

	err := s.checkAll(o.values)
	if err == nil && o.name == "query" {
		err = op.checkQuery(o.values[0].text)
	}

	if err != nil {
		return fmt.Errorf("--%s: %w", o.name, err)
	}

	return nil
}

// checkAll checks the values of an option.
func (s shape) checkAll(values []argument) error {
	switch {
	case s.Type == boolean && len(values) > 0:
		return fmt.Errorf("got %q, expected no value", values[0].text)
	case s.Type != boolean && len(values) == 0:
		return errors.New("expected a value")
	case s.Type != list && len(values) > 1:
		return fmt.Errorf("got %q too, expected one value", values[1].text)
	}

	var problems []error
	for _, value := range values {
		problems = append(problems, s.check(value))
	}

	return errors.Join(problems...)
}

func (s shape) check(value argument) error {
	switch {
	case len(s.Members) > 0:
		return s.checkShorthand(value.text)
	case value.expands:
		return nil
	case len(s.Enum) > 0 && !slices.Contains(s.Enum, value.text):
		return fmt.Errorf("got %q, expected one of %s", value.text, strings.Join(s.Enum, ", "))
	case s.Type == integer || s.Type == "long":
		if _, err := strconv.Atoi(value.text); err != nil {
			return fmt.Errorf("got %q, expected a whole number", value.text)
		}
	}

	return nil
}

// checkShorthand checks a structure in the CLI's form Name=name,Values=one,two.
func (s shape) checkShorthand(value string) error {
	if strings.ContainsAny(value[:min(1, len(value))], "{[$") {
		return nil // JSON, or a variable that has all of it
	}

	var (
		problems []error
		member   shape
	)

	for part := range strings.SplitSeq(value, ",") {
		text := part

		if name, value, begins := strings.Cut(part, "="); begins {
			found, known := s.Members[name]
			if !known {
				problems = append(problems, fmt.Errorf("got the member %q, expected one of %s", name,
					strings.Join(slices.Sorted(maps.Keys(s.Members)), ", ")))
			}

			member, text = found, value
		}

		problems = append(problems, member.check(argument{text: text, expands: strings.Contains(text, "$")}))
	}

	return errors.Join(problems...)
}

var (
	// unchecked matches the literals of a query, and the names that it gives to the members of its result.
	unchecked = regexp.MustCompile("'[^']*'|`[^`]*`|[A-Za-z_]\\w*\\s*:")
	// selected matches a name, or a function with its parenthesis.
	selected = regexp.MustCompile(`[A-Za-z_]\w*\(?`)
)

// checkQuery checks that the answer has the names that a query (https://jmespath.org) selects. For another name, the
// CLI prints None and reports no error.
func (op operation) checkQuery(query string) error {
	for _, name := range selected.FindAllString(unchecked.ReplaceAllString(query, ""), -1) {
		if !strings.HasSuffix(name, "(") && !slices.Contains(strings.Fields(op.Output), name) {
			return fmt.Errorf("the answer has no %q", name)
		}
	}

	return nil
}
