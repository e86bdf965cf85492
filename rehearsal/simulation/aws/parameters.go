package aws

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// parameter is one of a database's parameter group.
type parameter struct {
	Values string `yaml:"values"` // as RDS lists them: "0,1" or "1-100000"; "" is any string
	Static bool   `yaml:"static"` // it takes effect when the server restarts
	Fixed  bool   `yaml:"fixed"`  // RDS sets it
}

// checkParameters requires parameters that exist, and values that RDS accepts.
func checkParameters(known map[string]parameter) behaviour.Local {
	return behaviour.Local{Reads: []string{"parameters"}, Check: func(c *call) error {
		return acceptParameters(c, known)
	}}
}

func acceptParameters(c *call, known map[string]parameter) error {
	for i, element := range property.At(c.Resource.Outputs, "parameters") {
		given, _ := element.(map[string]any)

		if err := acceptParameter(given, known); err != nil {
			return &behaviour.LocatedError{Path: fmt.Sprintf("parameters[%d].value", i), Err: err}
		}
	}

	return nil
}

func acceptParameter(given map[string]any, known map[string]parameter) error {
	name, value := fmt.Sprint(given["name"]), fmt.Sprint(given["value"])

	switch described, exists := known[name]; {
	case !exists:
		return refuse("InvalidParameterValue", "Could not find parameter with name: %s", name)
	case described.Fixed:
		return refuse("InvalidParameterValue", "The parameter %s cannot be modified.", name)
	case !described.allows(value):
		return refuse("InvalidParameterValue", "Invalid parameter value: %s for: %s allowed values are: %s", value, name,
			described.Values)
	case described.Static && given["applyMethod"] != "pending-reboot":
		return refuse("InvalidParameterCombination", "cannot use immediate apply method for static parameter: %s", name)
	}

	return nil
}

// allows reports whether a value is a number of the range, a formula over the instance's memory in its place, or one of
// the list.
func (p parameter) allows(value string) bool {
	from, to, _ := strings.Cut(p.Values, "-")
	least, first := strconv.ParseFloat(from, 64)
	most, second := strconv.ParseFloat(to, 64)

	if first == nil && second == nil {
		number, err := strconv.ParseFloat(value, 64)

		return strings.Contains(value, "{") || err == nil && number >= least && number <= most
	}

	known := strings.Split(p.Values, ",")

	return p.Values == "" || !slices.ContainsFunc(strings.Split(value, ","), func(part string) bool {
		return !slices.Contains(known, part)
	})
}
