package aws

import (
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeDatabaseParameterGroup = "aws:rds/parameterGroup:ParameterGroup"

func databaseParameterGroup() behaviour.Kind {
	return behaviour.Kind{
		Type: typeDatabaseParameterGroup, Title: "RDS DB Parameter Group", Service: "RDS",
		Verbs: behaviour.Verbs{
			Create: "CreateDBParameterGroup", Update: "ModifyDBParameterGroup", Delete: "DeleteDBParameterGroup",
		},
		ID:       namedGroup,
		AutoName: &behaviour.AutoName{Property: "name", Rival: "namePrefix", Limit: 255, Lower: true},
		Defaults: map[string]any{"description": "Managed by Pulumi", "skipDestroy": false},
		Computed: []behaviour.Output{
			behaviour.Format("name", "{id}"), behaviour.Constant("namePrefix", ""),
			behaviour.Format("arn", "arn:{partition}:rds:{region}:{account}:pg:{id}"), tagsAll(),
		},
		ForceNew: []string{"description", "family", "name", "namePrefix"},
		Sets:     []string{"parameters"},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken:      taken("DBParameterGroupAlreadyExists", "Parameter group %s already exists", "name"),
		}},
		Checks: []func(*behaviour.Call) error{checkParameterGroupName, checkFamily, checkParameters},
		Spare:  "skipDestroy",
		Missing: func(name string) error {
			return refuseWith(404, "DBParameterGroupNotFound", "DBParameterGroup not found: %s", name)
		},
		InUse: inUse("InvalidDBParameterGroupState",
			"One or more database instances are still members of this parameter group %s, so the group cannot be deleted"),
	}
}

// checkParameterGroupName wants what the provider wants.
func checkParameterGroupName(c *behaviour.Call) error {
	name := c.Text("name")
	if prefix := c.Text("namePrefix"); name == "" {
		name = prefix + "0" // the digits to come
	}

	if len(name) > 255 || !regexp.MustCompile(`^[a-z](-?[.0-9a-z])*$`).MatchString(name) {
		return fail(`only lowercase alphanumeric characters, periods and single hyphens allowed in parameter group "name", `+
			"behind a letter and not at the end: %q", name)
	}

	return nil
}

func parameterFamilies() []string {
	return []string{"mysql8.0", "mysql8.4"}
}

func checkFamily(c *behaviour.Call) error {
	if !slices.Contains(parameterFamilies(), c.Text("family")) {
		return refuse("InvalidParameterValue", "ParameterGroupFamily %s is not a valid parameter group family; simulated: %s",
			c.Text("family"), strings.Join(parameterFamilies(), ", "))
	}

	return nil
}

// checkParameters wants parameters that can be set, to values they can have.
func checkParameters(c *behaviour.Call) error {
	for _, set := range parametersOf(c.Resource) {
		if err := checkParameter(set.name, set.value, set.method); err != nil {
			return err
		}
	}

	return nil
}

func checkParameter(name, value, method string) error {
	known, exists := mysqlParameters()[name]

	switch {
	case !exists:
		return refuse("InvalidParameterValue", "Could not find parameter with name: %s", name)
	case known.fixed:
		return refuse("InvalidParameterValue", "The parameter %s cannot be modified.", name)
	case !known.allows(value):
		return refuse("InvalidParameterValue", "Invalid parameter value: %s for: %s allowed values are: %s", value, name,
			known.values)
	case !slices.Contains([]string{"", "immediate", "pending-reboot"}, method):
		return refuse("InvalidParameterValue", "Invalid ApplyMethod: %s; known: immediate, pending-reboot", method)
	case known.static && method != "pending-reboot":
		return refuse("InvalidParameterCombination", "cannot use immediate apply method for static parameter: %s", name)
	}

	return nil
}
