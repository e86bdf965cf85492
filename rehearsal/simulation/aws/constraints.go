package aws

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// constraint describes the values of a property that AWS accepts. All given conditions must be met.
type constraint struct {
	// Only lists the values that the simulation supports. AWS accepts more. An empty list means none.
	Only     []any       `yaml:"only"`
	OneOf    []any       `yaml:"oneOf"`
	Between  *[2]float64 `yaml:"between"`
	Form     string      `yaml:"form"` // a regular expression
	Required bool        `yaml:"required"`
	// Error is AWS's answer, or its code alone. {value} is the refused value.
	Error string `yaml:"error"`

	form *regexp.Regexp
}

// checks are the constraints of a declaration by the order of their paths, and its parameters.
func (d declaration) checks() ([]check, error) {
	var checks []check

	for _, path := range slices.Sorted(maps.Keys(d.Accepts)) {
		accepted := d.Accepts[path]

		form, err := regexp.Compile(accepted.Form)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}

		accepted.form = form

		checks = append(checks, func(c *call) error { return accepted.check(c, path) })
	}

	if d.Parameters != nil {
		checks = append(checks, func(c *call) error { return checkParameters(c, d.Parameters) })
	}

	return checks, nil
}

func (a *constraint) check(c *call, path string) error {
	given := property.At(c.Resource.Inputs, path)
	if a.Required && len(given) == 0 {
		return a.refuse(path, "nothing", "a value")
	}

	if err := a.checkSimulated(c, path, given); err != nil {
		return err
	}

	for _, value := range property.At(c.Resource.Outputs, path) {
		if expected := a.expects(value); value != "" && expected != "" {
			return a.refuse(path, value, expected)
		}
	}

	return nil
}

// checkSimulated refuses values that AWS accepts and the simulation does not know.
func (a *constraint) checkSimulated(c *call, path string, given []any) error {
	if a.Only == nil {
		return nil
	}

	for _, value := range given {
		switch {
		case len(a.Only) == 0: // without the value, which may be secret
			return fail("%s: %s is not simulated: remove it", c.Kind.Title, path)
		case !listed(a.Only, value):
			return fail("%s: %s %v is not simulated, expected %s", c.Kind.Title, path, value, list(a.Only))
		}
	}

	return nil
}

// expects describes what AWS accepts instead of the value, or is "" if AWS accepts the value.
func (a *constraint) expects(value any) string {
	number, isNumber := value.(float64)

	switch {
	case a.OneOf != nil && !listed(a.OneOf, value):
		return "one of " + list(a.OneOf)
	case a.Between != nil && isNumber && (number < a.Between[0] || number > a.Between[1]):
		return fmt.Sprintf("%v to %v", a.Between[0], a.Between[1])
	case a.Form != "" && !a.form.MatchString(fmt.Sprint(value)):
		return a.Form
	}

	return ""
}

func (a *constraint) refuse(path string, value any, expected string) error {
	text := a.Error
	if !strings.Contains(text, " ") {
		text = strings.TrimPrefix(text+": ", ": ") + path + ": got {value}, expected " + expected
	}

	return answer(text, constant(fmt.Sprint(value)))
}

func listed(known []any, value any) bool {
	return slices.ContainsFunc(known, func(one any) bool { return fmt.Sprint(one) == fmt.Sprint(value) })
}

func list(values []any) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(values), " ", ", "), "[]")
}
