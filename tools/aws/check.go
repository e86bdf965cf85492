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

// option is an option of a command, with the values behind it.
type option struct {
	name   string
	values []argument
}

// check returns what AWS would refuse of a command, or never answer.
func (known apis) check(c command) error {
	is, err := known.operationOf(c)
	if err != nil {
		return fmt.Errorf("%s: %w", c.at, err)
	}

	options, err := c.options()

	problems := []error{err}
	given := map[string]bool{}

	for _, o := range options {
		given[o.name] = true

		problems = append(problems, checkOption(c, is, o))
	}

	for _, name := range is.Required {
		if !given[name] && !c.mentioned {
			problems = append(problems, fmt.Errorf("expected --%s, which the operation requires", name))
		}
	}

	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("%s: aws %s: %w", c.at, c.name(), err)
	}

	return nil
}

// operationOf returns the operation that a command calls.
func (known apis) operationOf(c command) (operation, error) {
	if custom, is := customs()[c.name()]; is {
		return custom, nil
	}

	name := c.name()
	if waiter, waits := c.waiter(); waits {
		name = c.service + " " + known.Waiters[c.service+" "+waiter]
	}

	is, found := known.Operations[name]
	if !found {
		return operation{}, fmt.Errorf("aws %s is not in %s: run make generate, which looks for it in AWS's models",
			c.name(), target)
	}

	return is, nil
}

// options returns those of a command. An option takes the words up to the next one.
func (c command) options() ([]option, error) {
	arguments := c.arguments[min(positional()[c.name()], len(c.arguments)):]

	var all []option

	for _, word := range arguments {
		name, isOption := strings.CutPrefix(word.text, "--")

		switch {
		case isOption && !word.quoted:
			name, value, has := strings.Cut(name, "=")
			all = append(all, option{name: name})

			if has {
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

func checkOption(c command, of operation, o option) error {
	is, known := of.Options[o.name]
	if !known {
		is, known = globals()[o.name]
	}

	if !known {
		positive, negates := strings.CutPrefix(o.name, "no-")
		is, known = of.Options[positive]
		known = known && negates && is.Type == boolean
	}

	if !known {
		return fmt.Errorf("got --%s, expected one of --%s", o.name,
			strings.Join(slices.Sorted(maps.Keys(of.Options)), ", --"))
	}

	if o.name == "query" {
		return checkQuery(of, o.values)
	}

	if values := documented()[c.name()+" "+o.name]; values != nil {
		is.Enum = values
	}

	if err := is.checkValues(o.values); err != nil {
		return fmt.Errorf("--%s: %w", o.name, err)
	}

	return nil
}

// checkValues checks the words behind an option.
func (is shape) checkValues(values []argument) error {
	switch {
	case is.Type == boolean:
		if len(values) > 0 {
			return fmt.Errorf("got %q, expected no value", values[0].text)
		}

		return nil
	case len(values) == 0:
		return errors.New("expected a value")
	case is.Type != list && len(values) > 1:
		return fmt.Errorf("got %q too, expected one value", values[1].text)
	}

	var problems []error
	for _, value := range values {
		problems = append(problems, is.checkValue(value))
	}

	return errors.Join(problems...)
}

func (is shape) checkValue(value argument) error {
	switch {
	case len(is.Members) > 0:
		return is.checkShorthand(value)
	case value.expands:
		return nil
	case len(is.Enum) > 0 && !slices.Contains(is.Enum, value.text):
		return fmt.Errorf("got %q, expected one of %s", value.text, strings.Join(is.Enum, ", "))
	case is.Type == integer || is.Type == "long":
		if _, err := strconv.Atoi(value.text); err != nil {
			return fmt.Errorf("got %q, expected a whole number", value.text)
		}
	}

	return nil
}

// checkShorthand checks a structure in the CLI's form Name=name,Values=one,two.
func (is shape) checkShorthand(value argument) error {
	if regexp.MustCompile(`^[{[$]`).MatchString(value.text) {
		return nil // JSON, or a variable that has all of it
	}

	var (
		problems []error
		member   = shape{}
	)

	for part := range strings.SplitSeq(value.text, ",") {
		text := part

		if name, value, begins := strings.Cut(part, "="); begins {
			named, known := is.Members[name]
			if !known {
				problems = append(problems, fmt.Errorf("got the member %q, expected one of %s", name,
					strings.Join(slices.Sorted(maps.Keys(is.Members)), ", ")))
			}

			member, text = named, value
		}

		problems = append(problems, member.checkValue(argument{text: text, expands: strings.Contains(text, "$")}))
	}

	return errors.Join(problems...)
}

var (
	literals = regexp.MustCompile("'[^']*'|`[^`]*`")
	named    = regexp.MustCompile(`[A-Za-z_]\w*\(?`)
	called   = regexp.MustCompile(`([{,]\s*)[A-Za-z_]\w*\s*:`)
)

// checkQuery checks that the answer has what a query (https://jmespath.org) selects: for another name the CLI prints
// None, and no error.
func checkQuery(of operation, values []argument) error {
	if len(values) != 1 {
		return errors.New("--query: expected one value")
	}

	query := literals.ReplaceAllString(values[0].text, "")
	query = called.ReplaceAllString(query, "$1")

	for _, name := range named.FindAllString(query, -1) {
		if !strings.HasSuffix(name, "(") && !slices.Contains(strings.Fields(of.Output), name) {
			return fmt.Errorf("--query: the answer has no %q", name)
		}
	}

	return nil
}
