package aws

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// checkParameters requires values that RDS accepts, and none for what RDS sets. The program warns of a parameter that
// the facts do not know.
func checkParameters(c *call) error {
	known := facts.DatabaseParameters()

	for i, element := range property.At(c.Resource.Outputs, "parameters") {
		given, _ := element.(map[string]any)

		if err := acceptParameter(given, known); err != nil {
			return &behaviour.LocatedError{Path: fmt.Sprintf("parameters[%d].value", i), Err: err}
		}
	}

	return nil
}

func acceptParameter(given map[string]any, known map[string]facts.Parameter) error {
	name, value := fmt.Sprint(given["name"]), fmt.Sprint(given["value"])

	switch described := known[strings.ToLower(name)]; {
	case described.Fixed:
		return refuse("InvalidParameterValue", "The parameter %s cannot be modified.", name)
	case !allows(described.Values, value):
		return refuse("InvalidParameterValue", "Invalid parameter value: %s for: %s allowed values are: %s", value, name,
			described.Values)
	case described.Static && given["applyMethod"] != "pending-reboot":
		return refuse("InvalidParameterCombination", "cannot use immediate apply method for static parameter: %s", name)
	}

	return nil
}

// allows reports whether a value is a number of the range, a formula over the instance's memory in its place, or one of
// the list.
func allows(values, value string) bool {
	from, to, _ := strings.Cut(values, "-")
	least, first := strconv.ParseFloat(from, 64)
	most, second := strconv.ParseFloat(to, 64)

	if first == nil && second == nil {
		number, err := strconv.ParseFloat(value, 64)

		return strings.Contains(value, "{") || err == nil && number >= least && number <= most
	}

	known := strings.Split(values, ",")

	return values == "" || !slices.ContainsFunc(strings.Split(value, ","), func(part string) bool {
		return !slices.Contains(known, part)
	})
}
