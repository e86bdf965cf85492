package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Checker collects the problems of one stack's settings.
type Checker struct {
	stack    string
	keys     Keys
	raw      map[string]any
	problems Problems
}

// Stack is the name of the stack.
func (c *Checker) Stack() string { return c.stack }

// Problems returns all problems, sorted by path.
func (c *Checker) Problems() Problems { return c.problems }

// Has reports whether anything is configured at a path, valid or not.
func (c *Checker) Has(path string) bool { return lookUp(c.raw, steps(path)) != nil }

// Text is the string that is configured at a path, valid or not, or "".
func (c *Checker) Text(path string) string {
	text, _ := lookUp(c.raw, steps(path)).(string)

	return text
}

// Report adds a problem. The fixes are commands to run one after another.
func (c *Checker) Report(path, expected string, fixes ...string) {
	c.problems = c.problems.With(Problem{
		Path: path, Got: c.got(path), Expected: expected, Fix: strings.Join(fixes, " && "),
	})
}

// Invalid reports a value that does not match the description of its key.
func (c *Checker) Invalid(path string) {
	key := c.keys.at(path)
	c.Report(path, key.Expected, c.SetOrRemove(path, key.Example))
}

// InvalidBecause is Invalid with a reason.
func (c *Checker) InvalidBecause(path string, reason error) {
	key := c.keys.at(path)
	c.Report(path, fmt.Sprintf("%s (%v)", key.Expected, reason), c.SetOrRemove(path, key.Example))
}

// Expected completes the sentence "expected …" for the value at a path.
func (c *Checker) Expected(path string) string { return c.keys.Expected(path) }

// Set is the command that sets the value at a path. The CLI keeps the quotes of a text, so one in place of a boolean or
// a number is removed first.
func (c *Checker) Set(path, value string) string {
	set := SetCommand(c.stack, path, value)
	if kindOf(value) != "" && c.Text(path) != "" && !isElement(path) {
		set = c.Remove(path) + " && " + set
	}

	return set
}

// SetString is the command that sets a string at a path, also one that looks like a boolean or a number.
func (c *Checker) SetString(path, value string) string {
	return setCommand(c.stack, "string", path, value)
}

// Remove is the command that removes the value at a path.
func (c *Checker) Remove(path string) string { return RemoveCommand(c.stack, path) }

// SetOrRemove sets the value at a path, or removes it where there is no example.
func (c *Checker) SetOrRemove(path, example string) string {
	if example == "" {
		return c.Remove(path)
	}

	return c.Set(path, example)
}

// Matches reports a string that does not match the form.
func (c *Checker) Matches(path, value string, form *regexp.Regexp) {
	if !form.MatchString(value) {
		c.Invalid(path)
	}
}

// MatchesIfSet is Matches for a string that may be empty.
func (c *Checker) MatchesIfSet(path, value string, form *regexp.Regexp) {
	if value != "" {
		c.Matches(path, value, form)
	}
}

// OneOf requires one of the values. The fix of a misspelled word sets the value that was probably meant.
func OneOf[T comparable](c *Checker, path string, value T, values []T) {
	if slices.Contains(values, value) {
		return
	}

	var known []string
	for _, value := range values {
		known = append(known, fmt.Sprint(value))
	}

	// Versions are as near to each other as to a mistake.
	given := fmt.Sprint(value)
	if meant := Nearest(given, known); meant != "" && !strings.ContainsAny(given, "0123456789") {
		c.Report(path, fmt.Sprintf("%s (did you mean %s?)", c.Expected(path), meant), c.Set(path, meant))
	} else {
		c.Invalid(path)
	}
}

// Unique requires each element of a list to be valid and to be in the list once.
func Unique[T comparable](c *Checker, list string, elements []T, valid func(T) bool) {
	for i, element := range elements {
		switch path := Element(list, i); {
		case !valid(element):
			c.Invalid(path)
		case slices.Contains(elements[:i], element):
			c.Report(path, NotInList, c.Remove(path))
		}
	}
}

// NotInList completes the sentence "expected …" for an element that a list has twice.
const NotInList = "a value that is not in the list yet"

// Range is the smallest and the largest value of a number.
type Range struct{ Min, Max int }

// String describes a number in the range.
func (r Range) String() string { return fmt.Sprintf("a whole number from %d to %d", r.Min, r.Max) }

// Contains reports whether a number is in the range.
func (r Range) Contains(number int) bool { return r.Min <= number && number <= r.Max }

// Within requires a number in a range.
func (c *Checker) Within(path string, number int, r Range) {
	if !r.Contains(number) {
		c.Invalid(path)
	}
}

// edit is the command for a change that no other command makes.
func (c *Checker) edit() string { return "${EDITOR:-vi} Pulumi." + c.stack + ".yaml" }
